"""Opinion shift of a session: each question of its ballot before → after, person by person, beside its control."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from semblance_core.analysis.shift.compared import Compared
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.instruments.answers import AnswerState
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.domain.instruments.flags import FLAG_WORDS
from semblance_core.domain.instruments.questions import NumberQuestion, OpenText, Rated, SingleChoice
from semblance_core.domain.plurals import number
from semblance_core.reports.escape import safe_file_name
from semblance_core.reports.shift import files
from semblance_core.reports.shift.result import OpinionShift, PersonsAnswers, QuestionShift
from semblance_core.reports.shift.words import (
    ABOUT,
    LABELS,
    NO_CONTROL,
    anchoring_words,
    answer_words,
    dissent_words,
    figure_words,
    freed_words,
    stance_words,
    value,
)
from semblance_core.workspace import Workspace
from ui.findings.flow import Flow, flow_chart
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.task_progress import task_progress
from ui.parts.words import Markdown, errors_inline, joined, md

DOING = md("Putting the ballot")
BEFORE_AFTER, CONTROL = (Wave.BEFORE, Wave.AFTER), (Wave.FIRST, Wave.AGAIN)
MOST_WORDS = 300


def shift_view(ws: Workspace, group: FocusGroup) -> None:
    """The whole view: what is there, what can be put, each question, files."""
    st.subheader("Opinion shift")
    task = ws.ballots.newest_task(group.id)
    if task:
        task_progress(ws, task, DOING)
    shift = ws.ballots.shift(group.id)
    if task is None or task.state.is_over:
        _putting(ws, group, shift)
    counts = shift.counts
    if not counts[Wave.BEFORE] and not counts[Wave.AFTER]:
        st.info("Nobody has answered the ballot yet.", icon=":material/how_to_vote:")
        return
    told = joined(" · ", (md("{}: {}", wave.value, count) for wave, count in counts.items()))
    st.caption(md("Private ballots of {}. {}", number(len(group.participants), "participant"), told))
    if not shift.has_control:
        st.warning(md("{}", NO_CONTROL), icon=":material/science:")
    for question in shift.questions:
        _question(shift, question)
    _files(shift)


def _putting(ws: Workspace, group: FocusGroup, shift: OpinionShift) -> None:
    """Draws a button for what is still to be put, with its estimate; nothing where all is there."""
    people, counts, has_ended = len(group.participants), shift.counts, group.state is FocusGroupState.ENDED
    lacks_after = counts[Wave.AFTER] < people or shift.through < group.next_seq - 1
    lacks_control = any(counts[wave] < people for wave in CONTROL)
    if not has_ended:
        st.caption("The ballot after is put by itself once the session has ended.")
    if not lacks_control and not (has_ended and lacks_after):
        return
    if group.state is FocusGroupState.DRAFT:
        return
    label = md("Put the ballot after") if has_ended and lacks_after else md("Put the control")
    first = FirstPaidRun(ws, f"ballot_{group.id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        begins = st.button(label, icon=":material/how_to_vote:")
        with st.container(gap=None), errors_inline():
            estimate_line(ws.ballots.estimate(group.id, control=True), ws.sessions.quota(group.id))
    if begins and first.waits(group.model):
        begins = False
    if first.confirmed(md("This ballot"), partial(ws.ballots.estimate, group.id, control=True)) or begins:
        with errors_inline():
            ws.ballots.put(group.id, control=True)
            st.rerun()


def _question(shift: OpinionShift, asked: QuestionShift) -> None:
    with st.container(border=True):
        st.markdown(md("**{}. {}**", asked.place + 1, asked.question.text))
        with st.container(horizontal=True, gap="small"):
            for flag in asked.flags:
                st.badge(md("{}", flag.label), color="gray", help=md("{}", FLAG_WORDS[flag]))
        _flows(shift, asked)
        if asked.figures:
            st.markdown(_figures(asked))
        for words in _sentences(shift, asked):
            st.caption(words)
        with st.expander(md("Each participant on question {}", asked.place + 1)):
            st.markdown(_people(asked))


def _flows(shift: OpinionShift, asked: QuestionShift) -> None:
    """Before → after and, beside it, the control's two times."""
    question = asked.question
    if not isinstance(question, Rated | NumberQuestion | SingleChoice):
        return
    left, right = st.columns(2)
    key = f"flow_{shift.group.id}_{asked.place}"
    with left:
        st.caption("Before → after the discussion")
        flow_chart(question, _moves(asked.people, BEFORE_AFTER), ("before", "after"), f"{key}_discussion")
    with right:
        st.caption("Control: twice, without the discussion")
        if asked.has_control:
            flow_chart(question, _moves(asked.people, CONTROL), ("first", "again"), f"{key}_control")
        else:
            st.markdown(":gray[Not put.]")


