"""The participants that a moderator's message is put to: chosen, named with @ in its text, or everyone."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from semblance_core.analysis.names import Addressed, addressed
from semblance_core.analysis.text import normalised
from semblance_core.conversation.turn_policy import turn_seed
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona

EVERYONE = "all"
"""Asks everyone behind an @, also where some are chosen."""
ALIKE = 0.75
"""Share of letters in common from which on an @word is taken for a misspelt name."""


def people_asked(group: FocusGroup, text: str, to: Sequence[str] | None) -> list[Persona]:
    """Returns the participants that a message is put to, in an order drawn anew for each round.

    Args:
        to: Persona ids; None asks those whom the text names with @, else everyone.

    Raises:
        InvalidInput: It would ask nobody or somebody who does not take part, or a name behind an @ is misspelt or shared.
    """
    if not group.participants:
        raise InvalidInput("This session has no participants; add some to its set-up first.")
    if to is None:
        to = named(text, group.participants) or None
    asked = [group.participant(persona_id) for persona_id in to] if to is not None else list(group.participants)
    if not asked:
        raise InvalidInput("Choose at least one participant to ask.")
    turn_seed(group, group.next_seq, "order").shuffle(asked)
    return asked


def named(text: str, participants: Sequence[Persona]) -> list[str]:
    """Returns the ids of those whom the text names right behind an @; all of them for @all. An @ before another word is text.

    Raises `InvalidInput` where the word is nearly a name, or several have it: to ask everyone instead would cost more than meant.
    """
    names = [person.name for person in participants]
    found = addressed(text, names)
    for each in found:
        if each.index is None and normalised(each.written) != EVERYONE:
            _check_no_name(each, names)
    if any(each.index is None and normalised(each.written) == EVERYONE for each in found):
        return [person.id for person in participants]
    return list(dict.fromkeys(participants[each.index].id for each in found if each.index is not None))


def _check_no_name(word: Addressed, names: Sequence[str]) -> None:
    written = normalised(word.written)
    parts = {name: [normalised(name), *normalised(name).split()] for name in names}
    sharing = [name for name, own in parts.items() if written in own]
    if sharing:
        raise InvalidInput(f"“@{word.written}” may be {' or '.join(sharing)}. Write the whole name.")
    for name, own in parts.items():
        if any(SequenceMatcher(None, written, part).ratio() >= ALIKE for part in own):
            raise InvalidInput(f"Nobody here is called “{word.written}”. If you mean {name}, write @{name}.")
