"""Two analyses of one transcript: which themes both found, and how far they agree turn by turn. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.analysis.agreement.codings import Agreement, Coder, CodersAgreement, Disagreement, agreement
from semblance_core.analysis.agreement.matching import Matched, matched
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Findings, Theme

NOT_OF_A_ROUND = (
    "Agreement is measured within one session; analyses of a whole round of interviews are not compared. Find themes twice in one of "
    "its interviews, and compare those."
)
FIRST, SECOND = "first", "second"


@dataclass(frozen=True, slots=True)
class ThemeCompared:
    """A theme of the first analysis, of the second, or of both. similarity: with the theme it was matched with; 0 where there is none.

    found_again: whether both are above what unrelated themes reach. agreement: over the participants' turns; None unless found again.
    """

    first: Theme | None
    second: Theme | None
    similarity: float = 0.0
    found_again: bool = False
    agreement: Agreement | None = None
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def name(self) -> str:
        theme = self.first or self.second
        return theme.name if theme else ""


@dataclass(frozen=True, slots=True)
class TwoAnalyses:
    """themes: those found again first, then those that one analysis has alone. overall: over turns × all of these themes.

    threshold: the similarity above which two themes are the same one; None with the reason where nobody knows.
    """

    first: Findings
    second: Findings
    themes: tuple[ThemeCompared, ...]
    overall: Agreement | None
    threshold: float | None
    why: str = ""
    turns: int = 0

    @property
    def found_again(self) -> int:
        return sum(each.found_again for each in self.themes)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The number of times that each theme of an analysis was found again, by its place. of: other analyses of the same transcript."""

    of: int = 0
    times: tuple[int, ...] = ()


def recurrence(
    findings: Findings, others: Sequence[Findings], turns: Sequence[int], unrelated: Sequence[Sequence[Theme]] = ()
) -> Recurrence:
    """Counts in how many other analyses of the same transcript each theme was found again.

    Args:
        findings: an analysis.
        others: other ones of the same session; those that read another part of it are left out.
        turns: the numbers of the participants' messages.
        unrelated: themes of other sessions, by session.

    Raises:
        InvalidInput: they are of a round of interviews, in which a message's number alone names no message.
    """
    _check_of_one_session(findings, *others)
    same = [each for each in others if each.through_seq == findings.through_seq]
    turns = [turn for turn in turns if turn <= findings.through_seq]
    again = [{match.one for match in matched(findings.themes, each.themes, turns, unrelated).same} for each in same]
    return Recurrence(len(same), tuple(sum(at in found for found in again) for at in range(len(findings.themes))))


def compared(
    first: Findings, second: Findings, turns: Sequence[int], unrelated: Sequence[Sequence[Theme]] = ()
) -> TwoAnalyses:
    """Compares two analyses of one session: each is a coder, each theme a code, each quoted turn a mark.

    What was said after the last message that either of them read counts for neither.

    Args:
        first: an analysis.
        second: another one of the same session.
        turns: the numbers of the participants' messages.
        unrelated: themes of other sessions, by session.

    Raises:
        InvalidInput: they are of a round of interviews, as for `recurrence`.
    """
    _check_of_one_session(first, second)
    turns = [turn for turn in turns if turn <= min(first.through_seq, second.through_seq)]
    found = matched(first.themes, second.themes, turns, unrelated)
    same = {match.one: match for match in found.same}
    also = {match.other for match in found.same}
    pairs = [(first.themes[one], second.themes[match.other], match.similarity) for one, match in sorted(same.items())]
    alone: list[tuple[Theme | None, Theme | None]] = [
        *((theme, None) for at, theme in enumerate(first.themes) if at not in same),
        *((None, theme) for at, theme in enumerate(second.themes) if at not in also),
    ]
    both = _measured([*((one, other) for one, other, _ in pairs), *alone], turns)
    themes = [
        ThemeCompared(
            *(one, other, similarity, True, both.by_code[str(code)] if both else None),
            disagreements=tuple(each for each in both.disagreements if each.code == str(code)) if both else (),
        )
        for code, (one, other, similarity) in enumerate(pairs)
    ]
    lonely = [ThemeCompared(one, other, _nearest(found, first, second, one, other)) for one, other in alone]
    overall = both.overall if both else None
    return TwoAnalyses(first, second, (*themes, *lonely), overall, found.threshold, found.why, len(turns))


def _check_of_one_session(*analyses: Findings) -> None:
    if any(each.sessions for each in analyses):
        raise InvalidInput(NOT_OF_A_ROUND)


def _measured(themes: Sequence[tuple[Theme | None, Theme | None]], turns: Sequence[int]) -> CodersAgreement | None:
    if not themes or not turns:
        return None
    marks = [{str(code): _turns(pair[side]) for code, pair in enumerate(themes)} for side in (0, 1)]
    return agreement(turns, [Coder(FIRST, marks[0]), Coder(SECOND, marks[1])])


def _nearest(found: Matched, first: Findings, second: Findings, one: Theme | None, other: Theme | None) -> float:
    """The similarity with the theme that it was matched with, which was not enough; 0 where there is none."""
    near = (
        match.similarity
        for match in found.pairs
        if first.themes[match.one] is one or second.themes[match.other] is other
    )
    return next(near, 0.0)


def _turns(theme: Theme | None) -> frozenset[int]:
    return frozenset(said.seq for said in theme.verbatims) if theme else frozenset()
