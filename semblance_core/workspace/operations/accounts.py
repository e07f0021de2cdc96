"""Operations on accounts by administrators: who there is, what each may do and may use, and where each is signed in."""

from dataclasses import dataclass

from semblance_core.accounts import hash_password
from semblance_core.domain.accounts.account import ACCOUNT, Role, SignIn, User, full_name
from semblance_core.domain.accounts.passwords import check_password
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.search import PersonaSearch
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import QuotaStatus, UsageQuota
from semblance_core.flows.delete import checked_deletion, delete_account
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.subjects import account_id, platform


@dataclass(frozen=True, slots=True)
class Belongings:
    """Counts of the contents of an account's projects."""

    projects: int
    sessions: int
    personas: int


class Accounts(Operations):
    @reads(platform)
    def all(self) -> list[tuple[User, QuotaStatus]]:
        """All accounts with what they used this month."""
        users = self._store.users.list()
        return users.instead(self._store.ledger.statuses(users, month_of(self._clock())))

    @reads(account_id)
    def get(self, user_id: str) -> tuple[User, QuotaStatus]:
        """One account with what it used this month."""
        user = self._store.users.get(user_id)
        return user, self._store.ledger.status(user_id, user.quota, month_of(self._clock()))

    @changes(account_id, "Added an account", action="add_user", logs=("name", "role"))
    def add(self, user_id: str, name: str, role: Role, password: str) -> User:
        """Adds a local account; an empty name takes the user name."""
        user = User(user_id.strip().casefold(), full_name(name or user_id), role, self._clock())
        check_password(password, user.id)
        self._store.users.add(user, hash_password(password))
        return user

    @changes(account_id, "Changed an account's name or role", action="change_user", logs=("name", "role"))
    def change(self, user_id: str, name: str, role: Role, base: User | int | None = None) -> User:
        """Sets an account's full name and role; raises `Conflict` where no administrator would be left.

        The role of a Microsoft account follows from its app roles at each sign-in, so it is refused here. base: see `_changed`.
        """
        user = self._store.users.get(user_id)
        known = base if isinstance(base, User) else user
        if user.microsoft_id and role is not known.role:
            raise InvalidInput("The role of this account comes from Microsoft's app roles; change it there.")
        return self._changed(user, base, name=full_name(name), role=role)

    @changes(account_id, "Set a quota", action="set_quota", logs=("quota",))
    def set_quota(self, user_id: str, quota: UsageQuota, base: User | int | None = None) -> None:
        """Sets what a user may use in a month; sessions that were paused for it go on where they fit now.

        base: see `_changed`.
        """
        self._changed(self._store.users.get(user_id), base, quota=quota)
        self._gateway.batcher.forget_accounts()
        self._context.resume_paused()

    @changes(account_id, "Disabled or enabled an account", action="set_disabled", logs=("disabled",))
    def set_disabled(self, user_id: str, disabled: bool, base: User | int | None = None) -> None:
        """Disables an account, which signs it out everywhere, or enables it again. base: see `_changed`."""
        if user_id == self._actor.id:
            raise InvalidInput("You cannot disable your own account.")
        self._changed(self._store.users.get(user_id), base, disabled=disabled)
        self._gateway.batcher.forget_accounts()
        if disabled:
            self._store.sign_ins.revoke_all(user_id)

    @reads(account_id)
    def belongings(self, user_id: str) -> Belongings:
        """Counts the projects, sessions and personas that are deleted with an account, or handed over."""
        projects = self._store.projects.ids_of_owner(user_id)
        sessions = sum(len(self._store.session_lists.ids_of_project(each)) for each in projects)
        personas = sum(self._store.personas.count(each, PersonaSearch()) for each in projects)
        return Belongings(len(projects), sessions, personas)

    @changes(account_id, "Deleted an account", action="delete_user", logs=("hand_over_to", "anonymise"))
    def delete(self, user_id: str, *, hand_over_to: str = "", anonymise: bool = False) -> str:
        """Deletes an account and signs it out everywhere. Its usage and its entries in the audit log stay, without texts.

        Args:
            user_id: the account.
            hand_over_to: the account that gets its projects; empty deletes them.
            anonymise: puts its usage under a pseudonym; else under its name, which nobody can be given then.

        Returns:
            The name that its usage is on record under.

        Raises:
            Conflict: no administrator would be left.
            InvalidInput: it is the actor's own account.
        """
        if user_id == self._actor.id:
            raise InvalidInput("You cannot delete your own account; another administrator can.")
        checked_deletion(self._store, user_id, hand_over_to)
        self._gateway.batcher.flush()
        deletion = delete_account(self._store, user_id, self._clock, hand_over_to=hand_over_to, anonymise=anonymise)
        self._gateway.batcher.forget_accounts()
        return deletion.pseudonym or user_id

    @changes(account_id, "Reset a password", action="reset_password")
    def reset_password(self, user_id: str, password: str) -> None:
        """Gives a local account another password and signs it out everywhere."""
        if user_id == self._actor.id:
            raise InvalidInput("Change your own password on the page My account.")
        if self._store.users.get(user_id).microsoft_id:
            raise InvalidInput("This account signs in with Microsoft and has no password here.")
        check_password(password, user_id)
        self._store.users.set_password_hash(user_id, hash_password(password))
        self._store.sign_ins.revoke_all(user_id)

    @reads(account_id)
    def sign_ins(self, user_id: str) -> list[SignIn]:
        """The account's sign-ins, the one that was used last first."""
        return self._store.sign_ins.of_user(user_id, self._clock())

    @changes(account_id, "Ended a sign-in", action="revoke_sign_in")
    def revoke_sign_in(self, user_id: str, sign_in_id: str) -> None:
        """Ends one sign-in of an account; one that is over already stays so."""
        self._store.sign_ins.revoke_one(user_id, sign_in_id)

    @changes(account_id, "Signed an account out everywhere", action="revoke_sign_ins")
    def revoke_sign_ins(self, user_id: str) -> int:
        """Signs an account out everywhere, and says how many sign-ins these were."""
        return self._store.sign_ins.revoke_all(user_id)

    def _changed(self, user: User, base: User | int | None, **wanted: object) -> User:
        """base: the account as it was read, or its version; raises `EditConflict` where somebody changed the same since then.

        Without it, the last writer wins.
        """
        users = self._store.users
        return self._edited(user, lambda: users.get(user.id), users.replace, wanted, base, ACCOUNT)
