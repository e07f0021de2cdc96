"""Limits the turns that nobody waits for, so that the processor has room for what people wait for. Pure."""

from dataclasses import dataclass

LATE_S = 0.015
"""A thread that wakes up later than this finds the interpreter or the processor taken."""
KEEP_S = 10.0
"""A person who was just answered is likely to ask again, so the limit stays for so long."""
LEAST = 8
SHARE = 0.3
"""The weight of one look in the running mean of lateness."""


@dataclass
class Pace:
    """most: at once while nobody waits. limit: how many may be under way now.

    While somebody waits for an answer and this process wakes up late, the limit is halved with every look, down to 8; while it
    wakes up in time it grows again. So on a machine with room to spare nothing is held back, and nothing ever stands still.
    """

    most: int
    limit: int = 0
    late_s: float = 0.0
    until_s: float = float("-inf")

    def __post_init__(self) -> None:
        self.limit = self.most

    def look(self, now_s: float, late_s: float, *, somebody_waits: bool) -> None:
        """late_s: by how much a thread that meant to look now came late."""
        self.late_s += SHARE * (late_s - self.late_s)
        if somebody_waits:
            self.until_s = now_s + KEEP_S
        if now_s > self.until_s:
            self.limit = self.most
        elif self.late_s > LATE_S:
            self.limit = max(min(LEAST, self.most), self.limit // 2)
        elif self.late_s < LATE_S / 3:  # a gap between the two bounds keeps the limit from swinging
            self.limit = min(self.most, self.limit + max(1, self.most // 32))
