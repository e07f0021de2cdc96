"""Decides which models may be asked: those of providers that the environment opens, or an administrator's list."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property

from semblance_core.domain.errors import InvalidInput
from semblance_core.llm.catalogue.fresh import Fresh
from semblance_core.llm.catalogue.listing import SIMULATED, Catalogue
from semblance_core.llm.catalogue.provider_book import ProviderBook
from semblance_core.llm.catalogue.providers import PROVIDERS
from semblance_core.settings import Settings
from semblance_core.store.usage.model_rules import ModelRules, SaidModels

FRESH_S = 5.0
MOST_PATTERNS = 100
UNREADABLE = (
    "The key of {} was encrypted with another secret than this server has. An administrator types it again on the page Models; on "
    "several machines, set SEMBLANCE_SECRET_KEY to one value for all of them."
)
_PATTERN = re.compile(r"[A-Za-z0-9@*?][A-Za-z0-9@*?._:/+-]{0,199}")


class Source(StrEnum):
    """Origin of the list of allowed models. providers: no list, so models of all open providers are allowed."""

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

    book: how providers can be asked. named: models that the settings name, for which the operator answers.
    """

    catalogue: Catalogue
    rules: ModelRules | None
    book: ProviderBook
    named: tuple[str, ...]
    set_patterns: tuple[str, ...]
    now_s: Callable[[], float] = time.monotonic

    def rule(self) -> AllowedRule:
        """Returns the rule in force; another process's change counts here after five seconds at the latest."""
        if self.set_patterns:
            return AllowedRule(self.set_patterns, Source.ENVIRONMENT)
        said = self._said.get()
        if said.patterns:
            return AllowedRule(said.patterns, Source.ADMINISTRATOR, said.version)
        opened = tuple(f"{name}/*" for name in self.book.opened())
        return AllowedRule(opened, Source.PROVIDERS, said.version)

    @cached_property
    def _said(self) -> Fresh[SaidModels]:
        return Fresh(self.rules.allowed if self.rules else SaidModels, FRESH_S, self.now_s)

    def forget(self) -> None:
        """Reads the rule again after it was changed here."""
        self._said.forget()

    def refusal(self, model: str, rule: AllowedRule | None = None) -> str:
        """Returns why this model is not asked, in words; empty where it may be. rule: the one in force, where it is at hand."""
        provider, name = self.catalogue.parts_of(model)
        if model in self.named:
            return ""
        if not self.catalogue.knows(model):
            return names_no_model(model)
        if provider == SIMULATED:
            return ""
        if self.book.unreadable(provider):
            return UNREADABLE.format(provider)
        known = PROVIDERS[provider]
        if known.own and (known.like or provider) not in self.book.addresses():
            return (
                f"“{model}” would run on a machine of your own, and none is set up for {provider}: an administrator types its "
                f"address on the page Models, or whoever runs this server sets {known.bases[-1]}."
            )
        rule = rule or self.rule()
        if any(fnmatchcase(each, pattern) for each in (model, f"{provider}/{name}") for pattern in rule.patterns):
            return ""
        refused = f"“{model}” is not among the models that may be used here: {allowed_words(rule, self.named)}."
        if rule.source is Source.PROVIDERS:
            return f"{refused} No key is set for {provider}: an administrator can type one on the page Models."
        return refused


def names_no_model(name: str) -> str:
    """Returns the message for a text that can be no model's name."""
    return (
        f"“{name[:80]}” names no model: write provider/model as litellm does, for example gemini/gemini-2.5-flash, "
        "openai/gpt-4o-mini or simulator/v1, the provider in small letters."
    )


def allowed_models(
    settings: Settings, book: ProviderBook, catalogue: Catalogue, rules: ModelRules | None
) -> AllowedModels:
    """Returns the models that these settings and these providers allow."""
    set_here = (settings.model_name, settings.analysis_model, settings.picture_model, *settings.fallback_models)
    named = tuple(dict.fromkeys(filter(None, set_here)))
    return AllowedModels(catalogue, rules, book, named, checked_patterns(settings.allowed_patterns))


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
