"""Findings of a session: summary, themes with their quotes, charts, files to take along."""

from functools import partial

import streamlit as st

from ui.app import gate, shell
from ui.app.runtime import calls_are_near
from ui.coding.view import coding_view
from ui.findings.agreement import agreement_view
from ui.findings.cards import summary, theme_cards
from ui.findings.charts import charts_view
from ui.findings.editing import cut_sentences, edit_menu, edits_made
from ui.findings.files import files_view
from ui.findings.progress import choice_of_analysis, where_it_stands
from ui.findings.shift import shift_view
from ui.parts.gone import or_not_found
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import open_page, page_at
from ui.parts.words import safe_markdown, state_badge, warn_unread

THEMES, CODING, CHARTS, AGREEMENT = "Themes", "Coding", "Charts", "Agreement"
SHIFT, FILES = "Opinion shift", "Files"

ws = gate.workspace()
if not st.query_params.get("id"):
    open_page("focus_groups")
with or_not_found("focus_groups"):
    group = ws.sessions.get(st.query_params["id"])
shell.show_project(ws, group.project_id)
analyses = ws.findings.analyses(group.id)
calls_are_near()

back = {"id": group.id}
st.page_link(page_at("session"), label="Back to the session", icon=":material/arrow_back:", query_params=back)
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(safe_markdown(group.title), width="content")
    state_badge(group)

warn_unread(analyses, "analysis")
where_it_stands(ws, group, ws.findings.newest_task(group.id), analyses[0] if analyses else None)
if group.next_seq > 1:
    # Whether two analyses agree can be asked once there are two.
    offered = (
        *(THEMES, CODING, CHARTS),
        *([AGREEMENT] if len(analyses) > 1 else []),
        *([SHIFT] if group.ballot else []),
        FILES,
    )
    views = Choice("view", f"findings/{group.id}", among=by_text(offered), default=THEMES)
    view = views.show()
    st.segmented_control(
        "View",
        offered,
        key=views.key,
        on_change=views.keep,
        required=True,
        label_visibility="collapsed",
    )
    findings = None
    if analyses:
        chosen = choice_of_analysis(analyses)
        findings = ws.findings.get(group.id, chosen.analysis_id)
    if view == CODING:
        coding_view(ws, group, findings)
    elif view == CHARTS:
        charts_view(group, ws.sessions.messages(group.id), findings)
    elif view == AGREEMENT and findings:
        agreement_view(ws, group, analyses, findings)
    elif view == SHIFT:
        shift_view(ws, group)
    elif view == FILES:
        files_view(ws, group, findings)
    elif findings:
        cut = partial(cut_sentences, ws, findings)
        summary(group, findings, cut)
        edits_made(ws, findings)
        again = ws.findings.recurrence(group.id, findings.analysis_id) if len(analyses) > 1 else None
        theme_cards(group, findings, partial(edit_menu, ws, findings), cut, again)
