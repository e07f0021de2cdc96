"""The state of a session that the page around its transcript shows, in one value that can be compared."""

from semblance_core.domain.discussion.focus_group import FocusGroup


def feed_state(group: FocusGroup) -> str:
    """Returns the state as a text; another text means that the page has to be drawn anew."""
    stimuli = f"{group.course.stimuli_shown}/{len(group.stimuli)}"
    queued = ",".join(f"{question.id}{'!' if question.refused else ''}" for question in group.queued)
    shown = (group.state.value, str(group.is_busy), str(group.pausing), stimuli, group.reason, group.reason_detail)
    return "|".join((*shown, queued, str(len(group.guide_changes))))
