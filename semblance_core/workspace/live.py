"""Operations for those who watch a session."""

from collections.abc import Sequence
from dataclasses import dataclass

from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState, Message
from semblance_core.flows.converse import next_to_speak
from semblance_core.workspace.access import Desk, of_focus_group, operation

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class News:
    """What changed in a session. speaking: names of those whose words are awaited now."""

    group: FocusGroup
    messages: tuple[Message, ...]
    speaking: tuple[str, ...]


class Live(Desk):
    @operation(of_focus_group)
    def news(self, group_id: str, after: int, open_seqs: Sequence[int] = ()) -> News:
        """The session now, its messages after that one, and those of `open_seqs`, which were awaited, as they are now."""
        group = self.store.focus_groups.get(group_id)
        messages = self.store.transcripts.news(group_id, after, open_seqs)
        return News(group, tuple(messages), self._speaking(group))

    @operation(of_focus_group)
    def search_messages(self, group_id: str, text: str, limit: int = 50) -> list[Message]:
        """Messages that hold the text, whatever its case, in order."""
        wanted = text.strip()
        if not 1 <= len(wanted) <= LONGEST_SEARCH:
            raise InvalidInput(f"Search for 1–{LONGEST_SEARCH} characters.")
        return self.store.transcripts.search(group_id, wanted, limit)

    @operation(of_focus_group)
    def pause(self, group_id: str) -> None:
        """Lets the turn under way be said, and then pauses the discussion; `stop` would discard it."""
        if not self.store.focus_groups.pause(group_id):
            raise Conflict("This discussion does not run, so there is nothing to pause.")

    def _speaking(self, group: FocusGroup) -> tuple[str, ...]:
        if group.pending:
            return tuple(message.speaker for message in self.store.focus_groups.pending(group.id))
        if group.state is FocusGroupState.AUTONOMOUS and (name := next_to_speak(group, self.store.focus_groups)):
            return (name,)
        return ()
