"""The language of a session in its prompts, so that participants, moderator, notes and themes keep to one. Pure."""

from semblance_core.conversation.spoken_language import language_of_session
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.prompts import as_data, line_of


def spoken(group: FocusGroup) -> str:
    """Returns the rule on which language a participant speaks."""
    language = language_of_session(group, "")
    return line_of("languages", "speak", language=as_data(language)) if language else line_of("languages", "as_asked")


def written(group: FocusGroup, prompt: str) -> str:
    """Returns the prompt with the language to write in; as it is where none was chosen and the guide tells none."""
    language = language_of_session(group, "")
    return f"{prompt}\n{line_of('languages', 'write', language=as_data(language))}" if language else prompt


def setting(group: FocusGroup) -> str:
    """Names what is held: a focus group, an interview, or a whole round of interviews, which one analysis reads."""
    return line_of("setting", _kind(group))


def people(group: FocusGroup) -> str:
    """Names those who take part, as a whole."""
    return line_of("setting", f"{_kind(group)}_people")


def _kind(group: FocusGroup) -> str:
    if not group.is_interview:
        return "group"
    return "interview" if len(group.participants) == 1 else "round"
