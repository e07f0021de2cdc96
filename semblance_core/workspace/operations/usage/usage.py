"""Operations on usage: what calls used and cost, reconciling it, recalculating and reconstructing it."""

from datetime import datetime

from semblance_core.domain.accounts.account import Role
from semblance_core.domain.errors import NotFound
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.engine.tasks.backfill import Request
from semblance_core.engine.tasks.stored import to_stored
from semblance_core.flows.costs.reprice import Repriced, reprice
from semblance_core.store.ids import new_id
from semblance_core.store.usage.reconciliation import ReconciliationReport, Report
from semblance_core.workspace.context import OperationContext
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.operations.usage.scopes import UsageInScope
from semblance_core.workspace.subjects import event, platform


class Usage(Operations):
    """Usage on record. mine: of the calls that count on the actor; everybody: of all calls, for administrators."""

    def __init__(self, context: OperationContext):
        super().__init__(context)
        self.mine = UsageInScope(context, everybody=False)
        self.everybody = UsageInScope(context, everybody=True)

    @changes(platform, "Recalculated costs", action="reprice", logs=("since", "until"), about="model", unless="dry_run")
    def recalculate_costs(
        self, since: datetime, until: datetime | None = None, model: str | None = None, dry_run: bool = False
    ) -> list[Repriced]:
        """Recalculates the cost of past calls; returns by user and model what changed, or with dry_run would change."""
        prices = self._gateway.prices
        names = prices.names_of(model) if model else ()
        return reprice(self._store.usage, prices.price_of, since=since, until=until, models=names, dry_run=dry_run)

    @reads(platform)
    def reconcile(self, report: Report = lambda *_: None) -> ReconciliationReport:
        """Rebuilds rollups and budgets from the events and compares them, a slice at a time. report: is told how far it is."""
        return self._store.reconciliation.check(report)

    @changes(platform, "Repaired usage", action="repair_books")
    def repair(self, report: Report = lambda *_: None) -> ReconciliationReport:
        """Makes rollups and budgets what the events say, and returns what was wrong; cut off, it can be begun again."""
        return self._store.reconciliation.repair(report)

    @reads(event, sums=True)
    def call(self, event: UsageEvent) -> UsageEvent:
        """One call with all that is on record of it; what a provider said of its failure is for administrators."""
        return event if self._actor.role is Role.ADMIN else event.for_researchers()

    @reads(event, sums=True)
    def is_session_there(self, event: UsageEvent) -> bool:
        """True where the actor can open the session of a call: it may have been deleted, or be somebody else's now."""
        try:
            owner_id = self._store.focus_groups.owner_of(event.focus_group_id or "")
        except NotFound:
            return False
        return self._actor.role is Role.ADMIN or owner_id == self._actor.id

    @changes(platform, "Reconstructed usage", action="backfill_usage", logs=("since", "until"))
    def backfill(self, since: datetime | None = None, until: datetime | None = None) -> Task:
        """Begins to reconstruct the usage of messages that have none on record; its task tells how far it is.

        One at a time: where it is under way, the task of that is returned.
        """
        request = to_stored(Request(since, until))
        task = Task(new_id(), "backfill", self._actor.id, "", request, self._clock(), exclusive="backfill")
        return self._context.begin(task)

    @reads(platform)
    def newest_backfill(self) -> Task | None:
        """The newest backfill that was begun here, or None."""
        return self._store.tasks.newest("backfill")
