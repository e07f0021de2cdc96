"""Makes a survey: the questionnaire with a check beside it, who is asked and how, what it may cost, and the button that begins."""

import streamlit as st

from semblance_core.analysis.surveys.stopping import FEWEST, STEP
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.markdown import TEXT_CHARS, read_questionnaire
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import (
    MultipleChoice,
    NumberQuestion,
    OptionQuestion,
    Question,
    Rated,
    Scale,
)
from semblance_core.domain.instruments.survey import MOST_RESPONDENTS, can_compare
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.workspace import Workspace
from ui.app.runtime import calls_are_near
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.long_text import example_button, long_text, text_saved
from ui.parts.model_field import model_field, say_of_model
from ui.parts.routes import page_at
from ui.parts.words import Markdown, errors_inline, joined, md, safe_markdown, told_apart

SHOWN_MISTAKES = 8
PRECISIONS = (0, 10, 5, 3)
"""Percentage points that a survey may stop at; 0 for asking everybody."""
EXAMPLE = """# A new oat milk

Imagine a carton of oat milk at your usual shop: one litre, 1.80, made from oats grown within 100 km.

## How much do you like the idea?
type: scale
low: not at all
high: very much
anchors: appeal

## How likely are you to buy it?
type: scale
low: I would never buy it
high: I would buy it today
anchors: purchase intent

## Which matters most to you?
type: single choice
- The price
- The taste
- Where the oats come from

## What would keep you from buying it?
type: open
"""
WAYS: dict[RatingMethod, Markdown] = {
    RatingMethod.DIRECT: md("Direct: the model names a point"),
    RatingMethod.SIMILARITY: md("Similarity: free text, then compared with anchored statements (English)"),
    RatingMethod.VERBALISED: md("Verbalised: the model states how likely each point is"),
}
ABOUT_WAYS = (
    "A scale is asked once for each way that is chosen, so that ways can be compared. In one test direct rating hit a known answer "
    "more often (83–87% against 65–67%), and its answers varied less than people's. Similarity fits scales of five points that name "
    "their anchors."
)


def make_survey(ws: Workspace, project: Project) -> None:
    """The whole form; begins a survey and opens it."""
    calls_are_near()
    people = ws.personas.names(project.id)
    if not people:
        st.info("A survey asks personas of this project, and there are none yet.", icon=":material/groups:")
        st.page_link(page_at("personas"), label="Recruit, write or import personas", icon=":material/arrow_forward:")
    text, questionnaire = _questionnaire(project.id)
    chosen = _people(project.id, people)
    ways = _ways(project.id)
    points = _precision(project.id, len(people) if chosen is None else len(chosen))
    model, seed = _model(ws, project.id)
    _begin(ws, project, questionnaire, text, chosen, ways, model, seed, points, has_people=bool(people))


def _questionnaire(project_id: str) -> tuple[str, Questionnaire | None]:
    """The text, and the questionnaire that it holds; None where it has mistakes, which are shown."""
    left, right = st.columns([3, 2])
    key = f"survey_text_{project_id}"
    with left:
        text = long_text(
            md("Questionnaire, as Markdown"),
            most=TEXT_CHARS,
            keeps=_kept(project_id),
            placeholder=EXAMPLE,
            height=460,
            key=key,
            help="# title, the text that everybody reads, then each question below ##, with its type and its options.",
        )
        example_button(key, EXAMPLE, md("questionnaire"))
    reading = read_questionnaire(text)
    with right, st.container(border=True):
        if not text.strip():
            st.markdown("**No question yet**")
            st.caption("Write the questionnaire, paste one, or use the example and change it.")
        elif reading.questionnaire is None:
            st.markdown("**To be mended**")
            for mistake in reading.mistakes[:SHOWN_MISTAKES]:
                st.markdown(md("- **Line {}:** {}", mistake.line, mistake.words))
            if (more := len(reading.mistakes) - SHOWN_MISTAKES) > 0:
                st.caption(f"And {more} more.")
        else:
            questions = reading.questionnaire.questions
            st.markdown(md("**As it will be asked: {}**", number(len(questions), "question")))
            st.markdown(joined("\n", (_line_of(at, each) for at, each in enumerate(questions, start=1))))
    return text, reading.questionnaire


def _line_of(at: int, question: Question) -> Markdown:
    return md("{}. {}  \n   :gray[{}]", at, question.text, _about(question))


