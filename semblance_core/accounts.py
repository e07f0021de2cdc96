"""Local accounts: passwords, sign-ins, and the two accounts of a development machine."""

import logging
import secrets

import bcrypt

from semblance_core.domain.accounts.account import Role, User, Visitor
from semblance_core.domain.accounts.passwords import check_password
from semblance_core.domain.errors import Conflict, InvalidInput, SetupError, SignInFailed, TooManyTries
from semblance_core.settings import Settings
from semblance_core.store.accounts.sign_ins import TRIES_WHERE_KNOWN
from semblance_core.store.codec import storable
from semblance_core.store.store import Store

log = logging.getLogger(__name__)
DEVELOPMENT_PASSWORD = "pass"
DEVELOPMENT_USERS = (("user", "Robin Researcher", Role.RESEARCHER), ("admin", "Alex Admin", Role.ADMIN))
LONGEST_BYTES = 72
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
BY_PASSWORD, BY_API, BY_MICROSOFT = "password", "API", "Microsoft"
"""Ways to open a sign-in, in words."""
REFUSED = "Wrong user name or password."
THROTTLED = "Too many tries. Wait 15 minutes, then try again."
# A hash of nothing anybody can type: checked for unknown names, so that they take as long as known ones.
NOBODY_HASH = "$2b$12$kVcIWvNCaiU6QkScfrOLNO4iwmldZgLrZJdaekH0grCkNozelYw6i"


def hash_password(password: str) -> str:
    """A bcrypt hash; raises `InvalidInput` for what bcrypt cannot hold apart."""
    if len(password) < 8 or len(password.encode(errors="replace")) > LONGEST_BYTES:
        raise InvalidInput("A password has at least 8 characters and at most 72 bytes.")
    return _hashed(password)


def generated_password() -> str:
    """One that can be read out: four groups of four letters and digits that are hard to confuse, about 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def sign_in(store: Store, name: str, password: str, visitor: Visitor) -> str:
    """The token of a new sign-in; raises `SignInFailed`, in the same words and time for unknown names and wrong passwords.

    What counts as too many tries: see `check_tries`.
    """
    name = storable(name.strip().casefold())
    check_tries(store, name, visitor.source, visitor.device)
    if not password_fits(store, name, password):
        note_refused(store, name, visitor, "name and password do not fit")
        raise SignInFailed(REFUSED)
    return open_sign_in(store, name, visitor, BY_API)


def check_tries(store: Store, name: str, source: str, device: str = "") -> None:
    """Counts a try; raises `TooManyTries` beyond 10 in 15 minutes for an account and source.

    One source may try 20 accounts in vain, and all together one account 100 times. A browser in which the account signed in
    before has tries of its own, and a source that it signed in from has 50 and none of those bounds: so nobody is locked out of
    their account by others, be they behind the same address.
    """
    signs, now, visitor = store.sign_ins, store.clock(), Visitor(source, device=device)
    if signs.is_own_device(name, visitor):
        allowed = signs.try_counted(_device_key(name, visitor), now)
    elif signs.is_known(name, visitor):
        allowed = signs.try_counted(_key(name, visitor), now, TRIES_WHERE_KNOWN)
    else:
        allowed = signs.try_counted(_key(name, visitor), now) and signs.spread_counted(name, visitor.source, now)
    if not allowed:
        note_refused(store, name, visitor, "too many tries")
        raise TooManyTries(THROTTLED)


def note_refused(store: Store, name: str, visitor: Visitor, why: str) -> None:
    """One line in the log. What was typed as a name stands there only if it is an account's: people type passwords there too."""
    user = store.users.find(name)
    facts = {"user_id": user.id if user else "unknown", "source": visitor.source, "agent": visitor.agent, "why": why}
    log.warning("sign-in refused", extra=facts)


def _key(name: str, visitor: Visitor) -> str:
    return f"{name}|{visitor.source}"


def _device_key(name: str, visitor: Visitor) -> str:
    return f"{name}|{visitor.device}"


def password_fits(store: Store, name: str, password: str) -> bool:
    known = store.users.password_hash(name)
    typed = password.encode(errors="replace")
    fits = bcrypt.checkpw(typed[:LONGEST_BYTES], (known or NOBODY_HASH).encode())
    return fits and known is not None and len(typed) <= LONGEST_BYTES


def change_password(store: Store, name: str, current: str, password: str, source: str) -> None:
    """Sets a new password for who knows the current one; raises `InvalidInput` for who does not, and for the same one again.

    A try counts like one to sign in, so that nobody finds the password out with somebody else's open window.
    """
    check_password(password, name)
    hashed = hash_password(password)
    check_tries(store, name, source)
    if not password_fits(store, name, current):
        raise InvalidInput("The current password is incorrect.")
    store.sign_ins.forget_tries(_key(name, Visitor(source)), name, source)
    if password == current:
        raise InvalidInput("This is already your password; choose a different one.")
    store.users.set_password_hash(name, hashed)


def open_sign_in(store: Store, name: str, visitor: Visitor, way: str) -> str:
    """A sign-in for an account whose owner was recognised; raises `SignInFailed` where it is disabled."""
    if store.users.get(name).disabled:
        raise SignInFailed("This account is disabled. Ask an administrator.")
    now = store.clock()
    store.sign_ins.forget_tries(_key(name, visitor), name, visitor.source)
    if visitor.device:
        store.sign_ins.forget_tries(_device_key(name, visitor))
    store.users.set_signed_in(name, now)
    return store.sign_ins.open(name, now, visitor, way)


def ensure_accounts(store: Store, settings: Settings) -> None:
    """In development, the two public accounts are there; in production, `SetupError` while one of them is."""
    if settings.env == "production":
        public = [user.id for user in public_accounts(store)]
        if public:
            raise SetupError(
                f"SEMBLANCE_ENV is production, but this database holds the development accounts {' and '.join(public)}, whose "
                "passwords everybody knows. Use another database (SEMBLANCE_DATABASE), or disable each first: "
                f"python -m semblance_core disable-user {public[0]}"
            )
        return
    for name, full_name, role in DEVELOPMENT_USERS:
        if store.users.find(name) is None:
            user = User(name, full_name, role, store.clock(), development=True)
            try:
                store.users.add(user, _hashed(DEVELOPMENT_PASSWORD))
            except Conflict:
                continue  # another process was a moment faster


def public_accounts(store: Store) -> list[User]:
    """The development accounts that can be signed in to; their passwords are public unless somebody changed them."""
    return [user for user in store.users.list() if user.development and not user.disabled]


def _hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()
