"""A synthesis as it is read: shared themes with their sessions and people, saturation, contradictions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from semblance_core.analysis.synthesis.contradictions import Contradiction, contradiction
from semblance_core.analysis.synthesis.saturation import BASE, MOST_NEW, RUN, Saturation, saturation
from semblance_core.domain.findings.synthesis import Placed, PlacedAnalysis, Synthesis
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim

METHOD = (
    "Themes of different sessions were taken for one where the words of name and summary are more alike (mean cosine of TF-IDF vectors) "
    "than themes that one analysis kept apart, the 95th percentile of these; where their names are the same; or where a person said so. "
    f"Model saturation after Guest, Namey and Chen 2020: base {BASE} sessions, run {RUN}, at most {MOST_NEW:.0%} new themes. Contradictions "
    "are read off the sentiments of quotes. No model was asked. All participants are synthetic: a theme that recurs among personas of one "
    "model need not recur among people."
)


@dataclass(frozen=True, slots=True)
class Source:
    """A session or an interview round whose analysis is in a synthesis.

    Attributes:
        id: its id.
        title: its title.
        is_round: whether it is a round of interviews.
        people: who takes part, by the id of the session and the name that the transcript shows; the value tells the same person in
            several sessions.
        simulated: whether the built-in simulator answers.
    """

    id: str
    title: str
    is_round: bool = False
    people: Mapping[tuple[str, str], str] = field(default_factory=dict)
    simulated: bool = False

    @property
    def heard(self) -> int:
        """The number of different persons in it."""
        return len(set(self.people.values()))


@dataclass(frozen=True, slots=True)
class Member:
    """A session's theme in a shared theme. at: its place in the session's analysis."""

    source_id: str
    at: int
    theme: Theme
    placed: Placed


@dataclass(frozen=True, slots=True)
class SharedTheme:
    """A theme that several sessions may have.

    Attributes:
        number: its number in the synthesis.
        name: as a person named it, else that of its first theme.
        members: the themes of sessions that it holds, in the order of these.
        sessions: ids of the sessions in which it is quoted, in order; each interview of a round is one.
        people: how many different persons are quoted in it.
        contradiction: between sessions; None where there is none.
    """

    number: int
    name: str
    named_by_hand: bool
    members: tuple[Member, ...]
    sessions: tuple[str, ...]
    people: int
    contradiction: Contradiction | None = None

    @property
    def first(self) -> Member:
        """The theme of the session in which it was seen first."""
        return self.members[0]

    def quotes(self, source_id: str) -> tuple[Verbatim, ...]:
        """Its quotes in a session or round, each with the session of its message."""
        return tuple(said for each in self.members if each.source_id == source_id for said in each.theme.verbatims)


@dataclass(frozen=True, slots=True)
class Synthesised:
    """A synthesis with its result.

    Attributes:
        synthesis: as it is stored.
        sources: its sessions and rounds that are still there, in order.
        themes: the shared themes: those of most sessions first, then in the order in which they were seen.
        sessions: the ids of all sessions that were read, in order; each interview of a round is one.
        people: how many different persons take part in them.
        saturation: over the sessions.
        outdated: ids of sources with newer themes than those that were read.
        lost: how many sources or analyses are gone since.
        threshold: of the analysis that was matched last; None where nothing told.
    """

    synthesis: Synthesis
    sources: tuple[Source, ...]
    themes: tuple[SharedTheme, ...]
    sessions: tuple[str, ...]
    people: int
    saturation: Saturation
    outdated: tuple[str, ...] = ()
    lost: int = 0
    threshold: float | None = None

    @property
    def simulated(self) -> bool:
        return any(each.simulated for each in self.sources)


def synthesised(
    synthesis: Synthesis,
    sources: Mapping[str, Source],
    findings: Mapping[tuple[str, int], Findings],
    now: Mapping[str, tuple[str, int]],
) -> Synthesised:
    """Reads a synthesis.

    Args:
        synthesis: as it is stored.
        sources: what is still there of its sessions and rounds, by id.
        findings: the analyses that it names, by id and version.
        now: id and version of the analysis of each source that an update would read.
    """
    read: list[tuple[PlacedAnalysis, Source, Findings]] = []
    for each in synthesis.analyses:
        found, source = findings.get((each.analysis_id, each.version)), sources.get(each.source_id)
        if found and source and len(found.themes) == len(each.themes):
            read.append((each, source, found))
    sessions = [session for _, _, found in read for session in _sessions(found)]
    place = {session: at for at, session in enumerate(dict.fromkeys(sessions))}
    members: dict[int, list[Member]] = {}
    for each, source, found in read:
        for at, (placed, theme) in enumerate(zip(each.themes, found.themes, strict=True)):
            told = theme if found.sessions else _in_session(theme, found.focus_group_id)
            members.setdefault(placed.shared, []).append(Member(source.id, at, told, placed))
    by_id = {source.id: source for _, source, _ in read}
    themes = [_shared(synthesis, number, held, by_id, place) for number, held in members.items()]
    heard: list[set[str]] = [set() for _ in place]
    for shared in themes:
        for session in shared.sessions:
            heard[place[session]].add(str(shared.number))
    ordered = sorted(themes, key=lambda shared: (-len(shared.sessions), -shared.people, shared.number))
    outdated = tuple(
        each.source_id
        for each, _, _ in read
        if now.get(each.source_id, (each.analysis_id, each.version)) != (each.analysis_id, each.version)
    )
    people = {who for source in by_id.values() for who in source.people.values()}
    return Synthesised(
        synthesis,
        tuple(by_id.values()),
        tuple(ordered),
        tuple(place),
        len(people),
        saturation([frozenset(each) for each in heard]),
        outdated,
        len(synthesis.analyses) - len(read),
        synthesis.analyses[-1].threshold if synthesis.analyses else None,
    )


def _in_session(theme: Theme, session_id: str) -> Theme:
    """The theme, of which each quote and each claim names the session of its messages."""
    verbatims = tuple(replace(said, session_id=session_id) for said in theme.verbatims)
    claims = tuple(replace(claim, session_ids=(session_id,) * len(claim.seqs)) for claim in theme.claims)
    return replace(theme, verbatims=verbatims, claims=claims)


def _sessions(found: Findings) -> tuple[str, ...]:
    """The sessions that an analysis read, in order."""
    return tuple(each.session_id for each in found.sessions) or (found.focus_group_id,)


def _shared(
    synthesis: Synthesis,
    number: int,
    members: Sequence[Member],
    sources: Mapping[str, Source],
    place: Mapping[str, int],
) -> SharedTheme:
    quotes = [(each.source_id, said) for each in members for said in each.theme.verbatims]
    sessions = sorted({said.session_id for _, said in quotes if said.session_id in place}, key=place.__getitem__)
    people = {
        sources[source].people.get((said.session_id, said.speaker), f"{said.session_id}/{said.speaker}")
        for source, said in quotes
    }
    by_source: dict[str, list[Verbatim]] = {}
    for source, said in quotes:
        by_source.setdefault(source, []).append(said)
    named = synthesis.names.get(str(number), "")
    name = named or members[0].theme.name
    return SharedTheme(
        number, name, bool(named), tuple(members), tuple(sessions), len(people), contradiction(by_source)
    )
