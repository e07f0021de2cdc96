"""Finds the traits of a model: the list's, overridden by what its own answers have shown. The one table that shapes requests."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from semblance_core.domain.usage.events import is_simulated
from semblance_core.domain.usage.model_traits import ModelTraits
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.usage.model_traits import LearnedTraits

FRESH_S = 5.0
NAMES = frozenset(spec.name for spec in fields(ModelTraits))
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TraitBook:
    """Traits by model. What another process learned counts here after `fresh_s` seconds at the latest."""

    learned: LearnedTraits
    catalogue: Catalogue
    clock: Callable[[], datetime]
    fresh_s: float = FRESH_S
    now_s: Callable[[], float] = time.monotonic
    _read: dict[str, tuple[float, ModelTraits]] = field(default_factory=dict)

    def of(self, model: str) -> ModelTraits:
        known = self._read.get(model)
        if known and self.now_s() - known[0] < self.fresh_s:
            return known[1]
        learned = {} if is_simulated(model) else self.learned.of(model, self.clock())
        # A later program may have learned what this one has no field for.
        traits = replace(self.catalogue.traits(model), **{name: learned[name] for name in NAMES & learned.keys()})
        self._read[model] = self.now_s(), traits
        return traits

    def learn(self, model: str, **facts: Any) -> None:
        """Keeps what an answer of the model has shown; what is known already is not written again."""
        before = self.of(model)
        news = {name: value for name, value in facts.items() if getattr(before, name) != value}
        if not news or is_simulated(model):
            return
        self._read[model] = self.now_s(), replace(before, **news)
        log.info("Learned of %s: %s", model, news)
        try:
            self.learned.learn(model, self.clock(), **news)
        except DatabaseFailed as failed:
            log.warning(
                "What was learned of %s could not be kept: %s", model, failed
            )  # the answer that taught it must not be lost

    def forget(self) -> None:
        """Reads traits again after they were changed here."""
        self._read.clear()
