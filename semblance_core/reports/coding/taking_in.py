"""Takes from a REFI-QDA project what belongs to a session: codes, codings and memos, each with who made it by the file's word. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from semblance_core.domain.coding.changes import Thing
from semblance_core.domain.coding.codebook import CodebookCode, name_key
from semblance_core.domain.coding.codings import MEMO_CHARS, Coding, Memo, MemoOn
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.errors import InvalidInput
from semblance_core.reports.coding.read_project import ReadNote, ReadProject, ReadSource
from semblance_core.reports.coding.reading import new_codes
from semblance_core.reports.coding.refi import PROVENANCE, guid
from semblance_core.reports.coding.transcript_text import TranscriptText, transcript_text

ON_THEME = "Memo on the theme "
NOT_THIS = (
    "This file has no transcript of this session: the words of none of its sources are those that were said here."
)


@dataclass(frozen=True, slots=True)
class Here:
    """The session with what there is: the project's codes, the session's codings, its memos and those on codes."""

    group: FocusGroup
    messages: Sequence[Message]
    codes: Sequence[CodebookCode]
    codings: Sequence[Coding]
    memos: Sequence[Memo]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """left_out: codings whose span or code is none of this session's."""

    codes: tuple[CodebookCode, ...]
    codings: tuple[Coding, ...]
    memos: tuple[Memo, ...]
    left_out: int

    @property
    def things(self) -> list[Thing]:
        return [*self.codes, *self.codings, *self.memos]


def taken_in(read: ReadProject, here: Here, me: Author, new_id: Callable[[], str]) -> TakenIn:
    """The codes, codings and memos of a file that the session does not have yet.

    Args:
        read: the file.
        here: the session.
        me: who takes it in, now, with the file's name as the source.
        new_id: gives an id for each new thing.

    Raises:
        InvalidInput: the file has no transcript of this session, or its codes do not fit.
    """
    text = transcript_text(here.messages)
    source = _source_of(read, here.group, text)
    by_guid = {guid("code", code.id): code.id for code in here.codes}
    added = new_codes(
        [each for own, each in read.codes.items() if own not in by_guid], here.codes, here.group.project_id, me, new_id
    )
    by_name = {name_key(code.name): code.id for code in (*here.codes, *added)}
    ids = {own: by_guid.get(own) or by_name.get(name_key(code.name), "") for own, code in read.codes.items()}
    authors = _Authors(read, me)
    made = {ids[own]: authors.of_notes(notes) for own, notes in read.code_notes.items() if own in ids}
    codes = tuple(_by(code, made.get(code.id)) for code in added)
    codings, left_out = _codings(source, here, text, ids, authors, new_id)
    return TakenIn(codes, tuple(codings), tuple(_memos(read, source, here, text, ids, authors, new_id)), left_out)


class _Authors:
    """Finds who made and who confirmed things, by the users and notes of the file."""

    def __init__(self, read: ReadProject, me: Author):
        self._read, self._me = read, me

    def by(self, user: str, at: datetime | None) -> Author:
        """The person or model; who takes the file in where it names nobody."""
        known = self._read.users.get(user)
        if known is None:
            return self._me
        kind, _, own_id = known.id.partition(":")
        when = at or self._me.at
        if kind == "model" and own_id:
            return Author(when, "", model=own_id[:200], source=self._me.source)
        return Author(when, own_id[:64] if kind == "person" else "", known.name[:80], source=self._me.source)

    def of_notes(self, notes: Sequence[str]) -> tuple[Author, Author | None] | None:
        """Returns what the note on provenance says, or None where there is none."""
        found = [self._read.notes[each] for each in notes if each in self._read.notes]
        note = next((each for each in found if each.name == PROVENANCE), None)
        return (self.by(note.maker, note.made_at), self.confirmer(note)) if note else None

    def confirmer(self, note: ReadNote) -> Author | None:
        return self.by(note.confirmer, note.confirmed_at) if note.confirmer in self._read.users else None


def _source_of(read: ReadProject, group: FocusGroup, text: TranscriptText) -> ReadSource:
    same = [each for each in read.sources if each.text.replace("\r\n", "\n") == text.text and text.text]
    if not same:
        raise InvalidInput(NOT_THIS)
    return next((each for each in same if each.guid == guid("source", group.id)), same[0])


def _by(code: CodebookCode, authors: tuple[Author, Author | None] | None) -> CodebookCode:
    return replace(code, made=authors[0], confirmed=authors[1]) if authors else code


def _codings(
    source: ReadSource,
    here: Here,
    text: TranscriptText,
    ids: Mapping[str, str],
    authors: _Authors,
    new_id: Callable[[], str],
) -> tuple[list[Coding], int]:
    known = {guid("coding", each.id) for each in here.codings}
    places = {each.place for each in here.codings}
    found: list[Coding] = []
    left_out = 0
    for selection in source.selections:
        where = _message_at(text, selection.start, selection.end)
        for each in selection.codings:
            code_id = ids.get(each.code, "")
            if where is None or not code_id:
                left_out += 1
                continue
            made, confirmed = authors.of_notes(each.notes) or (authors.by(each.maker, each.made_at), None)
            coding = Coding(new_id(), here.group.project_id, here.group.id, *where, code_id, made, confirmed)
            if each.guid not in known and coding.place not in places:
                places.add(coding.place)
                found.append(coding)
    return found, left_out


def _memos(
    read: ReadProject,
    source: ReadSource,
    here: Here,
    text: TranscriptText,
    ids: Mapping[str, str],
    authors: _Authors,
    new_id: Callable[[], str],
) -> list[Memo]:
    known = {guid("memo", each.id) for each in here.memos}
    on: dict[str, tuple[MemoOn, str]] = {}
    for own, notes in read.code_notes.items():
        on |= {note: (MemoOn.CODE, ids[own]) for note in notes if ids.get(own)}
    for selection in source.selections:
        if where := _message_at(text, selection.start, selection.end):
            on |= {note: (MemoOn.MESSAGE, str(where[0])) for note in selection.notes}
    on |= dict.fromkeys(source.notes, (MemoOn.SESSION, ""))
    found = []
    for own, (about, of) in on.items():
        note = read.notes.get(own)
        if note is None or note.name == PROVENANCE or own in known or not note.text.strip():
            continue
        if about is MemoOn.SESSION and note.name.startswith(ON_THEME):
            about, of = MemoOn.THEME, note.name.removeprefix(ON_THEME)
        group_id = "" if about is MemoOn.CODE else here.group.id
        made = authors.by(note.maker, note.made_at)
        words = note.text[:MEMO_CHARS]
        found.append(Memo(new_id(), here.group.project_id, about, words, made, of, group_id, authors.confirmer(note)))
    return found


def _message_at(text: TranscriptText, start: int, end: int) -> tuple[int, int, int] | None:
    """The message that a span of the text stands in, with its place there; None where it is in none, or in several."""
    for seq, placed in text.placed.items():
        if placed.start <= start < end <= placed.end:
            return seq, start - placed.start, end - placed.start
    return None
