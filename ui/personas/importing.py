"""The dialog that takes personas in from a file: what it would add is shown, row by row, before anything is written."""

from dataclasses import asdict

import streamlit as st

from semblance_core.analysis.alike import name_key
from semblance_core.documents.text.encoding_names import label
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import number
from semblance_core.flows.importing.persona_file import preview_of
from semblance_core.flows.importing.preview import Answers, ImportPreview, Question
from semblance_core.flows.importing.words import taken_words
from semblance_core.reports.exports import template_csv
from semblance_core.workspace import Workspace
from ui.faces.avatar import avatar
from ui.parts.uploads import release_upload
from ui.parts.words import errors_inline, joined, md, safe_markdown, shortened, show_done, show_error
from ui.personas.details import facts_line

LISTED = 5
COLUMNS_LISTED = 12
TYPES = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "xls", "ods", "numbers"]
"""Workbooks are among them so that it can be said how to save them."""
SHORT = {"encoding": md("Encoding"), "numbers": md("Number format"), "ages": md("Age ranges")}


@st.dialog("Import personas", width="large", icon=":material/upload:")
def import_dialog(ws: Workspace, project_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        words = "A CSV table from a spreadsheet or survey, or JSON as exported by Semblance and other programs. Only a name is required."
        st.caption(words, width="stretch")
        st.download_button(
            "Template",
            template_csv(),
            "personas-template.csv",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
    file = st.file_uploader("Drop a file here, or choose one", type=TYPES, label_visibility="collapsed")
    if not file:
        return
    content = file.getvalue()
    try:
        answers, preview = _asked(content, file.file_id)
    except SemblanceError as failed:
        show_error(failed)
        return
    leave_out = False
    if not preview.needs_encoding:  # nothing is shown in characters that nobody chose
        _reading(preview)
        leave_out = _show(ws, project_id, preview)
    count = len(preview.personas)
    words = md("Import {}", number(count, "persona"))
    is_open = bool(preview.questions or (preview.faults and not leave_out))
    if st.button(words, type="primary", disabled=not count or is_open):
        with errors_inline():
            added = ws.personas.import_file(project_id, content, leave_out_wrong=leave_out, **asdict(answers))
            release_upload([file])
            show_done(md("Imported {}", number(len(added), "persona")))
            st.rerun()


def _asked(content: bytes, key: str) -> tuple[Answers, ImportPreview]:
    """Draws what the file leaves open; the answers so far, and what the file holds by them."""
    answers = Answers()
    preview = preview_of(content)
    for kind in SHORT:  # in this order: what a number is depends on the encoding
        if question := next((each for each in preview.questions if each.kind == kind), None):
            answers = Answers(**(asdict(answers) | {kind: _answer(question, key)}))
            preview = preview_of(content, **asdict(answers))
    return answers, preview


def _answer(question: Question, key: str) -> str:
    """Draws a question and returns the value that was chosen; empty as long as none was."""
    labels = {choice.value: choice.label for choice in question.choices}
    shown = [safe_markdown(" · ".join(choice.shown)) for choice in question.choices]
    st.info(safe_markdown(question.text), icon=":material/help:")
    chosen = st.radio(
        SHORT[question.kind],
        list(labels),
        index=None,
        format_func=lambda value: safe_markdown(labels[value]),
        captions=shown,
        key=f"{question.kind}_{key}",
    )
    return str(chosen or "")


def _reading(preview: ImportPreview) -> None:
    """Draws how the file was read: its form, which columns were taken over and which not, and the first rows."""
    form = [preview.format, *([label(preview.encoding)] if preview.encoding else [])]
    form += [f"columns between {preview.separator}"] if preview.separator else []
    st.caption(safe_markdown(" · ".join(form)))
    if preview.taken:
        words = ", ".join(taken_words(each.column, each.field) for each in preview.taken)
        st.markdown(f":small[**Imported columns:** {safe_markdown(words)}]")
    if preview.left_out:
        lines = [md("- **{}** {}", shortened(each.column, 60), each.why) for each in preview.left_out[:COLUMNS_LISTED]]
        more = len(preview.left_out) - COLUMNS_LISTED
        lines += [md("- and {} more", more)] if more > 0 else []
        st.warning("Skipped columns:\n\n" + joined("\n", lines), icon=":material/view_column:")
    if preview.notes:
        lines = [md("- {}", note.text) for note in preview.notes[:COLUMNS_LISTED]]
        st.info(joined("\n", lines), icon=":material/info:")
    headings = [
        f"{heading} ({n})" if preview.headings.count(heading) > 1 else heading
        for n, heading in enumerate(preview.headings, 1)
    ]
    st.dataframe([dict(zip(headings, row, strict=True)) for row in preview.rows], hide_index=True)


def _show(ws: Workspace, project_id: str, preview: ImportPreview) -> bool:
    """Draws what the file holds; whether rows with errors are to be left out."""
    leave_out = False
    if faults := preview.faults:
        lines = [md("- {}", fault) for fault in faults[:LISTED]]
        if len(faults) > LISTED:
            lines.append(md("- and {} more", len(faults) - LISTED))
        text = joined("\n", lines)
        st.error(
            f"{len(faults)} {'rows have' if len(faults) != 1 else 'row has'} errors:\n{text}",
            icon=":material/edit_note:",
        )
        if preview.personas or preview.awaiting:
            rows = "these rows" if len(faults) > 1 else "this row"
            leave_out = st.checkbox(f"Skip {rows} and import the rest")
    if waiting := len(preview.awaiting):
        verb = "depends" if waiting == 1 else "depend"
        st.caption(md("{} {} on your answer above.", number(waiting, "row"), verb))
    known = {name_key(name) for name in ws.personas.names(project_id).values()}
    if preview.personas:
        st.caption(f"{len(preview.personas)} will be added:")
    for person in preview.personas[:LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.image(avatar(person.name, person), width=32)
            facts = safe_markdown(shortened(facts_line(person), 90))
            st.markdown(f"{safe_markdown(person.name)}  :gray[{facts}]", width="stretch")
            if name_key(person.name) in known:
                st.badge(
                    "name taken",
                    color="orange",
                    help="The project already has a persona with this name or one too similar to tell apart in a session.",
                )
    if len(preview.personas) > LISTED:
        st.caption(f"and {len(preview.personas) - LISTED} more")
    return leave_out
