"""The closed list of flags that a result bears, each with its rule in words. Pure."""

from enum import StrEnum


class Flag(StrEnum):
    SMALL_N = "small_n"
    FRAME_OFF = "frame_off"
    NEAR_DUPLICATES = "near_duplicates"
    LOW_VARIANCE = "low_variance"
    REFUSALS = "refusals"
    OVER_AGREEMENT = "over_agreement"
    OUTSIDE_HUMAN_RANGE = "outside_human_range"
    UNBENCHMARKED = "unbenchmarked"
    SIMULATED = "simulated"

    @property
    def label(self) -> str:
        """The flag in a few words, as a screen shows it."""
        return FLAG_LABELS[self]


SMALL_N, LOW_SHARE, REFUSED_SHARE = 50, 0.9, 0.1
FLAG_WORDS = {
    Flag.SMALL_N: f"fewer than {SMALL_N} answers",
    Flag.FRAME_OFF: "a cell of the panel is more than 15% off its target",
    Flag.NEAR_DUPLICATES: "personas are nearly the same text",
    Flag.LOW_VARIANCE: f"{LOW_SHARE:.0%} or more gave the same answer",
    Flag.REFUSALS: f"{REFUSED_SHARE:.0%} or more gave no answer that can be counted",
    Flag.OVER_AGREEMENT: "participants agree more than people do",
    Flag.OUTSIDE_HUMAN_RANGE: "figures lie outside those of people",
    Flag.UNBENCHMARKED: "nobody has compared these answers with people's",
    Flag.SIMULATED: "the built-in simulator answered, not a language model",
}
"""The rule behind each flag."""
FLAG_LABELS = {
    Flag.SMALL_N: "small sample",
    Flag.FRAME_OFF: "panel off its target",
    Flag.NEAR_DUPLICATES: "near-duplicate personas",
    Flag.LOW_VARIANCE: "hardly any variance",
    Flag.REFUSALS: "many without an answer",
    Flag.OVER_AGREEMENT: "more agreement than people show",
    Flag.OUTSIDE_HUMAN_RANGE: "outside the human range",
    Flag.UNBENCHMARKED: "not benchmarked",
    Flag.SIMULATED: "simulated",
}
