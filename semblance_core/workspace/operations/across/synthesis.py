"""Operations on syntheses: themes of a project's sessions on one list, kept as sessions are added, merged and separated by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from semblance_core.analysis.synthesis.placing import ReadAnalysis, placed_together
from semblance_core.analysis.synthesis.together import Source, Synthesised, synthesised
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.domain.findings.synthesis import PlacedAnalysis, Synthesis, SynthesisChange
from semblance_core.domain.findings.theme import Findings
from semblance_core.store.across.analyses import Analysed, Standing
from semblance_core.store.ids import new_id
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.subjects import project, synthesis, synthesis_id

SAME_REQUEST = timedelta(seconds=60)
"""The same request within this time is a second click."""
Names = Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class OfferedSource:
    """A session or interview round that can be brought into a synthesis, with its analyses, the newest first."""

    source: Analysed
    analyses: tuple[Standing, ...]


class Syntheses(Operations):
    @reads(project)
    def of_project(self, project: Project) -> list[Synthesis]:
        """The project's syntheses, newest first."""
        return self._store.syntheses.of_project(project.id)

    @reads(project)
    def offered(self, project: Project) -> list[OfferedSource]:
        """The project's sessions and interview rounds in which themes were found, the oldest first."""
        found = self._store.analyses_across.sources(project.id)
        standing = self._store.analyses_across.standing([each.id for each in found])
        return [OfferedSource(each, tuple(standing[each.id])) for each in found if each.id in standing]

    @changes(project, "Brought sessions together", action="begin_synthesis")
    def begin(
        self,
        project: Project,
        title: str,
        source_ids: Sequence[str] | None = None,
        analyses: Mapping[str, str] | None = None,
    ) -> Synthesis:
        """Brings the themes of sessions onto one list of shared themes. No model is asked.

        Args:
            project: the project; callers hand over its id.
            title: its title.
            source_ids: sessions and interview rounds, which are counted from the oldest on; None for all with themes.
            analyses: ids of chosen analyses, by session or round; the newest of every other one is read, now and at each update.

        Returns:
            The synthesis; the very same one where it was made within the last minute.

        Raises:
            Conflict: no session of the project has themes yet.
            NotFound: one of them has no themes in this project, or no such analysis.
            InvalidInput: the title is empty or too long.
        """
        new = Synthesis(new_id(), project.id, project.owner_id, title.strip(), self._clock())
        made = self._with(new, source_ids, analyses or {})
        for there in self._store.syntheses.of_project(project.id)[:1]:
            same = (there.title, there.analyses) == (made.title, made.analyses)
            if same and new.created_at - there.created_at < SAME_REQUEST:
                return there
        self._store.syntheses.add(made)
        return self._store.syntheses.get(made.id)

    @reads(synthesis)
    def get(self, synthesis: Synthesis) -> Synthesised:
        """The synthesis with its result: shared themes, saturation, contradictions; each quote with its session and message."""
        across = self._store.analyses_across
        there = {each.id: each for each in across.sources(synthesis.project_id)}
        standing = across.standing(synthesis.source_ids)
        found = across.some([(each.analysis_id, each.version) for each in synthesis.analyses])
        by_name = {(each.analysis_id, each.version): each for each in found}
        sources = {source_id: _source(there[source_id]) for source_id in synthesis.source_ids if source_id in there}
        return synthesised(synthesis, sources, by_name, _as_now(synthesis, standing))

    @changes(synthesis, "Added sessions to a synthesis", action="add_to_synthesis")
    def add(
        self,
        synthesis: Synthesis,
        source_ids: Sequence[str],
        analyses: Mapping[str, str] | None = None,
        *,
        version: int | None = None,
    ) -> Synthesis:
        """Brings further sessions onto the list; only their themes are matched, and all others stay where they are.

        version: of the synthesis as it was read; None takes it as it is. Raises what `begin` raises, and `Conflict` where somebody
        changed it meanwhile.
        """
        self._check_unchanged(synthesis, version)
        known = set(synthesis.source_ids)
        wanted = [each for each in dict.fromkeys(source_ids) if each not in known]
        return self._save(self._with(synthesis, wanted, analyses or {}), "added sessions") if wanted else synthesis

    @changes(synthesis, "Took sessions out of a synthesis", action="take_out_of_synthesis")
    def take_out(self, synthesis: Synthesis, source_ids: Sequence[str], *, version: int | None = None) -> Synthesis:
        """Takes sessions off the list; raises `Conflict` as `add` does, and `InvalidInput` where none would be left."""
        self._check_unchanged(synthesis, version)
        left = tuple(each for each in synthesis.analyses if each.source_id not in source_ids)
        if not left:
            raise InvalidInput("At least one session stays; delete the synthesis instead.")
        return self._save(replace(synthesis, analyses=left), "took sessions out")

    @changes(synthesis, "Brought a synthesis up to date", action="update_synthesis")
    def update(
        self, synthesis: Synthesis, analyses: Mapping[str, str] | None = None, *, version: int | None = None
    ) -> Synthesis:
        """Reads the newest themes of each session; only what is new is matched, and a theme of the same name or quotes stays.

        analyses: ids of analyses that are chosen from now on, by session or round; an empty one takes the newest again. version:
        as of `add`. Raises `NotFound` for an analysis that there is not, and `Conflict` as `add` does.
        """
        self._check_unchanged(synthesis, version)
        chosen = {each.source_id: each.analysis_id for each in synthesis.analyses if each.chosen}
        chosen |= analyses or {}
        updated = self._matched(
            synthesis, synthesis.source_ids, {source: name for source, name in chosen.items() if name}
        )
        return synthesis if updated.analyses == synthesis.analyses else self._save(updated, "brought it up to date")

    @changes(synthesis, "Changed shared themes", action="edit_synthesis")
    def edit(self, synthesis: Synthesis, version: int, change: SynthesisChange) -> Synthesis:
        """Merges, separates or renames shared themes of this version; raises `Conflict` where somebody changed them meanwhile."""
        self._check_unchanged(synthesis, version)
        return self._save(change.of(synthesis), change.words)

    @changes(synthesis_id, "Deleted a synthesis", action="delete_synthesis")
    def delete(self, synthesis_id: str) -> None:
        """Removes a synthesis; its sessions and their themes stay."""
        self._store.syntheses.delete(synthesis_id)

    def _with(self, synthesis: Synthesis, source_ids: Sequence[str] | None, chosen: Mapping[str, str]) -> Synthesis:
        """The synthesis with further sessions, in the order in which they were made."""
        there = [each.id for each in self._store.analyses_across.sources(synthesis.project_id)]
        if source_ids is not None and not set(source_ids) <= set(there):
            raise NotFound("One of these sessions has no themes, or is not in this project.")
        added = [each for each in there if source_ids is None or each in source_ids]
        if not added:
            raise Conflict("Find themes in a session first; then sessions can be brought together.")
        kept = {each.source_id: each.analysis_id for each in synthesis.analyses if each.chosen}
        return self._matched(synthesis, (*synthesis.source_ids, *added), {**kept, **chosen}, added)

    def _matched(
        self,
        synthesis: Synthesis,
        source_ids: Sequence[str],
        chosen: Mapping[str, str],
        new: Sequence[str] | None = None,
    ) -> Synthesis:
        """The synthesis with the themes of these sources in their places. new: the only ones that are read anew; None for all."""
        before = {each.source_id: each for each in synthesis.analyses}
        standing = self._store.analyses_across.standing(source_ids)
        now = {
            source_id: _name_of(before[source_id])
            if new is not None and source_id not in new
            else _wanted(standing.get(source_id, []), chosen.get(source_id, ""))
            for source_id in source_ids
            if source_id in standing
        }
        found = self._read([*now.values(), *map(_name_of, before.values())])
        analyses = [
            _read_analysis(source_id, name, found, before.get(source_id), chosen=bool(chosen.get(source_id)))
            for source_id, name in now.items()
            if name in found
        ]
        after = replace(synthesis, analyses=placed_together(analyses, synthesis.next_shared))
        return after.tidied()

    def _read(self, names: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Findings]:
        found = self._store.analyses_across.some(list(dict.fromkeys(names)))
        return {(each.analysis_id, each.version): each for each in found}

    def _check_unchanged(self, synthesis: Synthesis, version: int | None) -> None:
        if version is not None and synthesis.version != version:
            raise Conflict(_changed_by(synthesis))

    def _save(self, synthesis: Synthesis, words: str) -> Synthesis:
        me, now = self._actor, self._clock()
        after = replace(synthesis.tidied(), version=synthesis.version + 1)
        after = replace(after, edited_by=me.id, editor=me.name, edited_at=now, edit=words)
        if not self._store.syntheses.replace(after):
            raise Conflict(_changed_by(self._store.syntheses.get(synthesis.id)))
        return self._store.syntheses.get(synthesis.id)


