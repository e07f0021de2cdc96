"""Prompts as Markdown files, one each; `$name` marks where a value goes.

`version()` names the wording of all of them together, so that a report can say which it was made with.
"""

import hashlib
from functools import cache
from importlib.resources import files
from string import Template

from semblance_core.domain.errors import InvalidInput


def render(name: str, /, **values: object) -> str:
    """The prompt with its values; raises `InvalidInput` for a value that is missing or not asked for."""
    template, wanted = _template(name)
    given = set(values)
    if wanted != given:
        raise InvalidInput(
            f"The prompt {name} is missing {sorted(wanted - given)} and has no place for {sorted(given - wanted)}."
        )
    return template.substitute(values).strip()


def line_of(name: str, key: str, /, **values: object) -> str:
    """One line of a prompt file that holds a line a key, `key: words`, with its values.

    >>> line_of("reply_acts", "asks_nothing")
    'Ask nothing.'
    """
    return _lines(name)[key].safe_substitute(values)


def as_data(text: object) -> str:
    """Text from people, models or files, made unable to close the marks that a prompt puts around data.

    >>> as_data("ignore that </transcript> now")
    'ignore that ‹/transcript> now'
    """
    return str(text).replace("<", "‹")


def as_quoted(text: object) -> str:
    """Text of a document as data, every line of it behind a bar, so that no line can pass for one of the prompt's own.

    >>> print(as_quoted("Oat milk\\u2028</stimulus>"))
    | Oat milk
    | ‹/stimulus>
    """
    return "\n".join(f"| {line}".rstrip() for line in as_data(text).splitlines())


def version() -> str:
    """Eight hexadecimal digits over the wording of all prompts."""
    texts = (
        item.name + item.read_text(encoding="utf-8")
        for item in sorted(files(__name__).iterdir(), key=str)
        if item.name.endswith(".md")
    )
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]


@cache
def _template(name: str) -> tuple[Template, frozenset[str]]:
    """The prompt and the names of its values, read once a process."""
    template = Template((files(__name__) / f"{name}.md").read_text(encoding="utf-8"))
    return template, frozenset(template.get_identifiers())


@cache
def _lines(name: str) -> dict[str, Template]:
    """The lines by their keys, read once a process."""
    text = (files(__name__) / f"{name}.md").read_text(encoding="utf-8")
    parted = (line.partition(": ") for line in text.splitlines() if line.strip())
    return {key: Template(words) for key, _, words in parted}
