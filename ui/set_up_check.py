"""The wizard's last step: the whole set-up on one screen, what is still missing, and the ways to begin."""

from collections.abc import Callable, Sequence

import streamlit as st

from semblance_core.domain.asset import Asset
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.plurals import number
from semblance_core.flows.attach import still_read_words
from ui.avatar import avatar
from ui.draft import UNTITLED, Draft
from ui.routes import page_at
from ui.set_up_steps import STEPS, costs, guide_words, may_run
from ui.stimuli import reading
from ui.words import safe_markdown, say, shortened

FACE_PX = 36
TOPIC_SHOWN = 600


def check_step(draft: Draft, go_to: Callable[[str], None]) -> None:
    """go_to: shows another step, for a button's `on_click`."""
    if draft.group is None:
        st.info("There is nothing to check yet: begin with a title or a topic.", icon=":material/edit:")
        return
    stimuli, still_read = draft.ws.stimuli(draft.group.id), ""
    for name, words in _parts(draft, stimuli).items():
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{STEPS[name][0]}**", width="stretch")
                key = draft.key(f"change_{name}")
                st.button("Change", key=key, type="tertiary", icon=":material/edit:", on_click=go_to, args=(name,))
            st.markdown(words)
            if name == "participants" and draft.set_up.participants:
                people = draft.set_up.participants
                images = [avatar(person.name, person) for person in people]
                st.image(images, width=FACE_PX, alt=[person.name for person in people])  # type: ignore[arg-type]
        if name == "stimuli":
            still_read = still_read_words(reading(draft.ws, draft.group, draft.scope))
    costs(draft)
    for words in missing(draft, stimuli, still_read):
        st.warning(words, icon=":material/rule:")
    for what, why in draft.all_refused().items():
        st.error(f"Not saved ({what.replace('_', ' ')}): {safe_markdown(why)}", icon=":material/info:")
    _begin(draft, draft.group)


def missing(draft: Draft, stimuli: Sequence[Asset] = (), still_read: str = "") -> list[str]:
    """What one may want to look at before it begins, as sentences. still_read: that stimuli are still being read."""
    set_up, found = draft.set_up, [still_read] if still_read else []
    if set_up.title == UNTITLED:
        found.append("It has no title of its own yet.")
    if not set_up.topic.strip():
        found.append("Participants are not told what it is about: the topic is empty.")
    if len(set_up.participants) < 2:
        found.append("A discussion that runs by itself needs at least two participants.")
    if not set_up.guide.questions:
        found.append("A discussion that runs by itself follows the guide, which has no question yet.")
    if blank := [section.title for section in set_up.guide.sections if not section.questions]:
        found.append(f"The section “{safe_markdown(shortened(blank[0], 60))}” has no question.")
    mute = [asset.name for asset in stimuli if asset.is_picture and not asset.description]
    if mute and draft.group and not draft.ws.sees_pictures(draft.group.id):
        more = f" and {len(mute) - 1} more have" if len(mute) > 1 else " has"
        found.append(f"The model is not known to see pictures: “{safe_markdown(mute[0])}”{more} no description yet.")
    return found


def _parts(draft: Draft, stimuli: Sequence[Asset]) -> dict[str, str]:
    """The set-up in words, by the step where it is changed."""
    set_up = draft.set_up
    sections = [
        f"{safe_markdown(section.title)} ({len(section.questions)})"
        for section in set_up.guide.sections
        if section.title
    ]
    guide = guide_words(set_up.guide, set_up.turn_limit)
    names = ", ".join(safe_markdown(person.name) for person in set_up.participants)
    topic = safe_markdown(shortened(set_up.topic.strip(), TOPIC_SHOWN)) or ":gray[No topic yet]"
    return {
        "topic": f"{safe_markdown(set_up.title)}\n\n{topic}",
        "guide": f"{guide}\n\n{' → '.join(sections)}" if sections else guide,
        "stimuli": ", ".join(safe_markdown(asset.name) for asset in stimuli) or ":gray[Nothing is shown]",
        "participants": f"{len(set_up.participants)}: {names}" if names else ":gray[Nobody chosen yet]",
        "limits": f"{safe_markdown(set_up.model)}, at most {number(set_up.turn_limit, 'turn')}, seed {set_up.seed}",
    }


def _begin(draft: Draft, group: FocusGroup) -> None:
    refused: SemblanceError | None = None
    with st.container(horizontal=True):
        ready = may_run(draft)
        to_run = st.button("Let it run", type="primary", icon=":material/play_circle:", disabled=not ready)
        nobody = not draft.set_up.participants
        to_moderate = st.button("Open to moderate", icon=":material/record_voice_over:", disabled=nobody)
    if to_run:
        try:
            draft.ws.start_autonomous(group.id)
        except SemblanceError as failed:
            refused = failed
    if refused:
        say(refused)
    elif to_run or to_moderate:
        st.switch_page(page_at("session"), query_params={"id": group.id})
