"""Operations on the actor's own account."""

from semblance_core.accounts import change_password
from semblance_core.domain.accounts.account import ACCOUNT, SignIn, User, full_name
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import QuotaStatus, is_simulated
from semblance_core.workspace.declarations import Operations, changes_own, reads
from semblance_core.workspace.subjects import platform, signed_in


class Me(Operations):
    @reads(signed_in)
    def account(self) -> User:
        """The actor's account."""
        return self._actor

    @changes_own(signed_in)
    def rename(self, name: str, base: User | int | None = None) -> User:
        """Sets the actor's full name; raises `InvalidInput` for an empty or too long one.

        base: the account as it was read, or its version; raises `EditConflict` where the name was changed since then.
        """
        users, me = self._store.users, self._actor
        return self._edited(me, lambda: users.get(me.id), users.replace, {"name": full_name(name)}, base, ACCOUNT)

    @changes_own(signed_in)
    def change_password(self, current: str, password: str, source: str, keep: str = "") -> None:
        """Sets the actor's password and ends all other sign-ins; raises `InvalidInput` where the current one is not right.

        source: where the try comes from, which counts like one to sign in. keep: the sign-in that stays, by its fingerprint.
        """
        if self._actor.microsoft_id:
            raise InvalidInput("You sign in with Microsoft; change your password there.")
        change_password(self._store, self._actor.id, current, password, source)
        self._store.sign_ins.revoke_all(self._actor.id, keep)

    @reads(signed_in)
    def sign_ins(self) -> list[SignIn]:
        """The actor's sign-ins, the one that was used last first."""
        return self._store.sign_ins.of_user(self._actor.id, self._clock())

    @changes_own(signed_in)
    def revoke_sign_in(self, sign_in_id: str) -> None:
        """Ends one of the actor's sign-ins; one that is over already stays so."""
        self._store.sign_ins.revoke_one(self._actor.id, sign_in_id)

    @changes_own(signed_in)
    def revoke_sign_ins(self) -> int:
        """Signs the actor out everywhere, here too, and says how many sign-ins these were."""
        return self._store.sign_ins.revoke_all(self._actor.id)

    @reads(signed_in)
    def quota(self) -> QuotaStatus:
        """The actor's use this month, and the quota."""
        return self._store.ledger.status(self._actor.id, self._actor.quota, month_of(self._clock()))

    @reads(signed_in)
    def confirms_cost(self, model: str) -> bool:
        """True where a run with this model would be the actor's first that may cost something, and nobody confirmed one yet.

        The simulator and models that are known to cost nothing need no confirmation.
        """
        if is_simulated(model) or self._actor.costs_confirmed_at:
            return False
        price = self._context.gateway.prices.price_of(model, self._clock())
        if price and price.is_free:
            return False
        return all(map(is_simulated, self._store.usage.rollups.values("model", self._actor.id)))

    @changes_own(signed_in)
    def confirm_costs(self) -> None:
        """Notes that the actor confirmed a first run that may cost something, so that none is asked for again."""
        self._store.users.set_costs_confirmed(self._actor.id, self._clock())

    @reads(platform)
    def check_admin(self) -> None:
        """Raises `AccessDenied` unless the actor is an administrator. Call it before an administrator's cached result is shown."""
