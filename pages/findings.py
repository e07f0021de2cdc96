"""What a session brought: summary, themes with their quotes, charts, files to take along."""

import streamlit as st

from ui import gate, shell
from ui.finding_themes import choice_of_analysis, where_it_stands
from ui.findings_charts import charts_view
from ui.findings_files import files_view
from ui.gone import or_gone
from ui.routes import page_at
from ui.theme_cards import summary, theme_cards
from ui.theme_editing import edit_menu, edits_made
from ui.words import safe_markdown, say_unread, state_badge

THEMES, CHARTS, FILES = "Themes", "Charts", "Files"

ws = gate.workspace()
if not st.query_params.get("id"):
    st.switch_page(page_at("focus_groups"))
with or_gone("focus_groups"):
    group = ws.focus_group(st.query_params["id"])
shell.show_project(ws, group.project_id)
analyses = ws.analyses(group.id)

back = {"id": group.id}
st.page_link(page_at("session"), label="Back to the session", icon=":material/arrow_back:", query_params=back)
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(safe_markdown(group.title), width="content")
    state_badge(group)

say_unread(analyses, "analysis")
where_it_stands(ws, group, ws.analysis_under_way(group.id), analyses[0] if analyses else None)
if group.next_seq > 1:
    view = st.segmented_control(
        "View",
        (THEMES, CHARTS, FILES),
        default=THEMES,
        key="view",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    findings = None
    if analyses:
        chosen = choice_of_analysis(analyses)
        findings = ws.findings(group.id, chosen.analysis_id)
    if view == CHARTS:
        charts_view(group, ws.messages(group.id), findings)
    elif view == FILES:
        files_view(ws, group, findings)
    elif findings:
        summary(findings)
        edits_made(ws, findings)
        theme_cards(group, findings, lambda at: edit_menu(ws, findings, at))
