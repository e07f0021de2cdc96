"""Operations on memos: notes on a session, a message, a theme or a code."""

from collections.abc import Collection
from dataclasses import replace

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.coding.changes import Write, added, removed
from semblance_core.domain.coding.codings import MEMO_FIELDS, MOST_MEMOS, Memo, MemoOn, coded_message
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.store.ids import new_id
from semblance_core.workspace.declarations import changes, reads
from semblance_core.workspace.operations.coding.writing import CodingOperations
from semblance_core.workspace.subjects import memo, project

THEME_CHARS = 300


class Memos(CodingOperations):
    @reads(project)
    def of_project(self, project: Project, group_id: str | None = None) -> list[Memo]:
        """The project's memos, oldest first: of one session, of its codes where `group_id` is empty, all where it is None."""
        return self._store.codings.memos(project.id, group_id)

    @changes(project, "Wrote a memo", action="write_memo")
    def add(self, project: Project, about: MemoOn, text: str, *, target: str = "", group_id: str = "") -> Memo:
        """Adds a memo.

        Args:
            project: the project; callers hand over its id.
            about: on what kind of thing it is.
            text: its words.
            target: the message's number, the theme's name or the code's id; empty for a session.
            group_id: the session of the message or theme, or itself; empty for a code.

        Raises:
            NotFound: the project has no such session, message or code.
            InvalidInput: the text is empty or too long, or there are too many memos.
        """
        self._check(project, about, target, group_id)
        if len(self._store.codings.memos(project.id)) >= MOST_MEMOS:
            raise InvalidInput(f"A project has at most {MOST_MEMOS:,} memos.")
        of_session = group_id if about is not MemoOn.CODE else ""
        new = Memo(new_id(), project.id, about, text.strip(), self._me(), target.strip(), of_session)
        self._write(project.id, f"wrote a memo on a {about.value}", added([new]), of_session)
        return new

    @changes(memo, "Edited a memo", action="edit_memo")
    def edit(self, memo: Memo, text: str, base: Memo | int | None = None) -> Memo:
        """Changes a memo's text.

        base: the memo as it was read, or its version: raises `EditConflict` where somebody changed it since then.
        """
        replace(memo, text=text.strip())  # raises for what cannot be
        before = [memo]

        def read() -> Memo:
            before[0] = self._store.codings.memo(memo.id)
            return before[0]

        def write(after: Memo, changed: Collection[str]) -> bool:  # noqa: ARG001 - there is one field
            edit = self._change(memo.project_id, f"changed a memo on a {memo.about.value}", [Write(before[0], after)])
            return self._store.codings.apply(edit)

        return self._edited(memo, read, write, {"text": text.strip()}, base, MEMO_FIELDS)

    @changes(memo, "Deleted a memo", action="delete_memo")
    def delete(self, memo: Memo) -> None:
        """Removes a memo."""
        self._write(memo.project_id, f"deleted a memo on a {memo.about.value}", removed([memo]))

    def _check(self, project: Project, about: MemoOn, target: str, group_id: str) -> None:
        if about is MemoOn.CODE:
            if self._store.codings.code(target).project_id != project.id:
                raise NotFound("There is no such code.")
            return
        if not group_id:
            raise InvalidInput("Say which session.")
        if self._store.focus_groups.get(group_id).project_id != project.id:
            raise NotFound("There is no such focus group.")
        if about is MemoOn.MESSAGE:
            if not target.isdecimal():
                raise InvalidInput("Say which message, by its number.")
            found = self._store.focus_groups.messages(group_id, first=int(target), last=int(target))
            coded_message({message.seq: message for message in found}, int(target))
        if about is MemoOn.THEME and not 1 <= len(target.strip()) <= THEME_CHARS:
            raise InvalidInput("Say which theme, by its name.")
