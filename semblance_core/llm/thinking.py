"""Thinking that a model writes down in front of its answer, where its server does not tell the two apart. Pure."""

import re

_TAGS = r"(?:think|thinking|thoughts?|reasoning|seed:think|budget:thinking)"
_OPENS = re.compile(rf"\s*(?:<{_TAGS}>|\[THINK\]|◁think▷|<\|START_THINKING\|>)", re.IGNORECASE)
_CLOSES = re.compile(rf"(?:</{_TAGS}>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>)", re.IGNORECASE)
_CHANNEL = re.compile(r"\s*(?:<\|start\|>assistant)?<\|channel\|>")
_SPOKEN_CHANNEL = "<|channel|>final<|message|>"
_CHANNEL_ENDS = re.compile(r"<\|(?:return|end)\|>\s*$")


def without_thinking(text: str) -> tuple[str, str]:
    """The answer alone, and what was thought before it; no answer where the thinking does not end.

    >>> without_thinking("<think>They want it short.</think>\\nToo dear.")
    ('Too dear.', 'They want it short.')
    >>> without_thinking("<think>They want it"), without_thinking("Too dear.")
    (('', 'They want it'), ('Too dear.', ''))
    """
    if _CHANNEL.match(text):
        thought, spoken, answer = text.rpartition(_SPOKEN_CHANNEL)
        return (_CHANNEL_ENDS.sub("", answer).strip(), thought.strip()) if spoken else ("", text.strip())
    thoughts: list[str] = []
    while opened := _OPENS.match(text):
        closed = _CLOSES.search(text, opened.end())
        thoughts.append(text[opened.end() : closed.start() if closed else len(text)])
        text = text[closed.end() :] if closed else ""
    if closed := _CLOSES.search(text):  # a template opened it in the prompt already
        thoughts.append(text[: closed.start()])
        text = text[closed.end() :]
    return text.strip(), " ".join(thought.strip() for thought in thoughts).strip()
