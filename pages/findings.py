"""What a session brought: summary, themes with their quotes, how the talk went, files to take along."""

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.theme import Findings, Theme
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.reports.report import method_card, report_markdown, talk
from semblance_core.workspace import Workspace
from ui import gate, shell
from ui.charts import theme_prevalence, words_a_speaker
from ui.estimates import compare, foretell
from ui.routes import page_at
from ui.task_progress import task_progress
from ui.words import safe_markdown, say_here, state_badge, when


def downloads(ws: Workspace, group: FocusGroup, findings: Findings | None) -> None:
    messages, events = ws.messages(group.id), ws.session_usage(group.id)
    name = safe_file_name(group.title)
    files = (
        ("Report", f"{name}-report.md", report_markdown(group, messages, findings, events)),
        ("Transcript", f"{name}-transcript.jsonl", exports.transcript_jsonl(messages)),
        ("Themes", f"{name}-themes.json", exports.themes_json(findings)),
        ("Usage", f"{name}-usage.csv", exports.usage_csv(events)),
    )
    with st.container(horizontal=True):
        for label, file_name, text in files:
            st.download_button(label, text, file_name, icon=":material/download:")


def draw_theme(group: FocusGroup, theme: Theme) -> None:
    with st.container(border=True):
        st.markdown(f"#### {safe_markdown(theme.name)}")
        st.markdown(safe_markdown(theme.summary))
        st.caption(f"{len(theme.speakers)} of {len(group.participants)} participants are quoted")
        for said in theme.verbatims:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"> “{safe_markdown(said.quote)}”  \n> {safe_markdown(said.speaker)}", width="stretch")
                where = {"id": group.id, "message": str(said.seq)}
                st.page_link(page_at("session"), label=f"message {said.seq}", query_params=where)


def draw_talk(ws: Workspace, group: FocusGroup) -> None:
    messages = ws.messages(group.id)
    measured = talk(group, messages)
    if not measured:
        return
    st.subheader("How the talk went")
    left, right = st.columns(2)
    with left:
        words_a_speaker(measured.words)
    with right:
        form = measured.texture
        first, second = st.columns(2)
        first.metric(
            "Balance (Gini)", f"{measured.balance:.2f}", help="Of words a speaker; 0 is even. Human groups: .10–.32"
        )
        second.metric("Median turn", f"{form.median_words:.0f} words", help="Human groups: about 49 words")
        first.metric("Turns under 25 words", f"{form.share_short:.0%}", help="Human groups: 34%")
        second.metric("Turns that name a peer", f"{form.share_naming_peer:.0%}", help="Human groups: 8%")
    with st.expander("Method card"):
        st.markdown(method_card(group, messages, ws.findings(group.id)))


ws = gate.workspace()
if not st.query_params.get("id"):
    st.switch_page(page_at("focus_groups"))
group = ws.focus_group(st.query_params["id"])
shell.show_project(ws, group.project_id)
findings = ws.findings(group.id)
task = ws.analysis_under_way(group.id)

with st.container(horizontal=True):
    st.page_link(
        page_at("session"), label="Back to the session", icon=":material/arrow_back:", query_params={"id": group.id}
    )
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(safe_markdown(group.title), width="content")
    state_badge(group)

if task and not (findings and findings.created_at > task.created_at):
    task_progress(ws, task, "Finding themes")
if not task or task.state.is_over:
    words = "Find themes again" if findings else "Find themes"
    if st.button(
        words, type="secondary" if findings else "primary", icon=":material/lightbulb:", disabled=group.next_seq < 2
    ):
        with say_here():
            ws.analyse(group.id)
            st.rerun()
    if group.next_seq > 1:
        foretell(ws.estimate_analysis(group.id), ws.my_quota())

if findings:
    st.subheader("Summary")
    st.markdown(safe_markdown(findings.summary))
    st.caption(
        f"Messages 1–{findings.through_seq}, read {when(findings.created_at)} by {safe_markdown(findings.model)}"
    )
    if task and task.estimate:
        compare(task.estimate, ws.task_spent(task.id))
    if findings.through_seq < group.next_seq - 1:
        st.info("More was said since; find themes again to include it.", icon=":material/update:")
    st.subheader("Themes")
    if findings.themes:
        theme_prevalence(findings, len(group.participants))
    for theme in findings.themes:
        draw_theme(group, theme)
    st.caption(f"{findings.dropped_quotes} quotes were dropped because they are not in the message they cite.")
elif not task or task.state.is_over:
    st.info(
        "No themes yet. They are found from what was said, and every quote is checked against its message.",
        icon=":material/lightbulb:",
    )
draw_talk(ws, group)
downloads(ws, group, findings)
