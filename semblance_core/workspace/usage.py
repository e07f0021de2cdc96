"""Operations on usage: what calls used and what they cost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.domain.figures import UsageFigures
from semblance_core.domain.people import Project, Role
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
    """What usage can be narrowed to: users and projects by id with their names, models and features. owners: of each project.

    Users and projects that were deleted are there as far as usage of them is on record, and are called so.
    """

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
            self._with_deleted_projects(projects, self.actor_id),
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

    @operation(of_event)
    def is_session_there(self, event_id: str) -> bool:
        """Whether the session that a call was made for can be opened: it may have been deleted, or be somebody else's now."""
        event, actor = self.store.usage.find(event_id), self._actor()
        try:
            owner_id = self.store.focus_groups.owner_of((event and event.focus_group_id) or "")
        except NotFound:
            return False
        return actor.role is Role.ADMIN or owner_id == actor.id

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
        names = {user.id: user.name for user in self.store.users.list()}
        others = [user_id for user_id in rollups.values("user_id") if user_id not in names]
        unread = self.store.users.there(others)
        return UsageChoices(
            names | {user_id: user_id if user_id in unread else f"{user_id} (deleted)" for user_id in others},
            self._with_deleted_projects(projects),
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

    def _with_deleted_projects(self, projects: Sequence[Project], user_id: str | None = None) -> dict[str, str]:
        """The names of these projects, and what to call the others that usage is on record of. user_id: whose, None for all."""
        names = {project.id: project.name for project in projects}
        others = [each for each in self.store.usage.rollups.values("project_id", user_id) if each not in names]
        there = self.store.projects.there(others)
        for each in others:
            somebodys = each if user_id is None else f"Somebody else's project ({each[:8]})"
            names[each] = somebodys if each in there else f"Deleted project ({each[:8]})"
        return names

    def _own(self, where: UsageFilter) -> UsageFilter:
        return replace(where, user_id=self.actor_id)

    def _found(self, where: UsageFilter, limit: int, after: str) -> Readable[UsageEvent]:
        last = self.store.usage.find(after) if after else None
        if after and last is None:
            raise InvalidInput("The call to go on after is not there any more; begin again with the first page.")
        return self.store.usage.events(limit=limit, after=last, **asdict(where))
