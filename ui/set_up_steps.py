"""The wizard's steps: what each asks, and the last one that says everything in words."""

from collections.abc import Callable

import streamlit as st

from semblance_core.conversation.agenda import least_turns
from semblance_core.domain.focus_group import MAX_TURNS, TITLE_CHARS, TOPIC_CHARS
from semblance_core.domain.guide import Guide
from semblance_core.domain.plurals import number
from semblance_core.flows.attach import still_to_read
from ui.draft import UNTITLED, Draft
from ui.estimates import outlook
from ui.guide_editor import GuideEditor
from ui.guide_sources import guide_sources
from ui.participants import participants
from ui.stimuli import add_stimuli, reading, stimulus_card
from ui.words import safe_markdown, say_here


def topic_step(draft: Draft) -> None:
    st.text_input(
        "Title",
        key=draft.field("title", "" if draft.set_up.title == UNTITLED else draft.set_up.title),
        max_chars=TITLE_CHARS,
        placeholder="Oat milk: habits and price",
        help="For you and in reports; participants do not see it.",
        on_change=draft.save_field,
        args=("title",),
    )
    draft.say_refused("title")
    st.text_area(
        "Topic: what participants are told it is about",
        key=draft.field("topic", draft.set_up.topic),
        max_chars=TOPIC_CHARS,
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
        words = (
            "No question yet: take in a template, paste a guide, or add a section. What you moderate can do without."
        )
        st.info(words, icon=":material/list:")
    guide_sources(draft, editor)
    editor.draw()


def participants_step(draft: Draft) -> None:
    participants(draft)


def stimuli_step(draft: Draft) -> None:
    st.caption(
        "What participants are shown with the first question: a concept, a leaflet, an advertisement. Optional; more can be shown "
        "later, while you moderate."
    )
    there = draft.ws.stimuli(draft.group.id) if draft.group else []
    tasks = draft.ws.stimulus_tasks(draft.group.id) if draft.group else []
    waiting = still_to_read([task for task in tasks if not task.state.is_over])
    add_stimuli(draft.ws, draft.made, draft.scope, len(there) + waiting)
    draft.say_refused("stimuli")
    if draft.group:
        reading(draft.ws, draft.group, draft.scope)
    for asset in there:
        if draft.group:
            stimulus_card(draft.ws, draft.group, asset, draft.scope)


def limits_step(draft: Draft) -> None:
    default = draft.ws.settings.default_model
    st.text_input(
        "Model",
        key=draft.field("model", draft.set_up.model or default),
        max_chars=200,
        placeholder=default,
        help="Any litellm name, provider/model; empty for the platform's default.",
        on_change=draft.save_field,
        args=("model",),
    )
    draft.say_refused("model")
    names = {default: f"{default} (default)"} | {name: name for name in draft.ws.used_models() if name != default}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("Default, and used before:", width="content")
        for name, label in names.items():
            shown = safe_markdown(label)
            st.button(shown, key=draft.key(f"model_{name}"), type="tertiary", on_click=_take_model, args=(draft, name))
    left, right = st.columns(2)
    with left:
        st.number_input(
            "Turn limit",
            1,
            MAX_TURNS,
            key=draft.field("turn_limit", draft.set_up.turn_limit),
            help="Of an autonomous discussion: questions and answers together.",
            on_change=draft.save_field,
            args=("turn_limit",),
        )
        draft.say_refused("turn_limit")
    with right:
        st.number_input(
            "Seed",
            0,
            key=draft.field("seed", draft.set_up.seed),
            help="The same set-up and seed draw the same order of speakers and length of replies.",
            on_change=draft.save_field,
            args=("seed",),
        )
        draft.say_refused("seed")
    costs(draft)


def _take_model(draft: Draft, name: str) -> None:
    st.session_state[draft.key("model")] = name
    draft.save_field("model")


def costs(draft: Draft) -> None:
    """What an autonomous discussion may use, beside what is left."""
    st.subheader("What it may cost")
    if draft.group is None or not may_run(draft):
        st.caption("Said here once there is a guide with a question and two participants.")
        return
    with say_here():
        outlook(draft.ws.estimate_discussion(draft.group.id), draft.ws.session_quota(draft.group.id))


def may_run(draft: Draft) -> bool:
    return len(draft.set_up.participants) > 1 and bool(draft.set_up.guide.questions)


def guide_words(guide: Guide, turn_limit: int) -> str:
    """How many questions there are, and what that means in turns."""
    questions = len(guide.questions)
    if not questions:
        return "The guide has no question yet. A session that you moderate can do without one."
    least = least_turns(questions)
    count = number(questions, "question")
    if least > turn_limit:
        return f"{count}: at least {least} turns, more than the limit of {turn_limit} leaves room for."
    answers = (turn_limit - questions) // questions
    turns = f"{least}–{turn_limit}" if least < turn_limit else f"{turn_limit}"
    return f"{count}: {turns} turns, up to about {number(answers, 'answer')} to each."


Step = Callable[[Draft], None]
STEPS: dict[str, tuple[str, Step]] = {
    "topic": ("Topic", topic_step),
    "guide": ("Guide", guide_step),
    "stimuli": ("Stimuli", stimuli_step),
    "participants": ("Participants", participants_step),
    "limits": ("Model and limits", limits_step),
}
"""Each step but the last by its name in the address: what it is called, and what draws it."""
CHECK = "check"
