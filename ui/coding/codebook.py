"""The codebook on a project's page: its codes as a tree with their colours, and what can be done with each."""

from functools import partial

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.coding.codebook import CodebookCode, PlacedCode, tree
from semblance_core.domain.plurals import number
from semblance_core.reports.escape import safe_file_name
from semblance_core.workspace import Workspace
from ui.coding.code_dialogs import add_code, delete_code, edit_code, import_codes, memo_on_code, merge_code
from ui.coding.swatch import by_whom, swatch
from ui.coding.undo import undo_button
from ui.parts.in_address import page_of
from ui.parts.widgets import named_for
from ui.parts.words import errors_inline, joined, md, shortened, show_done, warn_unread

SHOWN = 20
INDENT = md("&emsp;&emsp;")
"""Entities, because Markdown takes blanks at the beginning of a line away."""
EDIT, BELOW, MERGE, MEMO, CONFIRM, DELETE = "Edit or move", "Add a code below", "Merge", "Memo", "Confirm", "Delete"
MENU = {
    EDIT: ":material/edit: Edit or move",
    BELOW: ":material/add: Add a code below it",
    MERGE: ":material/merge: Merge into another",
    MEMO: ":material/sticky_note_2: Write a memo",
    CONFIRM: ":material/check: Confirm",
    DELETE: ":material/delete: Delete code",
}


def codebook(ws: Workspace, project: Project) -> None:
    """The section of the page."""
    codes = ws.codebook.of_project(project.id)
    st.subheader("Codebook")
    if not codes:
        st.caption("No codes yet. A code marks one idea in the messages of this project's sessions.")
    with st.container(horizontal=True):
        if st.button("Add a code", icon=":material/add:"):
            add_code(ws, project.id, codes)
        if st.button("Import codes", icon=":material/upload:"):
            import_codes(ws, project.id)
        if codes:
            st.download_button(
                "Codebook as CSV",
                partial(ws.codebook.file, project.id),
                f"{safe_file_name(project.name)}-codebook.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
            st.download_button(
                "Codebook as REFI-QDA",
                partial(ws.codebook.exchange_file, project.id),
                f"{safe_file_name(project.name)}-codebook.qdc",
                "application/xml",
                icon=":material/download:",
                on_click="ignore",
            )
        undo_button(ws, project.id)
    counts = ws.codebook.counts(project.id) if codes else {}
    memos = ws.memos.of_project(project.id, "") if codes else []
    rows = st.container(gap="small")
    page = page_of(len(codes), SHOWN, f"codebook/{project.id}", "codes_page")
    with rows:
        for placed in tree(codes)[(page - 1) * SHOWN : page * SHOWN]:
            notes = [memo.text for memo in memos if memo.target == placed.code.id]
            _row(ws, placed, list(codes), counts.get(placed.code.id, 0), notes)
    warn_unread(codes, "code")


def _row(ws: Workspace, placed: PlacedCode, codes: list[CodebookCode], uses: int, notes: list[str]) -> None:
    code = placed.code
    with st.container(border=True, gap="small", key=f"code_{code.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            indent = joined("", [INDENT] * placed.level)
            st.markdown(
                md("{}{} **{}** · {}", indent, swatch(code), code.name, number(uses, "coding")), width="stretch"
            )
            offered = [each for each in MENU if each != CONFIRM or code.is_unconfirmed]
            chosen = st.menu_button(
                named_for(md("Options"), code.name),
                offered,
                key=f"code_menu_{code.id}_{code.version}",
                type="tertiary",
                icon=":material/more_horiz:",
                format_func=MENU.__getitem__,
            )
        if code.definition:
            st.markdown(md("{}", shortened(code.definition, 400)))
        when = [md("**Use it:** {}", shortened(code.when, 300))] if code.when else []
        when += [md("**Not:** {}", shortened(code.when_not, 300))] if code.when_not else []
        if when:
            st.caption(joined("  \n", when))
        for note in notes:
            st.caption(md(":material/sticky_note_2: {}", shortened(note, 600)))
        st.caption(by_whom(code.made, code.confirmed))
    if chosen == CONFIRM:
        with errors_inline():
            ws.codebook.confirm(code.id)
            show_done(md("Confirmed {}", code.name))
            st.rerun()
    elif chosen == BELOW:
        add_code(ws, code.project_id, codes, code.id)
    elif chosen:
        {EDIT: edit_code, MERGE: merge_code, MEMO: memo_on_code, DELETE: delete_code}[chosen](ws, code, codes)
