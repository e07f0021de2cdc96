"""What the page around a transcript shows of its session, in one value that can be compared."""

from semblance_core.domain.focus_group import FocusGroup


def situation(group: FocusGroup) -> str:
    """Another value means that the page has to be drawn anew."""
    stimuli = f"{group.course.stimuli_shown}/{len(group.stimuli)}"
    return "|".join(
        (group.state.value, str(group.is_busy), str(group.pausing), stimuli, group.reason, group.reason_detail)
    )