def _read_analysis(
    source_id: str,
    name: tuple[str, int],
    found: Mapping[tuple[str, int], Findings],
    before: PlacedAnalysis | None,
    *,
    chosen: bool,
) -> ReadAnalysis:
    themes = found[name].themes
    if before and name == _name_of(before) and len(before.themes) == len(themes):
        return ReadAnalysis(source_id, *name, themes, placed=replace(before, chosen=chosen))
    earlier = found.get(_name_of(before)) if before else None
    old = earlier.themes if earlier else ()
    return ReadAnalysis(source_id, *name, themes, chosen=chosen, before=before, before_themes=old)


def _name_of(placed: PlacedAnalysis) -> tuple[str, int]:
    return placed.analysis_id, placed.version


def _wanted(standing: Sequence[Standing], chosen: str) -> tuple[str, int]:
    """The chosen analysis as it stands; the newest one where none is chosen."""
    found = next((each for each in standing if not chosen or each.analysis_id == chosen), None)
    if found is None:
        raise NotFound("There is no such analysis of this session.")
    return found.analysis_id, found.version


def _as_now(synthesis: Synthesis, standing: Mapping[str, Sequence[Standing]]) -> Names:
    """The analysis of each source that an update would read; nothing of one whose chosen analysis is gone."""
    found: dict[str, tuple[str, int]] = {}
    for each in synthesis.analyses:
        chosen = each.analysis_id if each.chosen else ""
        if any(not chosen or one.analysis_id == chosen for one in standing.get(each.source_id, ())):
            found[each.source_id] = _wanted(standing[each.source_id], chosen)
    return found


def _source(analysed: Analysed) -> Source:
    return Source(analysed.id, analysed.title, analysed.is_round, analysed.people, analysed.simulated)


def _changed_by(now: Synthesis) -> str:
    return (
        f"{now.editor or 'Somebody'} changed this synthesis meanwhile ({now.edit or 'a session was deleted'}), so nothing was "
        "changed now. Look at it as it is."
    )
