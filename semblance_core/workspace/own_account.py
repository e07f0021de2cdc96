"""Operations on one's own account."""

from semblance_core.accounts import change_password
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.people import ACCOUNT, SignIn, User, full_name
from semblance_core.workspace.access import Desk, operation, signed_in
from semblance_core.workspace.editing import edited


class OwnAccount(Desk):
    @operation(signed_in)
    def me(self) -> User:
        return self._actor()

    @operation(signed_in)
    def change_my_name(self, name: str, base: User | int | None = None) -> User:
        """Sets the actor's full name; raises `InvalidInput` for an empty or too long one.

        base: the account as it was read, or its version; raises `EditConflict` where the name was changed since then.
        """
        users, me, wanted = self.store.users, self._actor(), {"name": full_name(name)}
        return edited(lambda: users.get(me.id), users.replace, wanted, base, ACCOUNT, me, self.clock())

    @operation(signed_in)
    def change_my_password(self, current: str, password: str, source: str, keep: str = "") -> None:
        """Sets the actor's password and ends all other sign-ins; raises `InvalidInput` where the current one is not right.

        source: where the try comes from, which counts like one to sign in. keep: the sign-in that stays, by its fingerprint.
        """
        if self._actor().microsoft_id:
            raise InvalidInput("You sign in with Microsoft; your password is changed there.")
        change_password(self.store, self.actor_id, current, password, source)
        self.store.sign_ins.revoke_all(self.actor_id, keep)

    @operation(signed_in)
    def my_sign_ins(self) -> list[SignIn]:
        """Where the actor is signed in, the sign-in that was used last first."""
        return self.store.sign_ins.of_user(self.actor_id, self.clock())

    @operation(signed_in)
    def revoke_my_sign_in(self, sign_in_id: str) -> None:
        """Ends one of the actor's sign-ins; one that is over already stays so."""
        self.store.sign_ins.revoke_one(self.actor_id, sign_in_id)

    @operation(signed_in)
    def revoke_my_sign_ins(self) -> int:
        """Signs the actor out everywhere, here too, and says how many sign-ins these were."""
        return self.store.sign_ins.revoke_all(self.actor_id)
