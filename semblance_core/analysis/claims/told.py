"""Summaries as they are shown: each sentence with its messages, and a mark where these do not say it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from semblance_core.analysis.claims.counts import borne_out, contradiction
from semblance_core.analysis.claims.leaning import refers_back
from semblance_core.analysis.claims.sentences import in_sentences
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Findings, Theme

INFERENCE = "the analyst's inference"
NOT_CHECKED = "not checked"
LEANS = "refers to a marked sentence"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a summary. behind: the spaces and line breaks after it. places: session and number of each message that it rests on,
    the session empty where one alone was analysed. miscounted: words on a count that the quotes do not bear out. counted: words on one
    that they do, in a sentence that is inferred otherwise. leans: whether it refers to a marked sentence, and is not marked itself.
    """

    sentence: str
    behind: str
    check: Check
    places: tuple[tuple[str, int], ...] = ()
    miscounted: str = ""
    counted: str = ""
    leans: bool = False

    @property
    def seqs(self) -> tuple[int, ...]:
        return tuple(seq for _, seq in self.places)

    @property
    def is_marked(self) -> bool:
        """Returns whether the messages do not say it."""
        return self.check is Check.INFERRED or bool(self.miscounted)

    @property
    def is_unchecked(self) -> bool:
        """Returns whether nobody knows if the messages say it."""
        return self.check is Check.UNCHECKED and not self.miscounted

    @property
    def marks(self) -> tuple[str, ...]:
        """Returns what is said of it to readers, in words."""
        inferred = (INFERENCE,) if self.check is Check.INFERRED else ()
        leans = (LEANS,) if self.leans else ()
        return (*inferred, *filter(None, (self.counted, self.miscounted)), *leans)


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of sentences, by what their check came to. inferred and miscounted: a sentence may be both; marked: either.

    leaning: those that refer to a marked one, counted besides by their own check.
    """

    said: int = 0
    inferred: int = 0
    miscounted: int = 0
    marked: int = 0
    unchecked: int = 0
    leaning: int = 0

    @property
    def in_words(self) -> str:
        """Returns a sentence on them; empty where there are none."""
        parts = []
        if self.marked:
            one = self.marked == 1
            what = "1 sentence goes" if one else f"{self.marked} sentences go"
            parts.append(f"{what} beyond what the messages say and {'is' if one else 'are'} marked.")
        if self.leaning:
            one = self.leaning == 1
            what = "1 sentence refers" if one else f"{self.leaning} sentences refer"
            parts.append(f"{what} to a marked one.")
        if self.unchecked:
            one = self.unchecked == 1
            what = "1 sentence was" if one else f"{self.unchecked} sentences were"
            parts.append(f"{what} not checked against the messages.")
        return " ".join(parts)


def told_of_theme(theme: Theme, people: int) -> tuple[Told, ...]:
    """Returns the sentences of a theme's summary. people: how many take part in the session, or in those that were read together."""
    speakers = {said.place[:2]: said.speaker for said in theme.verbatims}
    held = len(theme.speakers)
    return _told(theme.summary, theme.claims, speakers, people, {held}, {held}, vouching={held})


def told_of_session(findings: Findings, people: int) -> tuple[Told, ...]:
    """Returns the sentences of the summary above the themes. people: as for `told_of_theme`."""
    speakers = {said.place[:2]: said.speaker for theme in findings.themes for said in theme.verbatims}
    held = {len(theme.speakers) for theme in findings.themes}
    return _told(findings.summary, findings.claims, speakers, people, {*held, people}, held, vouching=set())


def tally(findings: Findings, people: int) -> Tally:
    """Counts the sentences of all summaries by what their check came to. people: as for `told_of_theme`."""
    of_themes = (each for theme in findings.themes for each in told_of_theme(theme, people))
    return counted([*told_of_session(findings, people), *of_themes])


def counted(sentences: Sequence[Told]) -> Tally:
    """Counts these sentences."""
    return Tally(
        said=sum(each.check is Check.SAID and not each.miscounted for each in sentences),
        inferred=sum(each.check is Check.INFERRED for each in sentences),
        miscounted=sum(bool(each.miscounted) for each in sentences),
        marked=sum(each.is_marked for each in sentences),
        unchecked=sum(each.is_unchecked for each in sentences),
        leaning=sum(each.leans for each in sentences),
    )


def to_cut(told: Iterable[Told]) -> tuple[str, ...]:
    """Returns the sentences that are marked, and those that would refer to nothing without them, in their order."""
    return tuple(each.sentence for each in told if each.is_marked or each.leans)


def without_marked(told: Iterable[Told]) -> str:
    """Returns the summary without its marked sentences and those that refer to them."""
    return "".join(f"{each.sentence}{each.behind}" for each in told if not (each.is_marked or each.leans)).strip()


def _told(
    summary: str,
    claims: Sequence[Claim],
    speakers: Mapping[tuple[str, int], str],
    people: int,
    counts: set[int],
    groups: set[int],
    *,
    vouching: set[int],
) -> tuple[Told, ...]:
    """The sentences with what is known of each by its words; a sentence that somebody wrote anew is not checked.

    vouching: counts that bear one in any sentence out, besides that of the speakers whom the sentence cites.
    """
    known = {claim.sentence: claim for claim in claims}
    found = list[Told]()
    for sentence, behind in in_sentences(summary):
        claim = known.get(sentence, Claim(sentence))
        own = {speakers[place] for place in claim.places if place in speakers}
        by_own = {len(own)} if own else set()
        computed = counts | by_own
        miscounted = contradiction(sentence, people, computed, groups)
        told = Told(sentence, behind, claim.check, claim.places, miscounted)
        if told.check is Check.INFERRED:
            told = replace(told, counted=borne_out(sentence, people, vouching | by_own, groups))
        elif found and (found[-1].is_marked or found[-1].leans) and not told.is_marked:
            told = replace(told, leans=told.check is not Check.NO_CLAIM and refers_back(sentence))
        found.append(told)
    return tuple(found)