def _about(question: Question) -> str:
    """The form of a question in a few words."""
    told = [question.type_name]
    if isinstance(question, OptionQuestion):
        told.append(f"{number(len(question.options), 'option')}{', shuffled' if question.shuffle else ''}")
    if isinstance(question, MultipleChoice) and question.most:
        told.append(f"at most {question.most}")
    if isinstance(question, Rated):
        told.append(f"{question.values[0]} {question.low} … {question.values[-1]} {question.high}")
    if isinstance(question, Scale) and question.topic:
        told.append(f"anchors: {question.topic}")
    if isinstance(question, NumberQuestion):
        bounds = (("at least", question.least), ("at most", question.most))
        told += [f"{word} {bound:g}" for word, bound in bounds if bound is not None]
        told += [question.unit] if question.unit else []
    if not question.dont_know:
        told.append("everybody answers")
    return " · ".join(told)


def _people(project_id: str, people: dict[str, str]) -> list[str] | None:
    """Ids of those who are asked; None for all."""
    everyone = f"All {len(people):,} personas" if len(people) != 1 else "The one persona"
    who = st.radio("Who is asked", (everyone, "Some of them"), horizontal=True, key=f"survey_who_{project_id}")
    if who == everyone:
        return None
    return st.multiselect(
        "Personas",
        list(people),
        format_func=told_apart(people).__getitem__,
        max_selections=MOST_RESPONDENTS,
        key=f"survey_people_{project_id}",
        placeholder="Choose personas",
    )


def _ways(project_id: str) -> list[RatingMethod]:
    return st.multiselect(
        "How scales are answered",
        list(WAYS),
        default=[RatingMethod.DIRECT],
        format_func=WAYS.__getitem__,
        key=f"survey_ways_{project_id}",
        help=ABOUT_WAYS,
    )


def _precision(project_id: str, size: int) -> int:
    """The percentage points to stop at; 0 for asking everybody. Offered only to panels that are larger than the first look."""
    if size <= FEWEST:
        return 0
    return st.selectbox(
        "Ask until",
        PRECISIONS,
        format_func=lambda points: (
            md("every share is within ±{} points", points) if points else md("everybody has been asked")
        ),
        key=f"survey_precision_{project_id}",
        help=f"Looked at after {FEWEST} personas and each {STEP} more, by resampling those asked. It says how far shares would move "
        "with other personas of this kind, not how near they are to people's. The estimate is that of asking everybody.",
    )


def _model(ws: Workspace, project_id: str) -> tuple[str, int]:
    with st.expander("Model and seed", icon=":material/tune:"):
        left, right = st.columns([2, 1])
        default = ws.models.defaults().talk
        model = model_field(ws, md("Model"), f"survey_model_{project_id}", first=[default], value=default, where=left)
        seed = right.number_input(
            "Seed", min_value=0, value=0, key=f"survey_seed_{project_id}", help="Draws each person's order of options."
        )
    say_of_model(ws, model)
    return model, int(seed or 0)


def _begin(
    ws: Workspace,
    project: Project,
    questionnaire: Questionnaire | None,
    text: str,
    chosen: list[str] | None,
    ways: list[RatingMethod],
    model: str,
    seed: int,
    points: int,
    *,
    has_people: bool,
) -> None:
    """The estimate and the button."""
    estimate: Estimate | None = None
    if questionnaire and has_people and chosen != [] and ways:
        _say_what_is_direct(questionnaire, ways)
        with errors_inline():
            estimate = ws.surveys.estimate(project.id, text, chosen, methods=ways, model=model)
            estimate_line(estimate, ws.projects.quota(project.id))
    first = FirstPaidRun(ws, f"survey_{project.id}")
    begins = st.button("Begin the survey", type="primary", disabled=estimate is None)
    if begins and first.waits(model):
        begins = False
    if estimate and first.confirmed(md("This survey"), lambda: estimate):
        begins = True
    if begins:
        with errors_inline():
            survey = ws.surveys.begin(
                project.id, text, chosen, methods=ways, model=model, seed=seed, precision_points=points
            )
            text_saved(_kept(project.id), text)
            st.query_params.from_dict({"id": survey.id})
            st.rerun()


def _say_what_is_direct(questionnaire: Questionnaire, ways: list[RatingMethod]) -> None:
    if RatingMethod.SIMILARITY not in ways:
        return
    cannot = [
        str(at)
        for at, each in enumerate(questionnaire.questions, start=1)
        if isinstance(each, Rated) and not can_compare(each)
    ]
    if cannot:
        words = "asked in the other ways chosen, or directly: similarity needs five points and a line “anchors: …”."
        st.caption(safe_markdown(f"Question {', '.join(cannot)} {'is' if len(cannot) == 1 else 'are'} {words}"))


def _kept(project_id: str) -> str:
    """The name that an unsaved questionnaire is kept by."""
    return f"questionnaire:{project_id}"
