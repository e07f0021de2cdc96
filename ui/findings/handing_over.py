"""Deck, report and workbook of a session: sections chosen and the project's colour set first, then a file made when it is asked for."""

from functools import partial

import streamlit as st

from semblance_core.domain.accent import DEFAULT
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Findings
from semblance_core.reports.deliverables.content import PART_WORDS, Part
from semblance_core.reports.deliverables.kinds import FORMS, FileKind, named
from semblance_core.workspace import Workspace
from ui.parts.words import errors_inline, md, safe_markdown

OFFERED = (
    (FileKind.DECK, md("Deck (PowerPoint)"), ":material/slideshow:"),
    (FileKind.REPORT, md("Report (Word)"), ":material/description:"),
    (FileKind.WORKBOOK, md("Workbook (Excel)"), ":material/table:"),
)


def handing_over(ws: Workspace, group: FocusGroup, findings: Findings | None) -> None:
    """The box with the choice of sections and one button a format."""
    with st.container(border=True):
        st.markdown("**To hand over**")
        st.caption(
            "A deck with one finding a slide and charts that can be edited, a report, a workbook. Each says on every slide, page and "
            "sheet that participants are synthetic, and has the method card."
        )
        project = ws.projects.get(group.project_id)
        surveys = ws.surveys.of_project(group.project_id)
        offered = [part for part in Part if part is not Part.SURVEY or surveys]
        chosen = st.pills(
            "Sections",
            offered,
            default=[part for part in offered if part is not Part.TRANSCRIPT],
            selection_mode="multi",
            format_func=lambda part: safe_markdown(PART_WORDS[part]),
            key=f"parts_{group.id}",
        )
        survey_id = ""
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if surveys and Part.SURVEY in chosen:
                titles = {survey.id: safe_markdown(survey.title) for survey in surveys}
                survey_id = st.selectbox("Survey", titles, format_func=lambda each: titles[each], width=320)
            _colour(ws, project)
        with st.container(horizontal=True):
            for kind, label, icon in OFFERED:
                st.download_button(
                    label,
                    partial(_made, ws, group.id, kind, tuple(chosen), findings, survey_id),
                    named(group, FORMS[kind].ending),
                    FORMS[kind].media_type,
                    key=f"file_{kind}",
                    icon=icon,
                    on_click="ignore",
                )


def _made(
    ws: Workspace, group_id: str, kind: FileKind, parts: tuple[Part, ...], findings: Findings | None, survey_id: str
) -> bytes:
    analysis_id = findings.analysis_id if findings else ""
    return ws.findings.file(group_id, kind, parts, analysis_id=analysis_id, survey_id=survey_id).content


def _colour(ws: Workspace, project: Project) -> None:
    """The colour of the project's files; it is kept as soon as another one is picked."""
    key = f"accent_{project.id}"

    def keep() -> None:
        with errors_inline():
            ws.projects.describe(project.id, accent=st.session_state[key])

    now = project.accent or f"#{DEFAULT.lower()}"
    st.color_picker("Colour of this project's files", now, key=key, on_change=keep)
