"""Learns from calls whether a model's provider keeps the bound of an answer, and by how much it passed it.

A hold is the worst case of a call only where the provider keeps to `max_tokens`. Of one that does not, this keeps the worst that
was seen, and each later hold is that much larger; of one that nobody knows yet, a quota lets one call at a time be made.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from pymongo.database import Database

from semblance_core.domain.usage.answer_bounds import TRIAL_CALLS, KeptBounds
from semblance_core.domain.usage.events import TokenCounts, UsageEvent, is_simulated
from semblance_core.store.server.document import Document
from semblance_core.store.usage.holds import Hold, words_beyond

FRESH_S = 1.0
log = logging.getLogger(__name__)


class ModelBounds:
    """It stands in `model_traits`, beside what else was learned of models. What another process learns of a model that is above
    suspicion counts here a second later; of any other one, at once.
    """

    def __init__(self, database: Database[Document], now_s: Callable[[], float] = time.monotonic):
        self._traits = database["model_traits"]
        self._now_s = now_s
        self._read: dict[str, tuple[float, KeptBounds]] = {}

    def of(self, model: str) -> KeptBounds:
        if is_simulated(model):
            return KeptBounds(model, kept=TRIAL_CALLS)
        read_at, known = self._read.get(model, (0.0, None))
        if known and known.is_above_suspicion and self._now_s() - read_at < FRESH_S:
            return known
        known = _bounds(model, self._traits.find_one({"_id": model}, {"bounds": 1}) or {})
        self._read[model] = self._now_s(), known
        return known

    def passed(self) -> dict[str, KeptBounds]:
        """The models whose providers passed a bound at least once."""
        beyond = [{"bounds.beyond.prompt": {"$gt": 0}}, {"bounds.beyond.completion": {"$gt": 0}}]
        found = self._traits.find({"$or": beyond}, {"bounds": 1})
        return {bounds["_id"]: _bounds(bounds["_id"], bounds) for bounds in found}

    def learn(self, calls: Sequence[tuple[Hold, UsageEvent]]) -> None:
        """Learns from these calls; nothing from one whose outcome is unknown."""
        by_model: dict[str, list[tuple[Hold, UsageEvent]]] = defaultdict(list)
        for hold, event in calls:
            if event.tokens.total and event.status != "unknown" and not is_simulated(event.model):
                by_model[event.model].append((hold, event))
        for model, settled in by_model.items():
            if over := [call for call in settled if _exceeds(*call)]:
                self._passed(model, over)
            elif self.of(model).is_on_trial:
                self._traits.update_one({"_id": model}, {"$inc": {"bounds.kept": len(settled)}}, upsert=True)

    def _passed(self, model: str, over: Sequence[tuple[Hold, UsageEvent]]) -> None:
        prompt = max(event.tokens.prompt - hold.possible.prompt for hold, event in over)
        completion = max(event.tokens.completion - hold.possible.completion for hold, event in over)
        beyond = {"bounds.beyond.prompt": max(0, prompt), "bounds.beyond.completion": max(0, completion)}
        self._traits.update_one({"_id": model}, {"$max": beyond, "$set": {"bounds.kept": 0}}, upsert=True)
        self._read.pop(model, None)
        for hold, event in over:
            facts = {"call_id": event.id, "model": model, "user_id": event.user_id}
            log.warning("call beyond its bound: %s", words_beyond(hold, event.tokens), extra=facts)


def _exceeds(hold: Hold, event: UsageEvent) -> bool:
    """Returns whether a call used more of either kind than was held for it."""
    return event.tokens.prompt > hold.tokens.prompt or event.tokens.completion > hold.tokens.completion


def _bounds(model: str, found: Document) -> KeptBounds:
    bounds = found.get("bounds", {})
    beyond = bounds.get("beyond", {})
    return KeptBounds(
        model, bounds.get("kept", 0), TokenCounts(beyond.get("prompt", 0), 0, beyond.get("completion", 0))
    )
