"""Personas from files: what a file would bring, and taking it in."""

import binascii
from base64 import b64decode
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import StringConstraints, model_validator

from api.actor import Actor
from api.problems import described
from api.values import Form, View
from api.views import Persona
from semblance_core.flows.importing.persona_file import preview_of
from semblance_core.flows.importing.preview import ImportPreview, NoteKind

router = APIRouter(tags=["Projects and personas"])
Encoding = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9 _.:-]*$")]


class PersonaFile(Form):
    """A file's text, or its bytes in Base64. encoding, numbers, ages: what it does not tell, as `questions` of a preview ask it."""

    text: Annotated[str, StringConstraints(max_length=900_000)] = ""
    base64: Annotated[str, StringConstraints(max_length=900_000)] = ""
    encoding: Encoding = ""
    numbers: Literal["", "point", "comma"] = ""
    ages: Literal["", "middle", "none"] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "PersonaFile":
        if bool(self.text) == bool(self.base64):
            raise ValueError("Send either the text of a file or its bytes in Base64")
        try:
            b64decode(self.base64, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("The bytes of the file are not in Base64") from None
        return self

    @property
    def content(self) -> str | bytes:
        return b64decode(self.base64) if self.base64 else self.text

    def preview(self) -> ImportPreview:
        return preview_of(self.content, encoding=self.encoding, numbers=self.numbers, ages=self.ages)


class NewPersonas(PersonaFile):
    """leave_out_wrong: rows that do not fit are left out, and not all refused."""

    leave_out_wrong: bool = False


class Taken(View):
    column: str
    field: str


class ColumnLeftOut(View):
    column: str
    why: str


class Note(View):
    kind: NoteKind
    text: str


class Choice(View):
    """value: what to answer. shown: what would be read then."""

    value: str
    label: str
    shown: list[str]


class Question(View):
    """kind: the parameter that answers it."""

    kind: Literal["encoding", "numbers", "ages"]
    text: str
    choices: list[Choice]


class Reading(View):
    """Reading of a file. problems: the rows that do not fit. headings, rows: its columns and the first three rows."""

    format: str
    encoding: str
    separator: str
    taken: list[Taken]
    left_out: list[ColumnLeftOut]
    notes: list[Note]
    questions: list[Question]
    problems: list[str]
    headings: list[str]
    rows: list[list[str]]


class Previewed(View):
    """count: how many personas would be added."""

    count: int
    reading: Reading


class Imported(View):
    personas: list[Persona]
    reading: Reading


@router.post("/projects/{project_id}/personas/preview", responses=described(401, 403, 404, 415))
def preview_personas(ws: Actor, project_id: str, given: PersonaFile) -> Previewed:
    """Returns the contents of a table or JSON file of personas; nothing is added."""
    ws.projects.get(project_id)
    preview = given.preview()
    return Previewed(count=len(preview.personas), reading=Reading.of(preview))


@router.post("/projects/{project_id}/personas", status_code=201, responses=described(401, 403, 404, 415))
def import_personas(ws: Actor, project_id: str, given: NewPersonas) -> Imported:
    """Adds the personas of a table or JSON file; 422 where a row does not fit or something has to be answered, and then adds none."""
    added = ws.personas.import_file(
        project_id,
        given.content,
        leave_out_wrong=given.leave_out_wrong,
        encoding=given.encoding,
        numbers=given.numbers,
        ages=given.ages,
    )
    return Imported(personas=[Persona.of(persona) for persona in added], reading=Reading.of(given.preview()))
