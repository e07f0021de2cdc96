"""Files to take along, written when somebody asks for them, and the method card that belongs to each."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Findings
from semblance_core.reports import exports
from semblance_core.reports.deliverables.kinds import FORMS, FileKind, named
from semblance_core.reports.html_report import report_html
from semblance_core.reports.report import LIMITS, edited_words, method_card, method_rows, report_markdown
from semblance_core.workspace import Workspace
from ui.findings.handing_over import handing_over
from ui.findings.sharing import sharing
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, joined, md, safe_markdown

Write = Callable[[], str | bytes]


def files_view(ws: Workspace, group: FocusGroup, findings: Findings | None) -> None:
    def report(write: Callable[..., str]) -> str:
        return write(group, ws.sessions.messages(group.id), findings, ws.sessions.calls(group.id))

    def card() -> str:
        return method_card(group, ws.sessions.messages(group.id), findings) + "\n"

    people = len(group.participants)
    if findings and findings.is_edited:
        st.caption(safe_markdown(edited_words(findings)))
    handing_over(ws, group, findings)
    sharing(ws, group, findings)
    no_themes = md("Find themes first") if findings is None else None
    with st.grid(2, min_column_width=320) as grid:
        with grid.cell():
            _kind(
                group,
                md("Report"),
                md(
                    "Summary, themes with quotes, course of the discussion, cost and method. The page opens offline in any "
                    "browser and includes the transcript behind its quotes."
                ),
                (md("Page"), "report.html", lambda: report(report_html)),
                (md("Markdown"), "report.md", lambda: report(report_markdown)),
            )
        with grid.cell():
            _kind(
                group,
                md("Themes"),
                no_themes or md("Each theme with its quotes, their messages, speakers and sentiment."),
                (md("JSON"), "themes.json", lambda: exports.themes_json(findings, people)),
                (named_for(md("CSV"), "of the themes"), "themes.csv", lambda: exports.themes_csv(findings, people)),
                disabled=findings is None,
            )
        with grid.cell():
            _kind(
                group,
                md("Transcript"),
                md(
                    "JSONL and CSV have every message with tokens and cost, also failed and discarded ones; the others have what was "
                    "said. Times in WebVTT are estimated from the words."
                ),
                (
                    md("JSONL"),
                    "transcript.jsonl",
                    lambda: exports.transcript_jsonl(ws.sessions.messages(group.id)),
                ),
                (
                    named_for(md("CSV"), "of the transcript"),
                    "transcript.csv",
                    lambda: exports.transcript_csv(ws.sessions.messages(group.id)),
                ),
                *(
                    (label, FORMS[kind].ending, partial(_as_file, ws, group.id, kind))
                    for kind, label in (
                        (FileKind.TRANSCRIPT_DOCX, named_for(md("Word"), "of the transcript")),
                        (FileKind.TRANSCRIPT_VTT, md("WebVTT")),
                        (FileKind.TRANSCRIPT_JSON, named_for(md("JSON"), "of the transcript")),
                    )
                ),
            )
        with grid.cell():
            _kind(
                group,
                md("Coding"),
                md(
                    "The transcript with codebook, codings, participants as cases and memos in REFI-QDA, which tools for qualitative "
                    "analysis exchange; codings as a table. Both say of each who made it, a person or a model, and who confirmed it."
                ),
                (md("REFI-QDA"), FORMS[FileKind.QDPX].ending, partial(_as_file, ws, group.id, FileKind.QDPX)),
                (
                    named_for(md("CSV"), "of the codings"),
                    FORMS[FileKind.CODINGS_CSV].ending,
                    partial(_as_file, ws, group.id, FileKind.CODINGS_CSV),
                ),
            )
        with grid.cell():
            _kind(
                group,
                md("Usage and method"),
                md("Every model call with its tokens and cost; and the disclosures that must accompany any findings."),
                (md("Usage"), "usage.csv", lambda: exports.usage_csv(ws.sessions.calls(group.id))),
                (md("Method card"), "method.md", card),
            )
    with st.container(border=True):
        st.markdown(_method(method_rows(group, ws.sessions.messages(group.id), findings)))


def _as_file(ws: Workspace, group_id: str, kind: FileKind) -> bytes:
    return ws.findings.file(group_id, kind).content


def _method(rows: Sequence[tuple[str, str]]) -> Markdown:
    table = joined("\n", (md("| {} | {} |", name, " ".join(value.split())) for name, value in rows))
    return md("## Method card\n\n| Item | Details |\n|---|---|\n{}\n\n{}", table, LIMITS)


def _kind(
    group: FocusGroup, title: Markdown, about: Markdown, *written: tuple[Markdown, str, Write], disabled: bool = False
) -> None:
    """Files of one kind. Their names say where the simulator made what is in them."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        st.caption(about)
        with st.container(horizontal=True):
            for label, file_name, write in written:
                st.download_button(
                    label,
                    write,
                    named(group, file_name),
                    key=file_name,
                    icon=":material/download:",
                    on_click="ignore",
                    disabled=disabled,
                )
