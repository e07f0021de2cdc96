"""The dialog that takes personas in from a file: what it would add is shown, row by row, before anything is written."""

import streamlit as st

from semblance_core.domain.errors import SemblanceError
from semblance_core.flows.persona_file import ImportPreview, preview_of
from semblance_core.reports.exports import template_csv
from semblance_core.workspace import Workspace
from ui.avatar import avatar
from ui.persona_views import facts_line
from ui.uploads import let_go
from ui.words import safe_markdown, say, say_done, say_here, shortened

LISTED = 5


@st.dialog("Import personas", width="large", icon=":material/upload:")
def take_in(ws: Workspace, project_id: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("A JSON list, as Semblance exports it, or a table as CSV. Only “name” is required.", width="stretch")
        st.download_button(
            "Template",
            template_csv(),
            "personas-template.csv",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
    file = st.file_uploader("Drop a file here, or choose one", type=["json", "csv"], label_visibility="collapsed")
    if not file:
        return
    content = file.getvalue()
    try:
        preview = preview_of(content)
    except SemblanceError as failed:
        say(failed)
        return
    known = {name.casefold() for name in ws.persona_names(project_id).values()}
    leave_out = _show(preview, known)
    count = len(preview.personas)
    words = f"Import {count} {'personas' if count != 1 else 'persona'}"
    if st.button(words, type="primary", disabled=not count or bool(preview.problems and not leave_out)):
        with say_here():
            added = ws.import_personas(project_id, content, leave_out_wrong=leave_out)
            let_go([file])
            say_done(f"{len(added)} imported")
            st.rerun()


def _show(preview: ImportPreview, known: set[str]) -> bool:
    """Draws what the file holds; whether rows with errors are to be left out."""
    if preview.problems:
        lines = [f"- {safe_markdown(problem)}" for problem in preview.problems[:LISTED]]
        if len(preview.problems) > LISTED:
            lines.append(f"- and {len(preview.problems) - LISTED} more")
        count = len(preview.problems)
        text = "\n".join(lines)
        st.error(
            f"{count} {'rows do' if count != 1 else 'row does'} not fit. Nothing was added.\n{text}",
            icon=":material/edit_note:",
        )
    leave_out = False
    if preview.problems and preview.personas:
        leave_out = st.checkbox("Leave these rows out and import the others")
    if preview.personas:
        st.caption(f"{len(preview.personas)} would be added:")
    for person in preview.personas[:LISTED]:
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.image(avatar(person.name, person), width=32)
            facts = safe_markdown(shortened(facts_line(person), 90))
            st.markdown(f"{safe_markdown(person.name)}  :gray[{facts}]", width="stretch")
            if person.name.casefold() in known:
                st.badge("name is taken", color="orange", help="A persona of this name is in the project already.")
    if len(preview.personas) > LISTED:
        st.caption(f"and {len(preview.personas) - LISTED} more")
    return leave_out
