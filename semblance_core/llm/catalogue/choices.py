"""Lists the models that one can choose from: those that a list names and that may be asked."""

from dataclasses import dataclass

from semblance_core.domain.usage.model_traits import ModelTraits
from semblance_core.domain.usage.price import ModelPrice
from semblance_core.llm.catalogue.allowed import AllowedModels
from semblance_core.llm.catalogue.listing import SIMULATED, Catalogue
from semblance_core.llm.catalogue.providers import PROVIDERS
from semblance_core.settings import SIMULATOR


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """price: the listed one; None where no list has one."""

    model: str
    price: ModelPrice | None
    traits: ModelTraits


def choices(catalogue: Catalogue, allowed: AllowedModels) -> list[ModelChoice]:
    """Returns the listed models that may be asked, by name, and the simulator after them.

    The lists are read only where a provider is open: reading them takes half a second.
    """
    simulator = ModelChoice(SIMULATOR, None, catalogue.traits(SIMULATOR))
    opened = {PROVIDERS[name].like or name for name in allowed.book.opened() if name != SIMULATED}
    if not opened and not allowed.set_patterns:
        return [simulator]
    names = {price.model: price.price for price in catalogue.price_list if catalogue.parts_of(price.model)[0] in opened}
    rule = allowed.rule()
    found = [
        ModelChoice(model, price, catalogue.traits(model))
        for model, price in sorted(names.items())
        if not allowed.refusal(model, rule)
    ]
    return [*found, simulator]
