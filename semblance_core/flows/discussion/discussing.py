"""Lets participants discuss the question at hand for some turns, after which it is the moderator's turn again."""

from dataclasses import replace

from semblance_core.conversation.hybrid import MOST_TURNS
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.discussion.stimuli import planned
from semblance_core.store.sessions.focus_groups import FocusGroups


def let_discuss(group: FocusGroup, turns: int, groups: FocusGroups) -> FocusGroup:
    """Returns the session as it is to be started for so many turns; raises what `check_discussable` raises."""
    check_discussable(group, turns)
    return planned(replace(group, alone_until=group.next_seq + turns, estimate=None), groups)


def check_discussable(group: FocusGroup, turns: int) -> None:
    """Raises `InvalidInput` where participants cannot be let discuss for so many turns."""
    if not 1 <= turns <= MOST_TURNS:
        raise InvalidInput(f"Participants can be let discuss for 1–{MOST_TURNS} turns.")
    if not group.takes_questions:
        raise InvalidInput("This session has ended.")
    if len(group.participants) < 2:
        raise InvalidInput("A discussion needs at least two participants.")
    if group.next_seq <= 1:
        raise InvalidInput("Ask something first: they discuss the question at hand.")
