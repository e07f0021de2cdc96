"""Files to take along, written when somebody asks for them, and the method card that belongs to each."""

from collections.abc import Callable

import streamlit as st

from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.theme import Findings
from semblance_core.reports import exports
from semblance_core.reports.escape import safe_file_name
from semblance_core.reports.html_report import report_html
from semblance_core.reports.report import edited_words, method_card, report_markdown
from semblance_core.workspace import Workspace
from ui.words import safe_markdown

Write = Callable[[], str]


def files_view(ws: Workspace, group: FocusGroup, findings: Findings | None) -> None:
    def report(write: Callable[..., str]) -> str:
        return write(group, ws.messages(group.id), findings, ws.session_usage(group.id))

    def card() -> str:
        return method_card(group, ws.messages(group.id), findings) + "\n"

    if findings and findings.is_edited:
        st.caption(safe_markdown(edited_words(findings)))
    no_themes = "Find themes first" if findings is None else None
    with st.grid(2, min_column_width=320) as grid:
        with grid.cell():
            _kind(
                group,
                "Report",
                "Summary, themes with their quotes, how the talk went, cost, method. The page opens in any browser, offline, "
                "with the transcript behind its quotes.",
                ("Page", "report.html", lambda: report(report_html)),
                ("Markdown", "report.md", lambda: report(report_markdown)),
            )
        with grid.cell():
            _kind(
                group,
                "Themes",
                no_themes or "Each theme with its quotes, their messages, speakers and sentiment.",
                ("JSON", "themes.json", lambda: exports.themes_json(findings)),
                ("CSV", "themes.csv", lambda: exports.themes_csv(findings)),
                disabled=findings is None,
            )
        with grid.cell():
            _kind(
                group,
                "Transcript",
                "Every message with its speaker, tokens and cost; failed and discarded ones too.",
                ("JSON lines", "transcript.jsonl", lambda: exports.transcript_jsonl(ws.messages(group.id))),
                ("CSV", "transcript.csv", lambda: exports.transcript_csv(ws.messages(group.id))),
            )
        with grid.cell():
            _kind(
                group,
                "Usage and method",
                "Every model call with its tokens and cost; and what has to be said wherever findings are shown.",
                ("Usage", "usage.csv", lambda: exports.usage_csv(ws.session_usage(group.id))),
                ("Method card", "method.md", card),
            )
    with st.container(border=True):
        st.markdown(method_card(group, ws.messages(group.id), findings, safe_markdown))


def _kind(group: FocusGroup, title: str, about: str, *written: tuple[str, str, Write], disabled: bool = False) -> None:
    """Files of one kind. Their names say where the simulator made what is in them."""
    name = safe_file_name(group.title) + ("-simulated" if group.simulated else "")
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        st.caption(about)
        with st.container(horizontal=True):
            for label, file_name, write in written:
                st.download_button(
                    label,
                    write,
                    f"{name}-{file_name}",
                    key=file_name,
                    icon=":material/download:",
                    on_click="ignore",
                    disabled=disabled,
                )
