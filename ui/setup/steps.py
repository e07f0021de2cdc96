"""The wizard's steps: what each asks, and the last one that says everything in words."""

from collections.abc import Callable

import streamlit as st

from semblance_core.conversation.allotment import least_turns
from semblance_core.conversation.spoken_language import language_of_text
from semblance_core.domain.discussion.focus_group import LANGUAGE_CHARS, MAX_TURNS, TITLE_CHARS, TOPIC_CHARS
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.plurals import number
from semblance_core.flows.attach import still_to_read
from ui.parts.estimates import estimate_metrics
from ui.parts.long_text import long_text, short_text
from ui.parts.model_field import model_field, say_of_model
from ui.parts.words import Markdown, errors_inline, md
from ui.setup.ballot import ballot_field, ballots_cost
from ui.setup.draft import UNTITLED, Draft
from ui.setup.guide_editor import GuideEditor
from ui.setup.guide_sources import guide_sources
from ui.setup.participants import participants
from ui.stimuli.adding import add_stimuli, reading, stimulus_card


def topic_step(draft: Draft) -> None:
    short_text(
        md("Title"),
        key=draft.field("title", title := "" if draft.set_up.title == UNTITLED else draft.set_up.title),
        keeps=draft.text("title"),
        saved=title,
        most=TITLE_CHARS,
        placeholder="Oat milk: habits and price",
        help="Shown to you and in reports, not to participants.",
        on_change=draft.save_field,
        args=("title",),
    )
    draft.say_refused("title")
    long_text(
        md("Topic, as participants are told it"),
        key=draft.field("topic", draft.set_up.topic),
        keeps=draft.text("topic"),
        saved=draft.set_up.topic,
        most=TOPIC_CHARS,
        height=140,
        placeholder="Oat milk in everyday life: when people use it, and what they think of its price",
        on_change=draft.save_field,
        args=("topic",),
    )
    draft.say_refused("topic")


def guide_step(draft: Draft) -> None:
    editor = GuideEditor(draft)
    if editor.guide.sections:
        st.caption(guide_words(draft.set_up.guide, draft.set_up.turn_limit))
    else:
        words = "No questions yet. Insert a template, paste a guide or add a section. A session that you moderate does not need a guide."
        st.info(words, icon=":material/list:")
    guide_sources(draft, editor)
    editor.draw()


def participants_step(draft: Draft) -> None:
    participants(draft)


PROBING_WORDS = {
    Probing.NONE: "None: the guide as it stands",
    Probing.LIGHT: "Light: one a question",
    Probing.DEEP: "Deep: two a question",
}


def stimuli_step(draft: Draft) -> None:
    st.caption(
        "Participants see these with the first question: a concept, a leaflet, an advertisement. To show one with a later "
        "question, choose it at that question in the guide. Optional; you can add more while you moderate."
    )
    there = draft.ws.stimuli.of_session(draft.group.id) if draft.group else []
    tasks = draft.ws.stimuli.tasks(draft.group.id) if draft.group else []
    waiting = still_to_read([task for task in tasks if not task.state.is_over])
    add_stimuli(draft.ws, draft.made, draft.scope, len(there) + waiting)
    draft.say_refused("stimuli")
    if draft.group:
        reading(draft.ws, draft.group, draft.scope)
    for asset in there:
        if draft.group:
            stimulus_card(draft.ws, draft.group, asset, draft.scope)


def limits_step(draft: Draft) -> None:
    default = draft.ws.models.defaults().talk
    model_field(
        draft.ws,
        md("Model"),
        draft.field("model", draft.set_up.model or default),
        first=(default, *draft.ws.sessions.used_models()),
        on_change=draft.save_field,
        args=("model",),
    )
    draft.say_refused("model")
    if "model" not in draft.window.refused:
        say_of_model(draft.ws, draft.set_up.model)
    left, right = st.columns(2)
    with left:
        st.number_input(
            "Turn limit",
            1,
            MAX_TURNS,
            key=draft.field("turn_limit", draft.set_up.turn_limit),
            help="For an autonomous discussion, counting questions and answers.",
            on_change=draft.save_field,
            args=("turn_limit",),
        )
        draft.say_refused("turn_limit")
    with right:
        st.number_input(
            "Seed",
            0,
            key=draft.field("seed", draft.set_up.seed),
            help="The same set-up and seed give the same order of speakers and reply lengths.",
            on_change=draft.save_field,
            args=("seed",),
        )
        draft.say_refused("seed")
    of_guide = language_of_text(" ".join(draft.set_up.guide.questions)) or "the guide's"
    short_text(
        md("Language"),
        key=draft.field("language", draft.set_up.language),
        most=LANGUAGE_CHARS,
        placeholder=f"As the guide: {of_guide}" if of_guide != "the guide's" else "As the guide",
        help="Participants, moderator, themes and summary keep to it. Leave it empty for the language of the guide. Questions stay as "
        "the guide has them.",
        on_change=draft.save_field,
        args=("language",),
    )
    draft.say_refused("language")
    st.segmented_control(
        "Follow-up questions",
        list(Probing),
        key=draft.field("probing", draft.set_up.probing),
        format_func=PROBING_WORDS.__getitem__,
        required=True,
        help=(
            "For an autonomous discussion. The moderator opens it, asks about thin or unclear answers, invites participants who have "
            "not been heard, and asks at the end what was missed."
        ),
        on_change=draft.save_field,
        args=("probing",),
    )
    draft.say_refused("probing")
    st.toggle(
        "Each answers every question alone first",
        key=draft.field("private_first", draft.set_up.private_first),
        help="In writing, before the discussion of it: one call a participant and question. You see the answers; the other participants "
        "never do. The guide can ask for it at single questions.",
        on_change=draft.save_field,
        args=("private_first",),
    )
    draft.say_refused("private_first")
    ballot_field(draft)
    costs(draft)


def costs(draft: Draft) -> None:
    """Draws what an autonomous discussion may use, beside what is left."""
    st.subheader("Estimated cost")
    if draft.group is None or not may_run(draft):
        st.caption("The estimate appears once there is a guide with a question and two participants.")
        return
    with errors_inline():
        estimate_metrics(draft.ws.sessions.estimate_discussion(draft.group.id), draft.ws.sessions.quota(draft.group.id))
        ballots_cost(draft)


def may_run(draft: Draft) -> bool:
    return len(draft.set_up.participants) > 1 and bool(draft.set_up.guide.questions)


def guide_words(guide: Guide, turn_limit: int) -> Markdown:
    """Returns, in words, how many questions there are and what that means in turns."""
    questions = len(guide.questions)
    if not questions:
        return md("The guide has no questions yet. A session that you moderate does not need any.")
    least = least_turns(questions)
    count = number(questions, "question")
    if least > turn_limit:
        return md("{}: at least {} turns, which exceeds the limit of {}.", count, least, turn_limit)
    answers = (turn_limit - questions) // questions
    turns = f"{least}–{turn_limit}" if least < turn_limit else f"{turn_limit}"
    return md("{}: {} turns, up to about {} each.", count, turns, number(answers, "answer"))


Step = Callable[[Draft], None]
STEPS: dict[str, tuple[Markdown, Step]] = {
    "topic": (md("Topic"), topic_step),
    "guide": (md("Guide"), guide_step),
    "stimuli": (md("Stimuli"), stimuli_step),
    "participants": (md("Participants"), participants_step),
    "limits": (md("Model and limits"), limits_step),
}
"""Each step but the last by its name in the address: what it is called, and what draws it."""
CHECK = "check"
