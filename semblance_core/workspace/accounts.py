"""Operations on accounts: who there is, what each may do and may use."""

from semblance_core.accounts import hash_password
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.people import Role, User
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, UsageQuota
from semblance_core.workspace.access import Desk, admins, operation, signed_in


class Accounts(Desk):
    @operation(signed_in)
    def me(self) -> User:
        return self._actor()

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
