"""Summaries as they are shown: each sentence with its messages, and a mark where these do not say it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from semblance_core.analysis.claims.counts import contradiction
from semblance_core.analysis.claims.sentences import in_sentences
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Findings, Theme

INFERENCE = "the analyst's inference"
NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a summary. behind: the spaces and line breaks after it. places: session and number of each message that it rests on,
    the session empty where one alone was analysed. miscounted: words on a count that the quotes do not bear out.
    """

    sentence: str
    behind: str
    check: Check
    places: tuple[tuple[str, int], ...] = ()
    miscounted: str = ""

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
        return (*inferred, self.miscounted) if self.miscounted else inferred


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of sentences, by what their check came to. inferred and miscounted: a sentence may be both; marked: either."""

    said: int = 0
    inferred: int = 0
    miscounted: int = 0
    marked: int = 0
    unchecked: int = 0

    @property
    def in_words(self) -> str:
        """Returns a sentence on them; empty where there are none."""
        parts = []
        if self.marked:
            one = self.marked == 1
            what = "1 sentence goes" if one else f"{self.marked} sentences go"
            parts.append(f"{what} beyond what the messages say and {'is' if one else 'are'} marked.")
        if self.unchecked:
            one = self.unchecked == 1
            what = "1 sentence was" if one else f"{self.unchecked} sentences were"
            parts.append(f"{what} not checked against the messages.")
        return " ".join(parts)


def told_of_theme(theme: Theme, people: int) -> tuple[Told, ...]:
    """Returns the sentences of a theme's summary. people: how many take part in the session, or in those that were read together."""
    speakers = {said.place[:2]: said.speaker for said in theme.verbatims}
    held = len(theme.speakers)
    return _told(theme.summary, theme.claims, speakers, people, {held}, {held})


def told_of_session(findings: Findings, people: int) -> tuple[Told, ...]:
    """Returns the sentences of the summary above the themes. people: as for `told_of_theme`."""
    speakers = {said.place[:2]: said.speaker for theme in findings.themes for said in theme.verbatims}
    held = {len(theme.speakers) for theme in findings.themes}
    return _told(findings.summary, findings.claims, speakers, people, {*held, people}, held)


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
    )


def marked(told: Iterable[Told]) -> tuple[str, ...]:
    """Returns the sentences that are marked."""
    return tuple(each.sentence for each in told if each.is_marked)


def _told(
    summary: str,
    claims: Sequence[Claim],
    speakers: Mapping[tuple[str, int], str],
    people: int,
    counts: set[int],
    groups: set[int],
) -> tuple[Told, ...]:
    """The sentences with what is known of each by its words; a sentence that somebody wrote anew is not checked."""
    known = {claim.sentence: claim for claim in claims}
    found = []
    for sentence, behind in in_sentences(summary):
        claim = known.get(sentence, Claim(sentence))
        own = {speakers[place] for place in claim.places if place in speakers}
        computed = counts | ({len(own)} if own else set())
        miscounted = contradiction(sentence, people, computed, groups)
        found.append(Told(sentence, behind, claim.check, claim.places, miscounted))
    return tuple(found)
