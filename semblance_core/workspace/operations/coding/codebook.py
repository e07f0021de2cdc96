"""Operations on a project's codebook."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from semblance_core.documents.qda.reader import read_qda
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.coding.changes import Change, Write, added, changed, deleting, merging, undoing
from semblance_core.domain.coding.codebook import (
    CODE_FIELDS,
    CodebookCode,
    check_name,
    check_place,
    check_room,
    next_colours,
)
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.reports.coding.codebook_csv import codebook_csv
from semblance_core.reports.coding.reading import new_codes, read_csv
from semblance_core.reports.coding.refi import qdc
from semblance_core.store.ids import new_id
from semblance_core.workspace.declarations import changes, reads
from semblance_core.workspace.operations.coding.writing import MEANWHILE, CodingOperations
from semblance_core.workspace.subjects import code, project

Base = CodebookCode | int | None


class Codebook(CodingOperations):
    @reads(project)
    def of_project(self, project: Project) -> list[CodebookCode]:
        """The project's codes; `domain.coding.codebook.tree` puts them in order."""
        return self._store.codings.codes(project.id)

    @reads(project, sums=True)
    def counts(self, project: Project) -> Mapping[str, int]:
        """The number of codings in all sessions, by code."""
        return self._store.codings.counts(project.id)

    @reads(code)
    def get(self, code: CodebookCode) -> CodebookCode:
        """The code."""
        return code

    @changes(project, "Added a code", action="add_code")
    def add(
        self,
        project: Project,
        name: str,
        *,
        definition: str = "",
        when: str = "",
        when_not: str = "",
        colour: str = "",
        parent_id: str = "",
    ) -> CodebookCode:
        """Adds a code to the project's codebook.

        Args:
            project: the project; callers hand over its id.
            name: of the code; no other one of the codebook has it.
            definition: what it means.
            when: when to use it.
            when_not: when not to use it.
            colour: as in #2f7566; empty for the one that is used least.
            parent_id: the code above it; empty for the top.

        Raises:
            Conflict: another code has this name.
            InvalidInput: a text is too long, the colour is none, or the codebook is full.
        """
        with self._store.open_work.one_at_a_time(project.owner_id):
            codes = self._store.codings.codes(project.id)
            check_room(codes)
            check_name(codes, name)
            check_place(codes, "", parent_id)
            texts = (definition.strip(), when.strip(), when_not.strip(), colour or next(next_colours(codes)), parent_id)
            new = CodebookCode(new_id(), project.id, " ".join(name.split()), self._me(), *texts)
            self._write(project.id, f"added the code “{new.name}”", added([new]))
            return new

    @changes(code, "Edited a code", action="edit_code")
    def edit(
        self,
        code: CodebookCode,
        *,
        name: str | None = None,
        definition: str | None = None,
        when: str | None = None,
        when_not: str | None = None,
        colour: str | None = None,
        parent_id: str | None = None,
        base: Base = None,
    ) -> CodebookCode:
        """Changes fields of a code, or moves it below another one; None leaves a field as it is.

        base: the code as it was read, or its version: raises `EditConflict` where somebody changed the same fields since then.
        Raises as `add` does.
        """
        given = {"name": name and " ".join(name.split()), "definition": definition, "when": when, "when_not": when_not}
        given |= {"colour": colour, "parent_id": parent_id}
        wanted: dict[str, Any] = {field: value.strip() for field, value in given.items() if value is not None}
        with self._store.open_work.one_at_a_time(self._found.owner_id or ""):
            codes = self._store.codings.codes(code.project_id)
            if name is not None:
                check_name(codes, name, besides=code.id)
            if parent_id is not None:
                check_place(codes, code.id, parent_id)
            replace(code, **wanted)  # raises for what cannot be
            before = [code]

            def read() -> CodebookCode:
                before[0] = self._store.codings.code(code.id)
                return before[0]

            def write(after: CodebookCode, changed: Collection[str]) -> bool:
                words = f"changed {' and '.join(CODE_FIELDS[each] for each in changed)} of “{after.name}”"
                edit = self._change(code.project_id, words, [Write(before[0], after)])
                return self._store.codings.apply(edit)

            return self._edited(code, read, write, wanted, base, CODE_FIELDS)

    @changes(code, "Merged two codes", action="merge_codes")
    def merge(self, code: CodebookCode, into_id: str) -> CodebookCode:
        """Gives all codings of this code another one of the same codebook, and removes it; returns the one that stays."""
        codes = self._store.codings.codes(code.project_id)
        into = next((each for each in codes if each.id == into_id), None)
        if into is None:
            raise NotFound("There is no such code in this codebook.")
        codings, of_into = self._store.codings.with_code(code.id), self._store.codings.with_code(into_id)
        writes = merging(code, into, codes, codings, of_into)
        self._write(code.project_id, f"merged “{code.name}” into “{into.name}”", writes)
        return self._store.codings.code(into_id)

    @changes(code, "Deleted a code", action="delete_code")
    def delete(self, code: CodebookCode) -> None:
        """Removes a code with all its codings; codes below it move up."""
        codes, codings = self._store.codings.codes(code.project_id), self._store.codings.with_code(code.id)
        self._write(code.project_id, f"deleted the code “{code.name}”", deleting(code, codes, codings))

    @changes(code, "Confirmed a code", action="confirm_code")
    def confirm(self, code: CodebookCode) -> CodebookCode:
        """Confirms a code that a model made; one that a person made stays as it is."""
        if code.is_unconfirmed:
            confirmed = changed(code, replace(code, confirmed=self._me()))
            self._write(code.project_id, f"confirmed the code “{code.name}”", [confirmed])
        return self._store.codings.code(code.id)

    @reads(project)
    def file(self, project: Project) -> str:
        """The codebook as CSV, a row a code, with who made and who confirmed each."""
        return codebook_csv(self._store.codings.codes(project.id), self._store.codings.counts(project.id))

    @reads(project)
    def exchange_file(self, project: Project) -> bytes:
        """The codebook as a REFI-QDA file (`.qdc`); raises `InvalidInput` where there is no code."""
        codes = self._store.codings.codes(project.id)
        if not codes:
            raise InvalidInput("There is no code yet, so there is no codebook to hand over.")
        return qdc(codes)

    @changes(project, "Imported a codebook", action="import_codebook")
    def take_in(self, project: Project, content: str | bytes, source: str = "") -> list[CodebookCode]:
        """Adds the codes of a file; those whose name the codebook has already are left as they are.

        Args:
            project: the project; callers hand over its id.
            content: the text of a CSV file, or the bytes of a REFI-QDA codebook or project.
            source: its name, which stays with each code.

        Returns:
            The codes that were added.

        Raises:
            InvalidInput: it is no codebook, or it does not fit.
        """
        with self._store.open_work.one_at_a_time(project.owner_id):
            codes = self._store.codings.codes(project.id)
            read = read_csv(content) if isinstance(content, str) else list(read_qda(content).codes.values())
            new = new_codes(read, codes, project.id, self._me(source[:200] or "a file"), new_id)
            check_room(codes, len(new))
            self._write(project.id, f"imported {len(new)} codes", added(new))
            return new

    @reads(project)
    def last_change(self, project: Project) -> Change | None:
        """The actor's newest change in the project's codebook, codings and memos that can be taken back, or None."""
        return self._store.codings.last(project.id, self._actor.id)

    @changes(project, "Took a change of the coding back", action="undo_coding")
    def undo(self, project: Project, change_id: str = "") -> str:
        """Takes the actor's newest change back, and returns what it was, in words.

        change_id: the change that the caller saw as the newest; empty for whichever it is.

        Raises:
            Conflict: there is nothing to take back, another change is the newest by now, or somebody changed one of its things since.
        """
        last = self._store.codings.last(project.id, self._actor.id)
        if last is None or (change_id and last.id != change_id):
            raise Conflict("There is no such change of yours to take back.")
        writes = undoing(last, self._store.codings.now(last.writes), self._actor, self._clock())
        there = self._store.codings.codes(project.id)
        for write in writes:
            if isinstance(write.after, CodebookCode):
                check_name(there, write.after.name, besides=write.after.id)
        back = self._change(project.id, last.words, writes)
        if not self._store.codings.apply(back, _session_of(last), undoes=last.id):
            raise Conflict(MEANWHILE)
        return last.words


def _session_of(change: Change) -> str:
    """The session that all of a change is in; empty where there are several, or none."""
    things = [write.after or write.before for write in change.writes]
    sessions = {getattr(thing, "focus_group_id", "") for thing in things}
    return sessions.pop() if len(sessions) == 1 else ""
