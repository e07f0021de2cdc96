"""The form to write a persona in: what does not fit is named field by field, and what was typed stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from semblance_core.domain.errors import NotFound
from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, Persona, label
from semblance_core.flows.importing.persona_form import InvalidFields, entered, written
from semblance_core.workspace import Workspace
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, show_done
from ui.personas.details import SHORT

GONE = ":material/delete:"
WRITTEN = ("quote", "backstory", "shopping_habits", "way_of_speaking")


@st.dialog("Persona", width="large", dismissible=False, icon=":material/edit:")
def edit_persona(ws: Workspace, project_id: str, persona: Persona | None) -> None:
    """Changes a persona, or writes a new one. It closes by its own buttons only, so that no stray click loses what was typed."""
    key = f"persona_{persona.id if persona else 'new'}"
    with st.form(key, border=False):
        fields = _fields(persona)
        row = st.container(horizontal=True)
        with _said():
            if persona:
                _change(ws, persona, fields, row)
            elif row.form_submit_button("Save", type="primary"):
                ws.personas.add(project_id, written(fields))
                _leave(str(fields["name"]))
        if row.form_submit_button("Cancel"):
            st.rerun()


def _change(ws: Workspace, persona: Persona, fields: dict[str, Any], row: DeltaGenerator) -> None:
    def write(wanted: dict[str, Any], base: Persona) -> None:
        ws.personas.edit(persona.id, replace(persona, **wanted), base)

    try:
        if saved_in_form(edit_key("persona", persona), lambda: entered(fields, persona), persona, write, row):
            _leave(str(fields["name"]))
    except NotFound:
        st.error("This persona has been deleted. Your text is still here to copy.", icon=GONE)


@contextmanager
def _said() -> Iterator[None]:
    with errors_inline():
        try:
            yield
        except InvalidFields as wrong:
            lines = joined("\n", (md("- {}", problem) for problem in wrong.problems))
            st.error(f"Not saved yet. Please correct:\n{lines}", icon=":material/edit_note:")


def _leave(name: str) -> None:
    show_done(md("Saved {}", name))
    st.rerun()


def _fields(persona: Persona | None) -> dict[str, Any]:
    """Draws the form; what it holds, as it was typed."""
    before = persona or Persona(name="(new)")
    left, right = st.columns([3, 1])
    name = left.text_input("Name", value=persona.name if persona else "")
    age = right.text_input("Age", value=str(before.age or ""), placeholder="Not stated")
    with st.grid(2, min_column_width=240) as grid:
        short = {field: grid.text_input(_label(field), value=getattr(before, field)) for field in SHORT}
    about, drives, character = st.tabs(["In their words", "Motivations", "Character"])
    with about:
        texts = {field: st.text_area(_label(field), value=getattr(before, field), height=96) for field in WRITTEN}
    with drives, st.grid(2, min_column_width=240) as grid:
        lists = {
            field: grid.text_area(f"{_label(field)}, one per line", value="\n".join(getattr(before, field)), height=120)
            for field in LIST_FIELDS
        }
    with character:
        st.caption("0–100; 50 is the population average.")
        with st.grid(2, min_column_width=240, gap=("xsmall", "medium")) as grid:
            traits = {
                trait: grid.slider(safe_markdown(trait.capitalize()), 0, 100, getattr(before.big_five, trait))
                for trait in TRAITS
            }
            talkativeness = grid.slider("Talkativeness", 0, 100, before.talkativeness)
    return {
        "name": name,
        "age": age.strip(),
        **short,
        **texts,
        **{field: [line for line in text.splitlines() if line.strip()] for field, text in lists.items()},
        "big_five": traits,
        "talkativeness": talkativeness,
    }


def _label(field: str) -> Markdown:
    return safe_markdown(label(field).capitalize())
