"""Which models may be asked here: those of providers that the environment opens, or what an administrator says instead."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from semblance_core.domain.errors import InvalidInput
from semblance_core.llm.catalogue import SIMULATED, Catalogue
from semblance_core.llm.providers import PROVIDERS, open_providers, own_addresses
from semblance_core.settings import Settings
from semblance_core.store.model_rules import ModelRules, SaidModels

FRESH_S = 5.0
MOST_PATTERNS = 100
_PATTERN = re.compile(r"[A-Za-z0-9@*?][A-Za-z0-9@*?._:/+-]{0,199}")


class Source(StrEnum):
    """Who says which models are allowed. providers: nobody, so those of all open providers are."""

    ENVIRONMENT = "environment"
    ADMINISTRATOR = "administrator"
    PROVIDERS = "providers"


@dataclass(frozen=True, slots=True)
class AllowedRule:
    """patterns: as in `openai/*`; besides what they fit, the simulator and what the settings name are allowed.

    version: of what administrators say, also where they say nothing.
    """

    patterns: tuple[str, ...]
    source: Source
    version: int = 0


@dataclass(frozen=True)
class AllowedModels:
    """rules: what an administrator stored; None where there is no database, as in a check of the installation.

    opened: providers that the environment opens. addresses: those of machines of one's own. named: models that the settings
    name, which whoever runs the installation answers for.
    """

    catalogue: Catalogue
    rules: ModelRules | None
    opened: tuple[str, ...]
    addresses: Mapping[str, str]
    named: tuple[str, ...]
    set_patterns: tuple[str, ...]
    now_s: Callable[[], float] = time.monotonic
    _read: dict[str, tuple[float, AllowedRule]] = field(default_factory=dict)

    def rule(self) -> AllowedRule:
        """What holds now; a change by another process counts here after five seconds at the latest."""
        if self.set_patterns:
            return AllowedRule(self.set_patterns, Source.ENVIRONMENT)
        known = self._read.get("rule")
        if known and self.now_s() - known[0] < FRESH_S:
            return known[1]
        said = self.rules.allowed() if self.rules else SaidModels()
        opened = tuple(f"{name}/*" for name in self.opened)
        rule = (
            AllowedRule(said.patterns, Source.ADMINISTRATOR, said.version)
            if said.patterns
            else AllowedRule(opened, Source.PROVIDERS, said.version)
        )
        self._read["rule"] = self.now_s(), rule
        return rule

    def forget(self) -> None:
        """Reads the rule anew, after it was changed here."""
        self._read.clear()

    def refusal(self, model: str) -> str:
        """Why this model is not asked, in words; empty where it may be."""
        provider, name = self.catalogue.parts_of(model)
        if model in self.named:
            return ""
        if not self.catalogue.knows(model):
            return names_no_model(model)
        if provider == SIMULATED:
            return ""
        known = PROVIDERS[provider]
        if known.own and (known.like or provider) not in self.addresses:
            return (
                f"“{model}” would run on a machine of your own, and none is set up for {provider}: whoever runs this server "
                f"sets {known.bases[-1]}."
            )
        rule = self.rule()
        if any(fnmatchcase(each, pattern) for each in (model, f"{provider}/{name}") for pattern in rule.patterns):
            return ""
        return f"“{model}” is not among the models that may be used here: {allowed_words(rule, self.named)}."


def names_no_model(name: str) -> str:
    """What is said of a text that can be no model's name."""
    return (
        f"“{name[:80]}” names no model: write provider/model as litellm does, for example gemini/gemini-2.5-flash, "
        "openai/gpt-4o-mini or simulator/v1, the provider in small letters."
    )


def allowed_models(
    settings: Settings, environment: Mapping[str, str], catalogue: Catalogue, rules: ModelRules | None
) -> AllowedModels:
    """What these settings and this environment allow."""
    named = tuple(filter(None, (settings.model_name, *settings.fallback_models)))
    return AllowedModels(
        catalogue,
        rules,
        open_providers(settings, environment),
        own_addresses(environment),
        named,
        checked_patterns(settings.allowed_patterns),
    )


def checked_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """These patterns, each once; raises `InvalidInput` for what can be no pattern of a model's name.

    >>> checked_patterns(["openai/*", " gemini/gemini-2.5-flash ", "openai/*"])
    ('openai/*', 'gemini/gemini-2.5-flash')
    """
    wanted = tuple(dict.fromkeys(filter(None, (pattern.strip() for pattern in patterns))))
    for pattern in wanted:
        if not _PATTERN.fullmatch(pattern) or ".." in pattern or "//" in pattern:
            raise InvalidInput(
                f"“{pattern[:80]}” is no pattern of a model's name: write openai/* or gemini/gemini-2.5-flash."
            )
    if len(wanted) > MOST_PATTERNS:
        raise InvalidInput(f"At most {MOST_PATTERNS} patterns are kept.")
    return wanted


def allowed_words(rule: AllowedRule, named: Sequence[str] = ()) -> str:
    """The rule, as a person reads it."""
    simulator = f"{SIMULATED}/*"
    others = [pattern for pattern in dict.fromkeys((*named, *rule.patterns)) if pattern != simulator]
    return ", ".join((*others, simulator))
