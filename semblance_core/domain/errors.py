"""Failures, in words a person can act on.

Two roots below `SemblanceError`: `UserMistake` (what was asked cannot be done as asked) and `RunFailed` (what was asked
was fine, but a part did not do its work). Every message is a whole sentence and is shown as it stands.
"""

from decimal import Decimal


class SemblanceError(Exception):
    """The root of every failure that Semblance explains itself."""


class UserMistake(SemblanceError):
    """The request cannot be done as asked."""


class InvalidInput(UserMistake):
    """A value is missing, out of range or of the wrong form."""


class NotFound(UserMistake):
    """Nothing of that kind has this id, or it is not the actor's to see."""


class AccessDenied(UserMistake):
    """The actor may not do this."""


class SignedOut(AccessDenied):
    """The sign-in that the actor came by is over: signed out, ended by somebody, or expired."""


class SignInFailed(AccessDenied):
    """Name and password do not fit, or the account is disabled."""


class TooManyTries(SignInFailed):
    """Too many tries to sign in for an account and source; the same try may well succeed later."""


class QuotaExceeded(UserMistake):
    """The call's worst case does not fit into what is left of the user's quota.

    needs_usd, needs_tokens: that worst case; 0 where nothing at all is left.
    """

    def __init__(self, message: str, *, needs_usd: Decimal = Decimal(0), needs_tokens: int = 0):
        super().__init__(message)
        self.needs_usd = needs_usd
        self.needs_tokens = needs_tokens


class PriceUnknown(UserMistake):
    """A quota in US dollars cannot be kept, because the model has no known price."""


def price_unknown(model: str) -> str:
    """Returns the message of `PriceUnknown`."""
    return (
        f"The price of {model} is not known, so a quota in US dollars cannot be kept. An administrator can set one on the "
        "page Prices, or give a quota in tokens instead."
    )


class Conflict(UserMistake):
    """The state changed in between: somebody else acted first."""


class RunFailed(SemblanceError):
    """The request was fine, but a part did not do its work."""


class SetupError(RunFailed):
    """A part that Semblance needs is not there or not usable; the message says what to do."""


class Unreadable(RunFailed):
    """The stored document is damaged, or of a form that this version does not know."""


class Interrupted(RunFailed):
    """This process is being shut down; another one goes on with what it was doing."""


class NotWanted(Interrupted):
    """Nobody waits for this any more: it was stopped or deleted meanwhile."""
