"""Operations on usage, quotas and accounts."""

from datetime import datetime
from typing import Any

from semblance_core.accounts import hash_password
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.people import Role, User
from semblance_core.domain.task import Task
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, UsageEvent, UsageQuota
from semblance_core.engine.tasks import backfill_request
from semblance_core.flows.resume import resume_paused
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import Desk, admins, operation, signed_in


class Usage(Desk):
    @operation(signed_in)
    def me(self) -> User:
        return self._actor()

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

    @operation(admins)
    def users(self) -> list[tuple[User, QuotaStatus]]:
        """All accounts with what they used this month."""
        month = month_of(self.clock())
        return [(user, self.store.ledger.status(user.id, user.quota, month)) for user in self.store.users.list()]

    @operation(admins)
    def add_user(self, user_id: str, name: str, role: Role, password: str) -> User:
        user = User(user_id.strip().casefold(), name.strip() or user_id, role, self.clock())
        self.store.users.add(user, hash_password(password))
        return user

    @operation(admins)
    def set_quota(self, user_id: str, quota: UsageQuota) -> None:
        """Sets what a user may use in a month; sessions that were paused for it go on where they fit now."""
        self.store.users.get(user_id)
        self.store.users.set_quota(user_id, quota)
        self.gateway.clerk.forget_accounts()
        self._resume_paused()

    def _resume_paused(self) -> None:
        for group_id in resume_paused(self.store, self.gateway.prices.price_of, self.clock):
            self.engine.submit("focus_group", group_id)

    @operation(admins)
    def set_disabled(self, user_id: str, disabled: bool) -> None:
        """Disables an account, which signs it out everywhere, or enables it again."""
        if user_id == self.actor_id:
            raise InvalidInput("You cannot disable your own account.")
        self.store.users.get(user_id)
        self.store.users.set_disabled(user_id, disabled)
        self.gateway.clerk.forget_accounts()
        if disabled:
            self.store.sign_ins.revoke_all(user_id)
