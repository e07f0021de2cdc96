"""Opinion shift in words: what each figure says, and what it does not where there is no control. Pure."""

from semblance_core.analysis.shift.compared import Compared, Figure
from semblance_core.analysis.shift.measures import Anchoring, Dissent
from semblance_core.domain.instruments.answers import Answer, AnswerState
from semblance_core.domain.instruments.questions import (
    Allocation,
    NumberQuestion,
    OptionQuestion,
    Question,
    Rated,
)
from semblance_core.reports.shift.result import QuestionShift

NO_CONTROL = "No control: the same people were not asked twice without the discussion, so nobody can tell a shift from the noise of asking again."
LABELS = {
    Figure.MOVED: "Mean size of a change",
    Figure.DRIFT: "Drift",
    Figure.CONVERGENCE: "Convergence",
    Figure.CONFORMITY: "Conformity g",
    Figure.CHANGED: "Share with another answer",
}
ABOUT = {
    Figure.MOVED: "points up or down, per person",
    Figure.DRIFT: "mean of after − before, in points",
    Figure.CONVERGENCE: "1 − spread after / spread before",
    Figure.CONFORMITY: "share of the way to the others' stance: 0 keeps the own view, 1 takes over theirs",
    Figure.CHANGED: "people whose answer is another one afterwards",
}
FEW_FOR_ANCHORING = 0.05


def figure_words(compared: Compared) -> str:
    """A sentence on a figure: beside its control, or why nothing is claimed."""
    if compared.discussion is None:
        return "Not defined here: everybody gave the same answer before."
    if compared.control is None and compared.difference is None:
        return "No claim without a control."
    if compared.difference is None:
        return "No claim: not defined for the control, or fewer than three people are counted."
    difference = compared.difference
    low, high = _signed(compared, difference.low), _signed(compared, difference.high)
    told = f"{_signed(compared, difference.figure)} beyond asking again (95%: {low} to {high})"
    if not compared.exceeds:
        return f"Within what asking again shows: {told}."
    return (
        f"More than asking again shows: {told}." if difference.figure > 0 else f"Less than asking again shows: {told}."
    )


def freed_words(compared: Compared) -> str:
    """Conformity without regression to the mean, as a sentence; empty where there is none."""
    if compared.freed is None:
        return ""
    return f"Without what regression to the mean adds, g is {compared.freed:.2f}."


def anchoring_words(first: str, found: Anchoring | None, control: Anchoring | None) -> str:
    """A sentence on how near the ballots after lie to the first speaker's stance."""
    if found is None:
        return "Not told: nobody spoke first alone, or fewer than three people are counted."
    told = (
        f"Ballots after lie {found.distance:.2f} points from the stance of {first}, who spoke first; {found.by_chance:.2f} where any "
        f"participant is called first. {found.share:.0%} of these labels come at least as near"
    )
    if control is None:
        return f"{told}. No claim without a control."
    if found.share > FEW_FOR_ANCHORING:
        return f"{told}, so this is no more than chance; the control: {control.distance:.2f} points."
    if control.share <= FEW_FOR_ANCHORING:
        return (
            f"{told}, but so do those of the control ({control.distance:.2f} points): no anchoring by the discussion."
        )
    return f"{told}, and those of the control do not ({control.distance:.2f} points): they were drawn to the first speaker."


def dissent_words(found: Dissent | None) -> str:
    """A sentence on opposed pairs, and whether they ever disagreed in the discussion."""
    if found is None:
        return ""
    if not found.opposed:
        return "No two ballots before were far apart."
    pairs = "pair was" if found.opposed == 1 else "pairs were"
    if found.suppressed is None:
        return f"{found.opposed} {pairs} far apart before, and none of them answered each other."
    return (
        f"{found.opposed} {pairs} far apart before, {found.met} of them answered each other, and {found.voiced} ever disagreed there: "
        f"{found.suppressed:.0%} of this dissent was not voiced. Disagreement is found by words that say so, which may miss some."
    )


def stance_words(shift: QuestionShift) -> str:
    """A sentence on the origin of the stances that conformity and anchoring are measured against; empty for a question without points."""
    if not isinstance(shift.question, Rated | NumberQuestion):
        return ""
    if shift.stances_said:
        return (
            "Stances of the others: from what they said, rated by similarity (TF-IDF) against the question's anchors."
        )
    return "Stances of the others: their ballots before, because what was said could not be rated on this question."


def value(compared: Compared, figure: float | None) -> str:
    """A figure as it is shown."""
    if figure is None:
        return "–"
    return f"{figure:.0%}" if compared.figure is Figure.CHANGED else f"{figure:.2f}"


def answer_words(question: Question, answer: Answer | None) -> str:
    """An answer in a few words: the point, the options, or why there is none."""
    if answer is None:
        return "not asked"
    if answer.state is not AnswerState.ANSWERED:
        return str(answer.state.value)
    if isinstance(question, Allocation):
        given = zip(question.options, answer.shares, strict=True)
        return " | ".join(f"{option}: {points:g}" for option, points in given)
    if isinstance(question, OptionQuestion):
        return " | ".join(question.options[place] for place in answer.options)
    return f"{answer.value:g}" if answer.value is not None else answer.text


def _signed(compared: Compared, figure: float) -> str:
    told = f"{abs(figure):.0%}" if compared.figure is Figure.CHANGED else f"{abs(figure):.2f}"
    is_nothing = not any(digit in told for digit in "123456789")
    return told if is_nothing else f"{'−' if figure < 0 else '+'}{told}"
