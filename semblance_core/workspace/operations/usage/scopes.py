"""Operations that read usage: of the calls that count on the actor, or of everybody's."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from semblance_core.domain.accounts.account import Project, User
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import Spent, UsageEvent, UsageFilter
from semblance_core.domain.usage.period import Bucket
from semblance_core.domain.usage.totals import UsageTotals
from semblance_core.workspace.context import OperationContext
from semblance_core.workspace.declarations import Operations, reads
from semblance_core.workspace.subjects import Found, Keyless, platform, signed_in

EVERYTHING = UsageFilter()


def _scope(actor: User, asked: object) -> Found[None]:
    everybody = isinstance(asked, UsageInScope) and asked.is_everybody
    return (platform if everybody else signed_in).find(actor, asked)


usage_in_scope = Keyless(_scope)
"""The actor's own usage, or everybody's for administrators, as the family says."""


@dataclass(frozen=True, slots=True)
class UsageChoices:
    """The choices of filters on usage: users and projects by id with their names, models and features. owners: of each project.

    Users and projects that were deleted are there as far as usage of them is on record, and are called so.
    """

    users: dict[str, str]
    projects: dict[str, str]
    models: list[str]
    features: list[str]
    owners: dict[str, str] = field(default_factory=dict)


class UsageInScope(Operations):
    """Usage of the calls in a scope."""

    def __init__(self, context: OperationContext, *, everybody: bool):
        super().__init__(context)
        self._everybody = everybody

    @property
    def is_everybody(self) -> bool:
        """True for all calls, for administrators; False for those that count on the actor."""
        return self._everybody

    @reads(usage_in_scope)
    def totals(
        self,
        where: UsageFilter,
        by: Sequence[str] = (),
        every: Bucket | None = None,
        *,
        among: Sequence[str] = (),
        latency: bool = True,
    ) -> list[UsageTotals]:
        """Sums of these calls, read from rollups.

        Args:
            where: which calls of the scope.
            by: what they are split by: some of `user_id`, `project_id`, `feature`, `model`.
            every: the time that each sum is of; None for all of it.
            among: the values of the first split that are told apart; the others are `OTHERS` together.
            latency: whether to add up how long answers took too.

        Raises:
            InvalidInput: the filter is by status, which rollups do not tell apart.
        """
        return self._store.usage.rollups.figures(self._inside(where), by, every, among=among, latency=latency)

    @reads(usage_in_scope)
    def breakdowns(self, where: UsageFilter) -> dict[str, list[UsageTotals]]:
        """Sums of these calls by each split for itself, the most calls first; without how long answers took."""
        return self._store.usage.rollups.breakdowns(self._inside(where))

    @reads(usage_in_scope)
    def spent(self, where: UsageFilter = EVERYTHING) -> Spent:
        """The tokens and cost of all of these calls together."""
        return self._store.usage.spent(**asdict(self._inside(where)))

    @reads(usage_in_scope)
    def calls(self, where: UsageFilter = EVERYTHING, *, limit: int = 200, after: str = "") -> list[UsageEvent]:
        """The newest of these calls, one's own without what providers said of their failures.

        Args:
            where: which calls of the scope.
            limit: so many at most; 0 is none.
            after: the id of the last call of the page before.

        Raises:
            InvalidInput: that last call is gone.
        """
        last = self._store.usage.find(after) if after else None
        if after and last is None:
            raise InvalidInput("The call to continue from no longer exists; start again from the first page.")
        found = self._store.usage.events(limit=limit, after=last, **asdict(self._inside(where)))
        return found if self._everybody else found.instead(event.for_researchers() for event in found)

    @reads(usage_in_scope)
    def choices(self) -> UsageChoices:
        """The choices of filters on usage in this scope."""
        return self._everybodys_choices() if self._everybody else self._own_choices()

    def _own_choices(self) -> UsageChoices:
        rollups, projects = self._store.usage.rollups, self._store.projects.of_owner(self._actor.id)
        return UsageChoices(
            {self._actor.id: self._actor.name},
            self._with_deleted_projects(projects, self._actor.id),
            rollups.values("model", self._actor.id),
            rollups.values("feature", self._actor.id),
        )

    def _everybodys_choices(self) -> UsageChoices:
        rollups, projects = self._store.usage.rollups, self._store.projects.all()
        names = {user.id: user.name for user in self._store.users.list()}
        others = [user_id for user_id in rollups.values("user_id") if user_id not in names]
        unread = self._store.users.there(others)
        return UsageChoices(
            names | {user_id: user_id if user_id in unread else f"{user_id} (deleted)" for user_id in others},
            self._with_deleted_projects(projects),
            rollups.values("model"),
            rollups.values("feature"),
            {project.id: project.owner_id for project in projects},
        )

    def _with_deleted_projects(self, projects: Sequence[Project], user_id: str | None = None) -> dict[str, str]:
        """The names of these projects, and what to call the others that usage is on record of. user_id: whose, None for all."""
        names = {project.id: project.name for project in projects}
        others = [each for each in self._store.usage.rollups.values("project_id", user_id) if each not in names]
        there = self._store.projects.there(others)
        for each in others:
            somebodys = each if user_id is None else f"Somebody else's project ({each[:8]})"
            names[each] = somebodys if each in there else f"Deleted project ({each[:8]})"
        return names

    def _inside(self, where: UsageFilter) -> UsageFilter:
        return where if self._everybody else replace(where, user_id=self._actor.id)
