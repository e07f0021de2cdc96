"""The transcripts of several sessions read as one: numbered anew, with the way back to each message. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.claims import Claim
from semblance_core.domain.findings.theme import Code, ReadSession, Theme, Verbatim


@dataclass(frozen=True, slots=True)
class MergedTranscript:
    """The messages of some sessions, one session after the other. Their numbers run from 1 on over all of them.

    places: the session and number of each message where it really stands; that of message n at n − 1.
    """

    messages: tuple[Message, ...]
    places: tuple[tuple[str, int], ...]

    @property
    def sessions(self) -> tuple[ReadSession, ...]:
        """Each session, with the last of its messages that was read."""
        last: dict[str, int] = {}
        for session_id, seq in self.places:
            last[session_id] = max(seq, last.get(session_id, 0))
        return tuple(ReadSession(session_id, seq) for session_id, seq in last.items())

    def traced(self, verbatim: Verbatim) -> Verbatim:
        """The same quote with the session and the number of the message that it really stands in."""
        session_id, seq = self.places[verbatim.seq - 1]
        return replace(verbatim, session_id=session_id, seq=seq)

    def traced_theme(self, theme: Theme) -> Theme:
        claims = tuple(map(self.traced_claim, theme.claims))
        return replace(theme, verbatims=tuple(map(self.traced, theme.verbatims)), claims=claims)

    def traced_claim(self, claim: Claim) -> Claim:
        """The same sentence with the sessions and numbers of the messages that it really rests on."""
        places = [self.places[seq - 1] for seq in claim.seqs]
        session_ids, seqs = tuple(place[0] for place in places), tuple(place[1] for place in places)
        return replace(claim, session_ids=session_ids, seqs=seqs)

    def traced_code(self, code: Code) -> Code:
        return replace(code, verbatims=tuple(map(self.traced, code.verbatims)))


def merged(transcripts: Sequence[Sequence[Message]]) -> MergedTranscript:
    """Puts transcripts one after the other.

    Args:
        transcripts: the messages of each session, in order.
    """
    told = [message for transcript in transcripts for message in transcript]
    places = tuple((message.focus_group_id, message.seq) for message in told)
    renumbered = tuple(replace(message, seq=number, reply_to=None) for number, message in enumerate(told, start=1))
    return MergedTranscript(renumbered, places)
