"""Operations that search: in all transcripts, quotes of themes and notes of the actor's projects, or of one project."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.findings.search import Hit, HitKind, SearchResult, Wanted, wanted
from semblance_core.store.across.patterns import here, spans
from semblance_core.store.across.search import SearchedSession
from semblance_core.workspace.declarations import Operations, reads
from semblance_core.workspace.subjects import project, signed_in

MOST_HITS, MOST_BEFORE, MOST_SESSIONS = 100, 30, 500
"""Hits of one search, notes and quotes before the messages, and sessions in which it looks: those that were last worked on."""
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
        looked_for, by = wanted(text), speaker.strip()
        names, compiled = {each.id: each.name for each in projects}, here(looked_for)
        sessions, there = self._store.text_search.sessions(names, MOST_SESSIONS)
        notes = _notes(projects) if HitKind.NOTE in kinds and not by else []
        quotes = self._quotes(sessions, names, looked_for, by) if HitKind.QUOTE in kinds else []
        first = [replace(hit, spans=at) for hit in (*notes, *quotes) if (at := spans(hit.text, compiled))]
        most_first = MOST_BEFORE if HitKind.MESSAGE in kinds else MOST_HITS
        hits, more = first[:most_first], len(first) > most_first
        if HitKind.MESSAGE in kinds:
            ids, of = [each.id for each in sessions], {each.id: each for each in sessions}
            for said in self._store.text_search.messages(ids, looked_for, by, MOST_HITS + 1):
                where = _where(of[said.session_id], names, said.text)
                message = Hit(HitKind.MESSAGE, *where, said.seq, said.speaker, at=said.at)
                hits.append(replace(message, spans=spans(said.text, compiled)))
        more = more or len(hits) > MOST_HITS
        return SearchResult(tuple(hits[:MOST_HITS]), more, len(sessions), there - len(sessions))

    def _quotes(
        self, sessions: Sequence[SearchedSession], names: Mapping[str, str], looked_for: Wanted, by: str
    ) -> list[Hit]:
        """Quotes of the newest analysis of each session and round that may hold what is looked for, in the order of the sessions."""
        of = {each.id: each for each in sessions}
        places = {each.id: at for at, each in enumerate(sessions)}
        standing = self._store.analyses_across.standing([*of, *self._store.text_search.rounds(names)])
        found = self._store.text_search.quotes([each[0].document_id for each in standing.values()], looked_for)
        theirs = [said for said in found if said.session_id in of and by.casefold() in said.speaker.casefold()]
        return [
            Hit(HitKind.QUOTE, *_where(of[said.session_id], names, said.text), said.seq, said.speaker, said.theme)
            for said in sorted(theirs, key=lambda said: (places[said.session_id], said.seq))
        ]


def _notes(projects: Sequence[Project]) -> list[Hit]:
    texts = ((each, note) for each in projects for note in (each.aim, each.notes) if note)
    return [Hit(HitKind.NOTE, each.id, each.name, note) for each, note in texts]


def _where(session: SearchedSession, names: Mapping[str, str], text: str) -> tuple[str, str, str, str, str]:
    """Project, its name, the text, session and its title, as `Hit` takes them."""
    return session.project_id, names[session.project_id], text, session.id, session.title
