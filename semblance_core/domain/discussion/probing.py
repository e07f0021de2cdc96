"""Follow-ups of the moderator of an autonomous discussion: none, or how many."""

from enum import StrEnum


class Probing(StrEnum):
    """none: puts the guide's questions and nothing else. light: one follow-up a question at most. deep: two."""

    NONE = "none"
    LIGHT = "light"
    DEEP = "deep"

    @property
    def most_probes(self) -> int:
        """The most follow-ups under one question."""
        return {Probing.NONE: 0, Probing.LIGHT: 1, Probing.DEEP: 2}[self]

    @property
    def extra_calls(self) -> float:
        """The most calls for the moderator and for notes, a participant's turn."""
        return {Probing.NONE: 0.15, Probing.LIGHT: 0.25, Probing.DEEP: 0.40}[self]
