"""Operations that search: in all transcripts, quotes of themes and notes of the actor's projects, or of one project."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.findings.search import Hit, HitKind, SearchResult, wanted
from semblance_core.store.across.patterns import here, spans
from semblance_core.workspace.declarations import Operations, reads
from semblance_core.workspace.subjects import project, signed_in

MOST_HITS, MOST_SESSIONS = 100, 500
"""Hits of one search, and sessions in which it looks: those that were last worked on."""
EVERY_KIND = tuple(HitKind)


class Search(Operations):
    @reads(signed_in)
    def mine(self, text: str, *, speaker: str = "", kinds: Collection[HitKind] = EVERY_KIND) -> SearchResult:
        """Searches all of the actor's own projects, archived ones too; nobody else's, whoever asks.

        Args:
            text: words that all have to be there, in whatever case and with or without marks on Latin letters; phrases in quotation
                marks. Of scripts without spaces and of Korean any part of a text counts, of others whole words.
            speaker: a part of the speaker's name, for messages and quotes; empty for anybody's.
            kinds: where to look.

        Returns:
            Notes first, then quotes, then messages, the sessions that were last worked on first.

        Raises:
            InvalidInput: there is no word in the text, or too many.
        """
        return self._searched(self._store.projects.of_owner(self._actor.id), text, speaker, kinds)

    @reads(project)
    def in_project(
        self, project: Project, text: str, *, speaker: str = "", kinds: Collection[HitKind] = EVERY_KIND
    ) -> SearchResult:
        """Searches one project, as `mine` searches all."""
        return self._searched([project], text, speaker, kinds)

    def _searched(
        self, projects: Sequence[Project], text: str, speaker: str, kinds: Collection[HitKind]
    ) -> SearchResult:
        looked_for, search = wanted(text), self._store.text_search
        names = {each.id: each.name for each in projects}
        sessions, there = search.sessions(names, MOST_SESSIONS)
        ids, of = [each.id for each in sessions], {each.id: each for each in sessions}
        compiled, by = here(looked_for), speaker.strip()
        hits: list[Hit] = []
        if HitKind.NOTE in kinds and not by:
            texts = ((each, note) for each in projects for note in (each.aim, each.notes) if note)
            hits += [Hit(HitKind.NOTE, each.id, each.name, note) for each, note in texts]
        if HitKind.QUOTE in kinds:
            standing = self._store.analyses_across.standing([*ids, *search.rounds(names)])
            newest = [each[0].document_id for each in standing.values()]
            for said in search.quotes(newest, looked_for):
                if (at := of.get(said.session_id)) and by.casefold() in said.speaker.casefold():
                    where = (at.project_id, names[at.project_id], said.text, at.id, at.title, said.seq, said.speaker)
                    hits.append(Hit(HitKind.QUOTE, *where, said.theme))
        marked = [replace(hit, spans=places) for hit in hits if (places := spans(hit.text, compiled))]
        left = MOST_HITS + 1
        if HitKind.MESSAGE in kinds:
            for message in search.messages(ids, looked_for, by, left):
                at = of[message.session_id]
                where = (
                    at.project_id,
                    names[at.project_id],
                    message.text,
                    at.id,
                    at.title,
                    message.seq,
                    message.speaker,
                )
                hit = Hit(HitKind.MESSAGE, *where, at=message.at, spans=spans(message.text, compiled))
                marked.append(hit)
        cut = MOST_HITS
        return SearchResult(tuple(marked[:cut]), len(marked) > cut, len(sessions), there - len(sessions))
