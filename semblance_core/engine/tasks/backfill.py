"""The task that reconstructs the usage of messages that no record tells of."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.costs.backfill import backfill

KIND = "backfill"


def _moment(stored: object) -> object:
    return datetime.fromisoformat(stored) if isinstance(stored, str) and stored else stored or None


def _as_text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


StoredMoment = Annotated[datetime | None, BeforeValidator(_moment), PlainSerializer(_as_text)]
"""Stored as text, and none as an empty one."""


@dataclass(frozen=True, slots=True)
class Request:
    """Messages from `since` on and before `until`; None is no limit."""

    since: StoredMoment
    until: StoredMoment


@dataclass(frozen=True, slots=True)
class Result:
    """The number of messages that got an estimated record, in all and by model."""

    messages: int = 0
    models: dict[str, int] = field(default_factory=dict)


def run(request: Request, run: TaskRun) -> Result:
    """Writes the estimated records. It counts what this try added: what an earlier one wrote is on record already."""
    done = backfill(
        run.store,
        run.gateway.model.count_tokens,
        run.gateway.prices.price_of,
        since=request.since,
        until=request.until,
        report=lambda done, total: run.progress(done, total, "Reading sessions"),
    )
    return Result(done.messages, {model: spent.calls for model, spent in done.by_model.items()})