def _moves(people: Sequence[PersonsAnswers], waves: tuple[Wave, Wave]) -> list[Flow]:
    moves = []
    for person in people:
        one, other = (person.usable(wave) for wave in waves)
        if one and other:
            moves.append(Flow(person.name, _height(one.options, one.value), _height(other.options, other.value)))
    return moves


def _height(options: tuple[int, ...], points: float | None) -> float:
    return float(options[0]) if options else points or 0.0


def _figures(asked: QuestionShift) -> Markdown:
    """A line a figure, beside its control, and what it says below it; a table of sentences would not fit a narrow screen."""
    return joined("\n\n", map(_figure, asked.figures))


def _figure(each: Compared) -> Markdown:
    words = " ".join(filter(None, (figure_words(each), freed_words(each))))
    return md(
        "**{}**: {} · control {} :gray[:small[{}]]  \n:small[{}]",
        LABELS[each.figure],
        value(each, each.discussion),
        value(each, each.control),
        ABOUT[each.figure],
        words,
    )


def _sentences(shift: OpinionShift, asked: QuestionShift) -> list[Markdown]:
    told = [md("{} counted.", number(asked.counted, "participant"))]
    if isinstance(asked.question, Rated | NumberQuestion):
        told.append(md("{}", anchoring_words(shift.first, asked.anchoring, asked.anchoring_control)))
    told += [md("{}", words) for words in (dissent_words(asked.dissent), stance_words(asked)) if words]
    return told


def _people(asked: QuestionShift) -> Markdown:
    """A row a participant; words behind an answer stand below it."""
    waves = (*BEFORE_AFTER, *(CONTROL if asked.has_control else ()))
    head = joined(" | ", (md("{}", wave.value) for wave in waves))
    rows = []
    for person in asked.people:
        cells = joined(" | ", (_cell(asked, person, wave) for wave in waves))
        rows.append(md("| {} | {} |", person.name, cells))
    lines = md("|---|{}", joined("", (md("---|") for _ in waves)))
    return md("| Participant | {} |\n{}\n{}", head, lines, joined("\n", rows))


def _cell(asked: QuestionShift, person: PersonsAnswers, wave: Wave) -> Markdown:
    answer = person.answers.get(wave)
    words = _on_one_line(answer_words(asked.question, answer))
    if answer is None or answer.state is not AnswerState.ANSWERED or isinstance(asked.question, OpenText):
        return md("{}", words)
    return md("{} :gray[{}]", words, _on_one_line(answer.text)) if answer.text else md("{}", words)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())[:MOST_WORDS]


def _files(shift: OpinionShift) -> None:
    name = safe_file_name(shift.group.title)
    written = (
        (md("Ballots (CSV)"), "ballots.csv", files.ballots_csv),
        (md("Method card of the ballots"), "ballots-method.md", files.method_card),
    )
    with st.container(horizontal=True):
        for label, ending, write in written:
            st.download_button(
                label, partial(write, shift), f"{name}-{ending}", on_click="ignore", icon=":material/download:"
            )
    with st.container(border=True):
        rows = joined("\n", (md("| {} | {} |", each, _on_one_line(told)) for each, told in files.method_rows(shift)))
        st.markdown(md("## Method card\n\n| Item | Details |\n|---|---|\n{}\n\n{}", rows, files.LIMITS))
