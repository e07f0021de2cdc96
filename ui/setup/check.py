"""The wizard's last step: the whole set-up on one screen, what is still missing, and the ways to begin."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import number
from semblance_core.flows.attach import still_read_words
from ui.faces.avatar import avatar
from ui.parts.estimates import FirstPaidRun
from ui.parts.routes import open_page
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, joined, md, safe_markdown, shortened, show_error
from ui.session.controls import run_words
from ui.setup.draft import UNTITLED, Draft
from ui.setup.steps import STEPS, costs, guide_words, may_run
from ui.stimuli.adding import reading

FACE_PX = 36
TOPIC_SHOWN = 600


def check_step(draft: Draft, go_to: Callable[[str], None]) -> None:
    """go_to: shows another step, for a button's `on_click`."""
    if draft.group is None:
        st.info("There is nothing to check yet. Begin with a title or a topic.", icon=":material/edit:")
        return
    stimuli, still_read = draft.ws.stimuli.of_session(draft.group.id), ""
    for name, words in _parts(draft, stimuli).items():
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{STEPS[name][0]}**", width="stretch")
                key = draft.key(f"change_{name}")
                label = named_for(md("Change"), STEPS[name][0])
                st.button(label, key=key, type="tertiary", icon=":material/edit:", on_click=go_to, args=(name,))
            st.markdown(words)
            if name == "participants" and draft.set_up.participants:
                people = draft.set_up.participants
                images = [avatar(person.name, person) for person in people]
                st.image(images, width=FACE_PX, alt=[f"Portrait of {person.name}" for person in people])
        if name == "stimuli":
            still_read = still_read_words(reading(draft.ws, draft.group, draft.scope))
    costs(draft)
    for words in missing(draft, stimuli, still_read):
        st.warning(words, icon=":material/rule:")
    for what, why in draft.all_refused().items():
        st.error(md("Not saved ({}): {}", what.replace("_", " "), why), icon=":material/info:")
    _begin(draft, draft.group)


def missing(draft: Draft, stimuli: Sequence[Asset] = (), still_read: str = "") -> list[Markdown]:
    """Returns what one may want to look at before the session begins, as sentences.

    still_read: says that stimuli are still being read; empty where none are.
    """
    set_up, found = draft.set_up, [safe_markdown(still_read)] if still_read else []
    if set_up.title == UNTITLED:
        found.append(md("The focus group has no title yet."))
    if not set_up.topic.strip():
        found.append(md("The topic is empty, so participants are told the title in its place."))
    if len(set_up.participants) < 2:
        found.append(md("A discussion that runs by itself needs at least two participants."))
    if not set_up.guide.questions:
        found.append(md("A discussion that runs by itself follows the guide, which has no questions yet."))
    if draft.group:
        found += [safe_markdown(problem) for problem in draft.ws.stimuli.plan(draft.group.id)[1]]
    if blank := [section.title for section in set_up.guide.sections if not section.questions]:
        found.append(md("The section “{}” has no questions.", shortened(blank[0], 60)))
    mute = [asset.name for asset in stimuli if asset.is_picture and not asset.description]
    if mute and draft.group and not draft.ws.stimuli.sees_pictures(draft.group.id):
        more = md(" and {} more have" if len(mute) > 1 else " has", len(mute) - 1)
        found.append(md("The model may not be able to see pictures: “{}”{} no description yet.", mute[0], more))
    return found


def _parts(draft: Draft, stimuli: Sequence[Asset]) -> dict[str, Markdown]:
    """The set-up in words, by the step where it is changed."""
    set_up = draft.set_up
    sections = [
        md("{} ({})", section.title, len(section.questions)) for section in set_up.guide.sections if section.title
    ]
    guide = guide_words(set_up.guide, set_up.turn_limit)
    names = joined(", ", (safe_markdown(person.name) for person in set_up.participants))
    topic = safe_markdown(shortened(set_up.topic.strip(), TOPIC_SHOWN)) or md(":gray[No topic yet]")
    return {
        "topic": md("{}\n\n{}", set_up.title, topic),
        "guide": md("{}\n\n{}", guide, joined(" → ", sections)) if sections else guide,
        "stimuli": _shown(draft, stimuli),
        "participants": md("{}: {}", len(set_up.participants), names) if names else md(":gray[No participants yet]"),
        "limits": md("{}, at most {}, seed {}", set_up.model, number(set_up.turn_limit, "turn"), set_up.seed),
    }


def _shown(draft: Draft, stimuli: Sequence[Asset]) -> Markdown:
    """The stimuli, each with the question that it is shown with, and the order among groups."""
    if not stimuli or draft.group is None:
        return md(":gray[No stimuli]")
    plan, _ = draft.ws.stimuli.plan(draft.group.id)
    at = {each.asset_id: each.question + 1 for each in plan.placed}
    names = [
        md("{} (question {})", asset.name, at[asset.id]) if asset.id in at else safe_markdown(asset.name)
        for asset in sorted(stimuli, key=lambda asset: at.get(asset.id, 0))
    ]
    rotated = (
        [md(":gray[Order rotated, as for group {} of this project]", plan.group_number)] if plan.group_number else []
    )
    return joined("\n\n", [joined(", ", names), *rotated])


def _begin(draft: Draft, group: FocusGroup) -> None:
    refused: SemblanceError | None = None
    with st.container(horizontal=True):
        ready = may_run(draft)
        to_run = st.button("Run automatically", type="primary", icon=":material/play_circle:", disabled=not ready)
        nobody = not draft.set_up.participants
        to_moderate = st.button("Moderate it myself", icon=":material/record_voice_over:", disabled=nobody)
    first = FirstPaidRun(draft.ws, f"run_{group.id}")
    to_run = to_run and not first.waits(group.model)
    if ready and first.confirmed(run_words(group), partial(draft.ws.sessions.estimate_discussion, group.id)):
        to_run = True
    if to_run:
        try:
            draft.ws.sessions.start(group.id)
        except SemblanceError as failed:
            refused = failed
    if refused:
        show_error(refused)
    elif to_run or to_moderate:
        open_page("session", {"id": group.id})
