"""Claims: the sentences of a summary, each with the messages it rests on and whether these say it."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """The outcome of a check of a sentence against the messages.

    NO_CLAIM: it tells only of the method, such as that participants are simulated. UNCHECKED: nobody knows; it is never taken for said.
    """

    SAID = "said"
    INFERRED = "inferred"
    NO_CLAIM = "no_claim"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a summary, as it stands there. seqs: the messages that it rests on.

    session_ids: the session of each of these messages, where several were analysed together; else empty.
    """

    sentence: str
    check: Check = Check.UNCHECKED
    seqs: tuple[int, ...] = ()
    session_ids: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Session and number of each message; the session is empty where one alone was analysed."""
        return tuple(zip(self.session_ids or ("",) * len(self.seqs), self.seqs, strict=False))
