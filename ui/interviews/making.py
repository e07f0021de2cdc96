"""Makes an interview round: the guide, who is asked, who asks, what it may cost, and the button that begins."""

import streamlit as st

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.discussion.focus_group import TITLE_CHARS, TOPIC_CHARS
from semblance_core.domain.discussion.guide import Guide, guide_reading
from semblance_core.domain.discussion.interviews import MOST_INTERVIEWS, RoundConfig
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.workspace import Workspace
from ui.app.runtime import calls_are_near
from ui.parts.estimates import FirstPaidRun, estimate_line
from ui.parts.long_text import example_button, long_text, short_text, text_saved
from ui.parts.model_field import model_field, say_of_model
from ui.parts.routes import page_at
from ui.parts.words import Markdown, errors_inline, joined, md, shortened, told_apart

GUIDE_CHARS, SHOWN_NOTES, NOTE_CHARS = 20_000, 6, 90
EXAMPLE = """## Habits
- When did you last buy oat milk?
- What made you choose it?
  - probe: what else was on the shelf

## The idea
- What would have to be different for you to buy more of it?
"""
MODEL, PERSON = "The model asks", "I ask"
PROBES: dict[Probing, Markdown] = {
    Probing.NONE: md("None: the guide's questions alone"),
    Probing.LIGHT: md("Light: one a question at most"),
    Probing.DEEP: md("Deep: two a question at most"),
}


def make_round(ws: Workspace, project: Project) -> None:
    """The whole form; begins a round and opens it."""
    calls_are_near()
    people = ws.personas.names(project.id)
    if not people:
        st.info("Interviews need personas in this project, and there are none yet.", icon=":material/groups:")
        st.page_link(page_at("personas"), label="Recruit, write or import personas", icon=":material/arrow_forward:")
    title = short_text(
        md("Title"), most=TITLE_CHARS, key=f"round_title_{project.id}", placeholder="Oat milk, one to one"
    )
    topic = short_text(
        md("Topic (optional)"),
        most=TOPIC_CHARS,
        key=f"round_topic_{project.id}",
        help="What the interview is about, as the people hear it. Without one they hear the questions alone, and never the title.",
    )
    text, guide = _guide(project.id)
    chosen = _people(project.id, people)
    by_person, probing = _asker(project.id)
    model, seed = _model(ws, project.id)
    wanted = None
    if guide and title.strip():
        wanted = RoundConfig(title.strip(), guide, topic.strip(), model, seed, probing, by_person)
    elif not title.strip():
        st.caption("Give the interviews a title to see what they may cost.")
    _begin(ws, project, wanted, text, chosen if people else [])


def _guide(project_id: str) -> tuple[str, Guide | None]:
    """The text, and the guide that it holds; None where it has no question."""
    left, right = st.columns([3, 2])
    key = f"round_guide_{project_id}"
    with left:
        text = long_text(
            md("Guide"),
            most=GUIDE_CHARS,
            keeps=_kept(project_id),
            placeholder=EXAMPLE,
            height=320,
            key=key,
            help="## for a section, - for a question, “probe:” below a question for a follow-up that you plan.",
        )
        example_button(key, EXAMPLE, md("guide"))
    reading = guide_reading(text)
    with right, st.container(border=True):
        guide = reading.guide
        if not guide.questions:
            st.markdown("**No question yet**")
            if not text.strip():
                st.caption("Write the guide, paste one, or use the example and change it.")
        else:
            st.markdown(md("**As it will be asked: {}**", number(len(guide.questions), "question")))
            st.markdown(joined("\n", (md("{}. {}", at, each) for at, each in enumerate(guide.questions, start=1))))
        for line in reading.left_out[:SHOWN_NOTES]:
            st.caption(md("Line {} is left out: {} “{}”", line.number, line.why, shortened(line.text, NOTE_CHARS)))
    return text, guide if guide.questions else None


def _people(project_id: str, people: dict[str, str]) -> list[str]:
    """Ids of those who are interviewed."""
    return st.multiselect(
        "Who is interviewed",
        list(people),
        default=list(people)[:MOST_INTERVIEWS],
        format_func=told_apart(people).__getitem__,
        max_selections=MOST_INTERVIEWS,
        key=f"round_people_{project_id}",
        placeholder="Choose personas",
        help="Each alone, in a session of their own; nobody hears the others.",
    )


def _asker(project_id: str) -> tuple[bool, Probing]:
    who = st.radio(
        "Who asks",
        (MODEL, PERSON),
        horizontal=True,
        key=f"round_asker_{project_id}",
        help="Where you ask, you open each person's session and put the guide's questions there, or your own.",
    )
    probing = st.selectbox(
        "Follow-ups by the model",
        list(PROBES),
        index=list(PROBES).index(Probing.LIGHT),
        format_func=PROBES.__getitem__,
        key=f"round_probing_{project_id}",
        disabled=who == PERSON,
    )
    return who == PERSON, probing


def _model(ws: Workspace, project_id: str) -> tuple[str, int]:
    with st.expander("Model and seed", icon=":material/tune:"):
        left, right = st.columns([2, 1])
        default = ws.models.defaults().talk
        model = model_field(ws, md("Model"), f"round_model_{project_id}", first=[default], value=default, where=left)
        seed = right.number_input(
            "Seed", min_value=0, value=0, key=f"round_seed_{project_id}", help="Draws the length and manner of answers."
        )
    say_of_model(ws, model)
    return model, int(seed or 0)


def _begin(ws: Workspace, project: Project, wanted: RoundConfig | None, text: str, chosen: list[str]) -> None:
    """The estimate and the button."""
    estimate: Estimate | None = None
    if wanted and chosen:
        with errors_inline():
            estimate = ws.interviews.estimate(project.id, wanted, chosen)
            if wanted.by_person:
                st.caption("Nothing is asked before you ask it. If the model asked, it would use:")
            estimate_line(estimate, ws.projects.quota(project.id))
    first = FirstPaidRun(ws, f"round_{project.id}")
    label = md("Begin {}", number(len(chosen), "interview")) if chosen else md("Begin the interviews")
    begins = st.button(label, type="primary", disabled=estimate is None, key=f"round_begin_{project.id}")
    if begins and wanted and not wanted.by_person and first.waits(wanted.model):
        begins = False
    if estimate and first.confirmed(md("These interviews"), lambda: estimate):
        begins = True
    if begins and wanted:
        with errors_inline():
            held = ws.interviews.start(project.id, wanted, chosen)
            text_saved(_kept(project.id), text)
            st.query_params.from_dict({"id": held.id})
            st.rerun()


def _kept(project_id: str) -> str:
    """The name that an unsaved guide is kept by."""
    return f"interview_guide:{project_id}"
