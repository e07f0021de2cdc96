"""The place in another session that a session was forked from. Pure values."""

from dataclasses import dataclass

MOST_BRANCHES = 12


@dataclass(frozen=True, slots=True)
class Fork:
    """The other session and the part of its transcript that was copied.

    session_id, title: of the other session, as it was called then. seq: of its message that was forked at. kept: messages that were
    copied, the first so many; what they cost stands with the other session. branch: this one's number among those of one fork, from 1.
    edited: the message at `seq` was given other words; its own are in `replaced`. asked: the question that was put next, or empty.
    """

    session_id: str
    title: str
    seq: int
    kept: int
    branch: int = 1
    edited: bool = False
    replaced: str = ""
    asked: str = ""

    @property
    def in_words(self) -> str:
        """The place that it comes from, as a sentence.

        >>> Fork("a", "Oat milk", 7, 7).in_words
        'Branch 1, forked from “Oat milk” at message 7; the first 7 messages are copies of its own.'
        """
        told = f"Branch {self.branch}, forked from “{self.title}” at message {self.seq}"
        copied = f"the first {self.kept} messages are copies of its own" if self.kept else "nothing of it was copied"
        changed = f" Message {self.seq} was given other words." if self.edited and self.kept >= self.seq else ""
        asked = f" Question {self.seq} was put in other words." if self.edited and not changed else ""
        return f"{told}; {copied}.{changed}{asked}"
