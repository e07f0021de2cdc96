"""Operations on accounts by administrators: who there is, what each may do and may use, and where each is signed in."""

from dataclasses import dataclass

from semblance_core.accounts import hash_password
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.passwords import check_password
from semblance_core.domain.people import ACCOUNT, Role, SignIn, User, full_name
from semblance_core.domain.persona_search import PersonaSearch
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, UsageQuota
from semblance_core.flows.delete import checked_deletion, delete_account
from semblance_core.workspace.access import Desk, admins, operation
from semblance_core.workspace.editing import edited


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much is in an account's projects."""

    projects: int
    sessions: int
    personas: int


class Accounts(Desk):
    @operation(admins)
    def users(self) -> list[tuple[User, QuotaStatus]]:
        """All accounts with what they used this month."""
        users = self.store.users.list()
        return users.instead(self.store.ledger.statuses(users, month_of(self.clock())))

    @operation(admins)
    def user(self, user_id: str) -> tuple[User, QuotaStatus]:
        """One account with what it used this month."""
        user = self.store.users.get(user_id)
        return user, self.store.ledger.status(user_id, user.quota, month_of(self.clock()))

    @operation(admins)
    def add_user(self, user_id: str, name: str, role: Role, password: str) -> User:
        user = User(user_id.strip().casefold(), full_name(name or user_id), role, self.clock())
        check_password(password, user.id)
        self.store.users.add(user, hash_password(password))
        return user

    @operation(admins)
    def change_user(self, user_id: str, name: str, role: Role, base: User | int | None = None) -> User:
        """Sets an account's full name and role; raises `Conflict` where no administrator would be left.

        The role of a Microsoft account follows from its app roles at each sign-in, so it is refused here. base: see `_edited`.
        """
        user = self.store.users.get(user_id)
        known = base if isinstance(base, User) else user
        if user.microsoft_id and role is not known.role:
            raise InvalidInput("The role of this account comes from Microsoft's app roles; change it there.")
        return self._edited(user_id, base, name=full_name(name), role=role)

    @operation(admins)
    def set_quota(self, user_id: str, quota: UsageQuota, base: User | int | None = None) -> None:
        """Sets what a user may use in a month; sessions that were paused for it go on where they fit now.

        base: see `_edited`.
        """
        self._edited(user_id, base, quota=quota)
        self.gateway.clerk.forget_accounts()
        self._resume_paused()

    @operation(admins)
    def set_disabled(self, user_id: str, disabled: bool, base: User | int | None = None) -> None:
        """Disables an account, which signs it out everywhere, or enables it again. base: see `_edited`."""
        if user_id == self.actor_id:
            raise InvalidInput("You cannot disable your own account.")
        self._edited(user_id, base, disabled=disabled)
        self.gateway.clerk.forget_accounts()
        if disabled:
            self.store.sign_ins.revoke_all(user_id)

    @operation(admins)
    def belongings(self, user_id: str) -> Belongings:
        """What is deleted with an account, or handed over."""
        projects = self.store.projects.ids_of_owner(user_id)
        sessions = sum(len(self.store.session_lists.ids_of_project(each)) for each in projects)
        personas = sum(self.store.personas.count(each, PersonaSearch()) for each in projects)
        return Belongings(len(projects), sessions, personas)

    @operation(admins)
    def delete_user(self, user_id: str, *, hand_over_to: str = "", anonymise: bool = False) -> str:
        """Deletes an account and signs it out everywhere; its projects go with it, or to `hand_over_to`.

        What it used and what was done to it stay on record, without texts: under its name, which nobody can be given then, or
        with `anonymise` under a pseudonym. Returns the name that it is on record under. Raises `Conflict` where no
        administrator would be left.
        """
        if user_id == self.actor_id:
            raise InvalidInput("You cannot delete your own account; another administrator can.")
        checked_deletion(self.store, user_id, hand_over_to)
        self.gateway.clerk.flush()
        deletion = delete_account(self.store, user_id, self.clock, hand_over_to=hand_over_to, anonymise=anonymise)
        self.gateway.clerk.forget_accounts()
        return deletion.pseudonym or user_id

    @operation(admins)
    def reset_password(self, user_id: str, password: str) -> None:
        """Gives a local account another password and signs it out everywhere."""
        if user_id == self.actor_id:
            raise InvalidInput("Change your own password on the page My account.")
        if self.store.users.get(user_id).microsoft_id:
            raise InvalidInput("This account signs in with Microsoft and has no password here.")
        check_password(password, user_id)
        self.store.users.set_password_hash(user_id, hash_password(password))
        self.store.sign_ins.revoke_all(user_id)

    @operation(admins)
    def sign_ins(self, user_id: str) -> list[SignIn]:
        """Where the account is signed in, the sign-in that was used last first."""
        return self.store.sign_ins.of_user(user_id, self.clock())

    @operation(admins)
    def revoke_sign_in(self, user_id: str, sign_in_id: str) -> None:
        """Ends one sign-in of an account; one that is over already stays so."""
        self.store.sign_ins.revoke_one(user_id, sign_in_id)

    @operation(admins)
    def revoke_sign_ins(self, user_id: str) -> int:
        """Signs an account out everywhere, and says how many sign-ins these were."""
        return self.store.sign_ins.revoke_all(user_id)

    def _edited(self, user_id: str, base: User | int | None, **wanted: object) -> User:
        """base: the account as it was read, or its version; raises `EditConflict` where somebody changed the same since then.

        Without it, the last writer wins.
        """
        users = self.store.users
        me, now = self._actor(), self.clock()
        return edited(lambda: users.get(user_id), users.replace, wanted, base, ACCOUNT, me, now)
