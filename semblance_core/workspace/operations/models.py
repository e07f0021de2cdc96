"""Operations on models: which may be asked and by default are, and how their providers are reached; most by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import Spent, is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.domain.usage.price import ModelPrice
from semblance_core.llm.catalogue.allowed import AllowedRule, Source, checked_patterns
from semblance_core.llm.catalogue.choices import ModelChoice, choices
from semblance_core.llm.catalogue.default_models import VARIABLES, Purpose
from semblance_core.llm.catalogue.provider_book import ProviderState
from semblance_core.llm.gateway import Caller
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.store.usage.model_rules import SaidDefaults, SaidModels
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.subjects import platform, signed_in


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """A name of a model, checked without a call. refusal: why it cannot be asked, in words; empty where it can.

    warning: what to know of it before. price: None where nobody knows it, and for the simulator.
    """

    model: str
    refusal: str = ""
    warning: str = ""
    price: ModelPrice | None = None
    is_free: bool = False
    sees: bool = False


@dataclass(frozen=True, slots=True)
class Defaults:
    """The models that are asked where nobody chooses one. analysis, pictures: empty where none is named.

    set_by: the variables of the environment that name one. said: what an administrator named, to edit it.
    """

    talk: str
    analysis: str
    pictures: str
    set_by: Mapping[Purpose, str]
    said: SaidDefaults


@dataclass(frozen=True, slots=True)
class TestedModel:
    """The outcome of one call. said: the answer; empty where it failed. why: it failed, in words.

    cost_usd: None where it is not known. provider_said: of a failure, without keys.
    """

    __test__ = False  # no class of tests

    model: str
    said: str
    why: str
    provider_said: str
    took: timedelta
    tokens: int
    cost_usd: Decimal | None


class Models(Operations):
    @reads(platform)
    def allowed(self) -> AllowedRule:
        """The models that may be asked, and the source of that rule."""
        return self._context.allowed.rule()

    @changes(platform, "Said which models are allowed", action="set_allowed_models", logs=("patterns",))
    def allow(self, patterns: Sequence[str] = (), base: SaidModels | int | None = None) -> AllowedRule:
        """Says which models may be asked, as in `openai/*`; none gives it back to the keys that are set.

        Raises `InvalidInput` where the settings say it. base: what was read, or its version: raises `EditConflict` where somebody
        said something else since then.
        """
        if self._context.allowed.rule().source is Source.ENVIRONMENT:
            raise InvalidInput("SEMBLANCE_ALLOWED_MODELS sets which models are allowed; change it there.")
        rules, called = self._store.model_rules, {"patterns": "the models that are allowed"}
        wanted = {"patterns": checked_patterns(patterns)}
        self._edited(rules.allowed(), rules.allowed, rules.replace, wanted, base, called)
        self._context.allowed.forget()
        return self._context.allowed.rule()

    @reads(platform)
    def providers(self) -> list[ProviderState]:
        """Returns, by name, how each provider can be asked. No key is among it."""
        # An administrator sees what another server stored just now.
        self._context.allowed.book.forget()
        self._context.defaults.forget()
        return self._context.allowed.book.states()

    @changes(platform, "Set a provider's key or address", action="set_provider", logs=("address",), about="provider")
    def set_provider(self, provider: str, key: str = "", address: str = "") -> None:
        """Stores a provider's key and address, encrypted, for all calls from now on.

        An empty key keeps the one that is stored, unless the address changes: then it has to be typed again. An empty address is
        the provider's own. Raises `InvalidInput` where the environment opens the provider, or key or address cannot be used.
        """
        self._context.allowed.book.put(provider, key, address, self._clock())

    @changes(platform, "Removed a provider's key and address", action="remove_provider", about="provider")
    def remove_provider(self, provider: str) -> None:
        """Removes a provider's stored key and address; raises `InvalidInput` where there are none."""
        self._context.allowed.book.remove(provider)

    @reads(signed_in, sums=True)
    def defaults(self) -> Defaults:
        """The models that are asked where nobody chooses one."""
        defaults = self._context.defaults
        named, said = defaults.set, defaults.said()
        return Defaults(
            defaults.talk,
            named.get(Purpose.ANALYSIS, said.analysis),
            defaults.pictures,
            {purpose: VARIABLES[purpose] for purpose in named},
            said,
        )

    @changes(platform, "Set default models", action="set_default_models", logs=("talk", "analysis", "pictures"))
    def set_defaults(
        self, talk: str = "", analysis: str = "", pictures: str = "", base: SaidDefaults | int | None = None
    ) -> None:
        """Says which models are asked where nobody chooses one; an empty name leaves it to the keys that are set.

        Raises `InvalidInput` for a model that cannot be asked, for one that sees no pictures and is to describe them, and for a
        change of what the environment sets. base: what was read, or its version; see `allow`.
        """
        rules, defaults = self._store.model_rules, self._context.defaults
        now = rules.defaults()
        wanted = {"talk": talk.strip(), "analysis": analysis.strip(), "pictures": pictures.strip()}
        for purpose in Purpose:
            model = wanted[purpose]
            if model == getattr(now, purpose):
                continue
            if purpose in defaults.set:
                raise InvalidInput(f"{VARIABLES[purpose]} sets this model; change it there.")
            if model and (why := self._gateway.refusal(model)):
                raise InvalidInput(why)
            if purpose is Purpose.PICTURES and model and not self._gateway.catalogue.sees(model):
                raise InvalidInput(f"“{model}” is not known to see pictures. Choose a model that does.")
        called = {
            "talk": "the model of new sessions",
            "analysis": "the model of analyses",
            "pictures": "the model that describes pictures",
        }
        self._edited(now, rules.defaults, rules.replace_defaults, wanted, base, called)
        defaults.forget()

    @reads(signed_in, sums=True)
    def choices(self) -> list[ModelChoice]:
        """The listed models that may be asked, by name, with prices and abilities; the simulator last."""
        return choices(self._gateway.catalogue, self._context.allowed)

    @reads(signed_in, sums=True)
    def check(self, model: str) -> CheckedModel:
        """Checks a model's name without a call; an empty one stands for the default."""
        name = model.strip() or self._context.defaults.talk
        if why := self._gateway.refusal(name):
            return CheckedModel(name, refusal=why)
        catalogue = self._gateway.catalogue
        price = self._gateway.prices.price_of(name, self._clock())
        warning = "" if price else "This model is not in the price list; its cost will be unknown."
        return CheckedModel(name, "", warning, price, catalogue.is_free(name), catalogue.sees(name))

    @changes(platform, "Tested a model", action="test_model", about="model")
    def test(self, model: str) -> TestedModel:
        """Makes one smallest call on the actor's account, and says what came back. It counts like any other call.

        Raises:
            InvalidInput: the model cannot be asked.
            QuotaExceeded, PriceUnknown: the actor's quota has no room for it.
        """
        name = model.strip()
        if why := self._gateway.refusal(name):
            raise InvalidInput(why)
        if is_simulated(name):
            raise InvalidInput("The simulator needs no test: it is a part of Semblance.")
        self._check_quota(self._actor.id, name)
        asked = CompletionRequest("test", (PromptMessage("user", "Answer with one word: ready"),), max_tokens=16)
        once = replace(self._gateway, attempts=1, fallbacks=())
        began = self._clock()
        try:
            once.model.ready(name)  # what is loaded first is no part of the call
            began = self._clock()
            answer = once.text(asked, name, Caller(self._actor.id))
            text, why, provider_said, spent = answer.content, "", "", answer.spent
        except ModelFailed as failed:
            text, why, provider_said, spent = "", str(failed), failed.provider_said, failed.spent or Spent()
        took = self._clock() - began
        tokens, cost = spent.tokens.total, spent.cost_usd
        return TestedModel(name, text, why, provider_said, took, tokens, cost)
