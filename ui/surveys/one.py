"""One survey: how far it is, its results, cross-tables, files, and how it came about."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from semblance_core.domain.instruments.questions import OpenText
from semblance_core.domain.instruments.survey import Survey
from semblance_core.domain.plurals import number
from semblance_core.reports.escape import safe_file_name
from semblance_core.reports.surveys import files
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.reports.surveys.method import LIMITS, method_card, method_rows
from semblance_core.workspace import Workspace
from ui.parts.deletion import is_sure
from ui.parts.estimates import compare
from ui.parts.in_address import Choice, by_text
from ui.parts.routes import open_page
from ui.parts.task_progress import task_progress
from ui.parts.words import Markdown, errors_inline, joined, md, show_done, when
from ui.surveys.charts import cross_chart
from ui.surveys.listing import task_of
from ui.surveys.results import results_view

RESULTS, CROSS, FILES, QUESTIONS = "Results", "Cross-table", "Files and method", "Questionnaire"


def survey_view(ws: Workspace, survey: Survey) -> None:
    """The survey by one of its views, which stands in the address."""
    answered = ws.surveys.answered(survey.id)
    _head(ws, survey, answered)
    task = task_of(ws, survey.id)
    if task is None:
        st.warning("This survey was never begun; delete it and begin it anew.", icon=":material/warning:")
    else:
        task_progress(ws, task, md("Survey"))
        if task.state.is_over:
            compare(task.estimate, ws.tasks.spent(task.id))
    views = Choice("view", f"survey/{survey.id}", among=by_text((RESULTS, CROSS, FILES, QUESTIONS)), default=RESULTS)
    view = views.show()
    st.segmented_control(
        "View",
        (RESULTS, CROSS, FILES, QUESTIONS),
        key=views.key,
        on_change=views.keep,
        required=True,
        label_visibility="collapsed",
    )
    if view == QUESTIONS:
        st.code(survey.questionnaire, language="markdown", wrap_lines=True)
    elif view == FILES:
        _files(answered)
    elif not answered.given:
        st.info("Nobody has answered yet.", icon=":material/hourglass_empty:")
    elif view == CROSS:
        _cross(answered)
    else:
        results_view(answered)


def _head(ws: Workspace, survey: Survey, answered: AnsweredSurvey) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(md("{}", survey.title), width="stretch")
        if st.button("Delete", icon=":material/delete:", type="tertiary"):
            _delete(ws, survey)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("synthetic", color="violet", help="A model answered in the place of each persona.")
        if answered.simulated:
            st.badge("simulated", color="gray", help="The built-in simulator answered, not a language model.")
        asked = number(survey.size, "persona")
        if survey.stopped_after:
            asked = f"stopped after {survey.stopped_after:,} of {asked}, every share within ±{survey.precision_points} points"
        about = md("{} · {} · {}", asked, survey.model, when(survey.created_at))
        st.caption(about, width="content")


@st.dialog("Delete this survey?", icon=":material/delete:")
def _delete(ws: Workspace, survey: Survey) -> None:
    st.markdown(md("**{}** goes with all its answers. Its cost stays on record. This cannot be undone.", survey.title))
    with errors_inline():
        if is_sure():
            ws.surveys.delete(survey.id)
            show_done(md("Deleted {}", survey.title))
            open_page("surveys")


def _cross(answered: AnsweredSurvey) -> None:
    """People by their answers to two questions."""
    closed = {
        place: f"{place + 1}. {question.text}"
        for place, question in enumerate(answered.questionnaire.questions)
        if not isinstance(question, OpenText)
    }
    if len(closed) < 2:
        st.info("A cross-table needs two questions that are not open.", icon=":material/table_chart:")
        return
    scope, places = f"survey/{answered.survey.id}", list(closed)
    chosen = []
    for column, name, label, default in zip(
        st.columns(2), ("rows", "columns"), (md("Rows"), md("Columns")), places[:2], strict=True
    ):
        choice = Choice(name, scope, among=by_text(places), default=default)
        chosen.append(choice.show())
        column.selectbox(label, places, format_func=closed.__getitem__, key=choice.key, on_change=choice.keep)
    table = answered.cross(chosen[0], chosen[1])
    st.caption(
        md(
            "{} answered both. A distribution counts in parts, several choices in each of them.",
            number(table.people, "persona"),
        )
    )
    if table.people:
        cross_chart(table, f"cross_{answered.survey.id}")


def _files(answered: AnsweredSurvey) -> None:
    name = safe_file_name(answered.survey.title)
    written: list[tuple[Markdown, str, Callable[[AnsweredSurvey], str | bytes]]] = [
        (md("All files (ZIP)"), "survey.zip", files.archive),
        (md("Answers, long (CSV)"), "answers.csv", files.long_csv),
        (md("Answers, wide (CSV)"), "answers-wide.csv", files.wide_csv),
        (md("Columns of the wide form (CSV)"), "answers-wide-columns.csv", files.columns_csv),
        (md("Results (JSON)"), "results.json", files.results_json),
        (md("Method card"), "method.md", method_card),
    ]
    with st.container(horizontal=True):
        for label, ending, write in written:
            st.download_button(
                label, partial(write, answered), f"{name}-{ending}", on_click="ignore", icon=":material/download:"
            )
    with st.container(border=True):
        rows = joined("\n", (md("| {} | {} |", each, " ".join(value.split())) for each, value in method_rows(answered)))
        st.markdown(md("## Method card\n\n| Item | Details |\n|---|---|\n{}\n\n{}", rows, LIMITS))
