"""A project's codebook: its codes, merging and confirming them, taking back what one did last."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.responses import PlainTextResponse

from api.actor import Actor
from api.coding.views import CodeView, MemoView, Undone
from api.problems import described
from api.values import AS_JSON, MOST_WHOLE, Form, Id, Name
from semblance_core.domain.coding.codebook import CODE_TEXT_CHARS
from semblance_core.domain.coding.codings import MEMO_CHARS, MemoOn

router = APIRouter(tags=["Coding"])
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
CodeText = Annotated[str, StringConstraints(max_length=CODE_TEXT_CHARS, pattern=_TEXT)]
MemoText = Annotated[str, StringConstraints(max_length=MEMO_CHARS, pattern=_TEXT)]
Colour = Annotated[str, StringConstraints(pattern=r"^(#[0-9a-fA-F]{6})?$")]
OptionalId = Annotated[str, Field(max_length=200)]
Version = Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON]


class NewCode(Form):
    """A code. colour: as in #2f7566, empty for the one that is used least. parent_id: the code above it, empty for the top."""

    name: Name
    definition: CodeText = ""
    when: CodeText = ""
    when_not: CodeText = ""
    colour: Colour = ""
    parent_id: OptionalId = ""


class ChangedCode(Form):
    """Fields of a code; null leaves one as it is. base: the version that was read; 409 where somebody changed the same since."""

    name: Name | None = None
    definition: CodeText | None = None
    when: CodeText | None = None
    when_not: CodeText | None = None
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    parent_id: OptionalId | None = None
    base: Version | None = None


class Merged(Form):
    """into_id: the code that stays."""

    into_id: Id


class NewMemo(Form):
    """target: the message's number, the theme's name or the code's id; empty for a session. group_id: the session, empty for a code."""

    about: Annotated[MemoOn, Field(strict=False)]
    text: MemoText
    target: Annotated[str, Field(max_length=300)] = ""
    group_id: OptionalId = ""


class ChangedMemo(Form):
    """base: the version that was read; 409 where somebody changed it since."""

    text: MemoText
    base: Version | None = None


class CodebookCsv(PlainTextResponse):
    media_type = "text/csv"


@router.get("/projects/{project_id}/codes", responses=described(401, 403, 404))
def list_codes(ws: Actor, project_id: str) -> list[CodeView]:
    """The project's codes."""
    return [CodeView.of(code) for code in ws.codebook.of_project(project_id)]


@router.post("/projects/{project_id}/codes", status_code=201, responses=described(401, 403, 404, 409, 415))
def add_code(ws: Actor, project_id: str, given: NewCode) -> CodeView:
    """Adds a code."""
    texts = {"definition": given.definition, "when": given.when, "when_not": given.when_not}
    return CodeView.of(ws.codebook.add(project_id, given.name, **texts, colour=given.colour, parent_id=given.parent_id))


@router.get("/projects/{project_id}/codebook", responses=described(401, 403, 404), response_class=CodebookCsv)
def read_codebook(ws: Actor, project_id: str) -> CodebookCsv:
    """The codebook as CSV, a row a code, with who made and who confirmed each."""
    return CodebookCsv(ws.codebook.file(project_id))


@router.post("/projects/{project_id}/coding/undo", responses=described(401, 403, 404, 409))
def undo_coding(ws: Actor, project_id: str) -> Undone:
    """Takes back what you did last in the project's codebook, codings and memos; 409 where somebody changed it since."""
    return Undone(words=ws.codebook.undo(project_id))


@router.patch("/codes/{code_id}", responses=described(401, 403, 404, 409, 415))
def edit_code(ws: Actor, code_id: str, given: ChangedCode) -> CodeView:
    """Changes fields of a code, or moves it below another one."""
    fields = given.model_dump(exclude_none=True)
    return CodeView.of(ws.codebook.edit(code_id, **fields))


@router.post("/codes/{code_id}/merge", responses=described(401, 403, 404, 409, 415))
def merge_codes(ws: Actor, code_id: str, given: Merged) -> CodeView:
    """Gives all codings of this code another one, and removes it; the answer is the one that stays."""
    return CodeView.of(ws.codebook.merge(code_id, given.into_id))


@router.post("/codes/{code_id}/confirm", responses=described(401, 403, 404, 409))
def confirm_code(ws: Actor, code_id: str) -> CodeView:
    """Confirms a code that a model made."""
    return CodeView.of(ws.codebook.confirm(code_id))


@router.delete("/codes/{code_id}", status_code=204, responses=described(401, 403, 404, 409))
def delete_code(ws: Actor, code_id: str) -> None:
    """Removes a code with its codings; codes below it move up."""
    ws.codebook.delete(code_id)


@router.get("/projects/{project_id}/memos", responses=described(401, 403, 404))
def list_memos(ws: Actor, project_id: str) -> list[MemoView]:
    """All memos of the project, oldest first."""
    return [MemoView.of(memo) for memo in ws.memos.of_project(project_id)]


@router.post("/projects/{project_id}/memos", status_code=201, responses=described(401, 403, 404, 415))
def write_memo(ws: Actor, project_id: str, given: NewMemo) -> MemoView:
    """Adds a memo on a session, a message, a theme or a code."""
    return MemoView.of(ws.memos.add(project_id, given.about, given.text, target=given.target, group_id=given.group_id))


@router.patch("/memos/{memo_id}", responses=described(401, 403, 404, 409, 415))
def edit_memo(ws: Actor, memo_id: str, given: ChangedMemo) -> MemoView:
    """Changes a memo's text."""
    return MemoView.of(ws.memos.edit(memo_id, given.text, given.base))


@router.delete("/memos/{memo_id}", status_code=204, responses=described(401, 403, 404, 409))
def delete_memo(ws: Actor, memo_id: str) -> None:
    """Removes a memo."""
    ws.memos.delete(memo_id)
