"""Operations on usage: what calls used and what they cost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.domain.figures import UsageFigures
from semblance_core.domain.people import Role
from semblance_core.domain.period import Bucket
from semblance_core.domain.readable import Readable
from semblance_core.domain.task import Task
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, Spent, UsageEvent, UsageFilter
from semblance_core.engine.tasks import backfill_request
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import Desk, admins, of_event, operation, signed_in

EVERYTHING = UsageFilter()


@dataclass(frozen=True, slots=True)
class UsageChoices:
    """What usage can be narrowed to: users and projects by id with their names, models and features. owners: of each project."""

    users: dict[str, str]
    projects: dict[str, str]
    models: list[str]
    features: list[str]
    owners: dict[str, str] = field(default_factory=dict)


class Usage(Desk):
    @operation(signed_in)
    def my_quota(self) -> QuotaStatus:
        """What the actor has used and may still use this month."""
        return self.store.ledger.status(self.actor_id, self._actor().quota, month_of(self.clock()))

    @operation(signed_in)
    def my_usage_figures(
        self,
        where: UsageFilter,
        by: Sequence[str] = (),
        every: Bucket | None = None,
        *,
        among: Sequence[str] = (),
        latency: bool = True,
    ) -> list[UsageFigures]:
        """Sums of those of these calls that count on the actor; see `usage_figures`."""
        return self.store.usage.rollups.figures(self._own(where), by, every, among=among, latency=latency)

    @operation(signed_in)
    def my_usage_breakdowns(self, where: UsageFilter) -> dict[str, list[UsageFigures]]:
        """The same by each split for itself; see `usage_breakdowns`."""
        return self.store.usage.rollups.breakdowns(self._own(where))

    @operation(signed_in)
    def my_usage_choices(self) -> UsageChoices:
        """What the actor's own usage can be narrowed to."""
        rollups, projects = self.store.usage.rollups, self.store.projects.of_owner(self.actor_id)
        return UsageChoices(
            {self.actor_id: self._actor().name},
            {project.id: project.name for project in projects},
            rollups.values("model", self.actor_id),
            rollups.values("feature", self.actor_id),
        )

    @operation(signed_in)
    def my_events(self, where: UsageFilter = EVERYTHING, *, limit: int = 200, after: str = "") -> list[UsageEvent]:
        """The newest of those of these calls that count on the actor; see `find_events`."""
        found = self._found(self._own(where), limit, after)
        return found.instead(event.for_researchers() for event in found)

    @operation(of_event)
    def usage_event(self, event_id: str) -> UsageEvent:
        """One call with all that is on record of it; what a provider said of its failure is for administrators."""
        if event := self.store.usage.find(event_id):
            return event if self._actor().role is Role.ADMIN else event.for_researchers()
        raise NotFound("There is no such call.")

    @operation(admins)
    def check_admin(self) -> None:
        """Does nothing but refuse who is no administrator: to be asked before what an administrator asked for is shown again."""

    @operation(admins)
    def usage_figures(
        self,
        where: UsageFilter,
        by: Sequence[str] = (),
        every: Bucket | None = None,
        *,
        among: Sequence[str] = (),
        latency: bool = True,
    ) -> list[UsageFigures]:
        """Sums of these calls, read from rollups. by: some of `user_id`, `project_id`, `feature`, `model`.

        among: which values of the first split are told apart; the others are `OTHERS` together. latency: whether to add up how long answers took too.
        Raises `InvalidInput` for a filter by status, which rollups do not tell apart.
        """
        return self.store.usage.rollups.figures(where, by, every, among=among, latency=latency)

    @operation(admins)
    def usage_breakdowns(self, where: UsageFilter) -> dict[str, list[UsageFigures]]:
        """Sums of these calls by each split for itself, the most calls first; without how long answers took."""
        return self.store.usage.rollups.breakdowns(where)

    @operation(admins)
    def usage_choices(self) -> UsageChoices:
        """What everybody's usage can be narrowed to."""
        rollups, projects = self.store.usage.rollups, self.store.projects.all()
        return UsageChoices(
            {user.id: user.name for user in self.store.users.list()},
            {project.id: project.name for project in projects},
            rollups.values("model"),
            rollups.values("feature"),
            {project.id: project.owner_id for project in projects},
        )

    @operation(admins)
    def find_events(self, where: UsageFilter, *, limit: int, after: str = "") -> list[UsageEvent]:
        """The newest of these calls; a limit of 0 is none.

        after: id of the last one on the page before; raises `InvalidInput` where it is gone.
        """
        return self._found(where, limit, after)

    @operation(admins)
    def total_spent(self, where: UsageFilter) -> Spent:
        """What all of these calls used together."""
        return self.store.usage.spent(**asdict(where))

    @operation(admins)
    def backfill_usage(self, since: datetime | None = None, until: datetime | None = None) -> Task:
        """Begins to reconstruct the usage of messages that have none on record; its task tells how far it is.

        One at a time: where it is under way, the task of that is returned.
        """
        request = backfill_request(since, until)
        task = Task(new_id(), "backfill", self.actor_id, "", request, self.clock(), exclusive="backfill")
        return self._begun(task)

    @operation(admins)
    def newest_backfill(self) -> Task | None:
        """The newest backfill that was begun here, or None."""
        return self.store.tasks.newest("backfill")

    def _own(self, where: UsageFilter) -> UsageFilter:
        return replace(where, user_id=self.actor_id)

    def _found(self, where: UsageFilter, limit: int, after: str) -> Readable[UsageEvent]:
        last = self.store.usage.find(after) if after else None
        if after and last is None:
            raise InvalidInput("The call to go on after is not there any more; begin again with the first page.")
        return self.store.usage.events(limit=limit, after=last, **asdict(where))
