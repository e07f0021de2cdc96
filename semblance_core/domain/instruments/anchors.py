"""Anchored statements that free text is compared with. Pure values."""

from dataclasses import dataclass

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.questions import Topic

POINTS = 5


@dataclass(frozen=True, slots=True)
class AnchorSet:
    """Statements from the lowest point to the highest.

    denials: sentences that deny the top statement, and those that deny the bottom one; each has to land on the other side.
    """

    topic: Topic
    name: str
    statements: tuple[str, ...]
    deny_high: tuple[str, ...]
    deny_low: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.statements) != POINTS or len(set(self.statements)) != POINTS:
            raise InvalidInput(f"The anchor set {self.name} has {POINTS} different statements.")
        if not self.deny_high or not self.deny_low:
            raise InvalidInput(f"The anchor set {self.name} has a sentence that denies each end.")


@dataclass(frozen=True, slots=True)
class AnchorBank:
    """Anchor sets of one version, which stands in every result that they were used for."""

    version: str
    sets: tuple[AnchorSet, ...]

    def of(self, topic: Topic) -> tuple[AnchorSet, ...]:
        return tuple(each for each in self.sets if each.topic is topic)
