"""Operations on usage: what calls used and what they cost."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.task import Task
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, Spent, UsageEvent, UsageFilter
from semblance_core.engine.tasks import backfill_request
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import Desk, admins, operation, signed_in


class Usage(Desk):
    @operation(signed_in)
    def my_quota(self) -> QuotaStatus:
        """What the actor has used and may still use this month."""
        return self.store.ledger.status(self.actor_id, self._actor().quota, month_of(self.clock()))

    @operation(signed_in)
    def my_daily_usage(self, since: datetime) -> list[dict[str, Any]]:
        """The actor's rollups by day, project, feature and model."""
        return self.store.usage.daily(since=since, users=[self.actor_id])

    @operation(signed_in)
    def my_events(self, limit: int = 200, since: datetime | None = None) -> list[UsageEvent]:
        """The actor's newest calls; a limit of 0 is none."""
        return self.store.usage.events(limit=limit, since=since, user_id=self.actor_id)

    @operation(admins)
    def daily_usage(self, since: datetime) -> list[dict[str, Any]]:
        """Everybody's rollups by day, user, project, feature and model."""
        return self.store.usage.daily(since=since)

    @operation(admins)
    def events(self, limit: int = 200, user_id: str | None = None, since: datetime | None = None) -> list[UsageEvent]:
        """The newest calls, of everybody or of one user; a limit of 0 is none."""
        return self.store.usage.events(limit=limit, since=since, user_id=user_id)

    @operation(admins)
    def find_events(self, where: UsageFilter, *, limit: int, after: str = "") -> list[UsageEvent]:
        """The newest of these calls. after: id of the last one on the page before; raises `InvalidInput` where it is gone."""
        last = self.store.usage.find(after) if after else None
        if after and last is None:
            raise InvalidInput("The call to go on after is not there any more; begin again with the first page.")
        return self.store.usage.events(limit=limit, after=last, **asdict(where))

    @operation(admins)
    def total_spent(self, where: UsageFilter) -> Spent:
        """What all of these calls used together."""
        return self.store.usage.spent(**asdict(where))

    @operation(admins)
    def backfill_usage(self, since: datetime | None = None, until: datetime | None = None) -> Task:
        """Begins to reconstruct the usage of messages that have none on record; its task tells how far it is."""
        task = Task(new_id(), "backfill", self.actor_id, "", backfill_request(since, until), self.clock())
        self.store.tasks.add(task)
        self.engine.submit("task", task.id)
        return task

    @operation(admins)
    def newest_backfill(self) -> Task | None:
        """The newest backfill that was begun here, or None."""
        return self.store.tasks.newest("backfill")
