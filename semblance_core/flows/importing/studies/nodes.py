"""YAML as nodes that know their lines. Nothing is constructed from it, so no text is run; anchors and tags are refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

import yaml

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.markdown import Mistake

DEEPEST, SHOWN_CHARS = 8, 60
NULL = "tag:yaml.org,2002:null"
Value = TypeVar("Value")


@dataclass(slots=True)
class Fields:
    """The fields of a mapping, each taken once by its name; mistakes are collected with their lines.

    offset: lines of the file before the text that nodes count in. called: the mapping in words, for mistakes about it.
    """

    node: yaml.MappingNode
    mistakes: list[Mistake]
    offset: int = 0
    called: str = "the study"
    _left: dict[str, tuple[int, yaml.Node]] = field(init=False)
    _known: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._left = {}
        for key, value in self.node.value:
            line = key.start_mark.line + 1 + self.offset
            name = str(key.value).strip().casefold().replace(" ", "_") if isinstance(key, yaml.ScalarNode) else ""
            if not name:
                self.mistakes.append(Mistake(line, "a field's name is a word."))
            elif name in self._left:
                self.mistakes.append(Mistake(line, f"“{name}” stands there twice."))
            else:
                self._left[name] = (line, value)

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1 + self.offset

    def take(self, name: str, read: Callable[[yaml.Node], Value], default: Value) -> Value:
        """The field as `read` reads it; the default where it is absent, empty, or wrong, which is then among the mistakes."""
        self._known.append(name)
        line, node = self._left.pop(name, (0, None))
        if node is None or (node.tag == NULL and not node.value):
            return default
        try:
            return read(node)
        except InvalidInput as wrong:
            self.mistakes.append(Mistake(line, f"“{name}”: {wrong}"))
        return default

    def refuse_others(self) -> None:
        """Adds a mistake for each field that was not taken."""
        for name, (line, _) in self._left.items():
            near = get_close_matches(name, self._known, 1)
            meant = f"Did you mean “{near[0]}”?" if near else f"Its fields are {', '.join(self._known)}."
            self.mistakes.append(Mistake(line, f"{self.called} has no field “{_short(name)}”. {meant}"))


def composed(text: str, offset: int = 0) -> yaml.MappingNode:
    """The mapping that a YAML text holds; raises `InvalidInput` with the line where it holds none, or more than plain values."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_plain(text, offset)
        node = yaml.compose(text, loader)
    except yaml.MarkedYAMLError as wrong:
        line = (wrong.problem_mark.line if wrong.problem_mark else 0) + 1 + offset
        raise InvalidInput(f"Line {line}: this is no YAML: {wrong.problem or wrong.context}.") from None
    except yaml.YAMLError as wrong:
        raise InvalidInput(f"This is no YAML: {str(wrong).splitlines()[0]}.") from None
    if not isinstance(node, yaml.MappingNode):
        raise InvalidInput(f"Line {1 + offset}: a study begins with fields such as “title: …”.")
    return node


def _check_plain(text: str, offset: int) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 + offset
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InvalidInput(f"Line {line}: write it out; names with & and * are not read.")
        if getattr(event, "tag", None):
            raise InvalidInput(f"Line {line}: “{_short(str(event.tag))}” is not read; leave the tag out.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InvalidInput(f"Line {line}: this is nested too deeply.")


def text(node: yaml.Node) -> str:
    """One text, without spaces around it."""
    if not isinstance(node, yaml.ScalarNode):
        raise InvalidInput("one text is wanted, not a list or fields.")
    return str(node.value).strip()


def whole(node: yaml.Node) -> int:
    value = text(node)
    if not (value.removeprefix("-").isascii() and value.removeprefix("-").isdigit() and len(value) <= 18):
        raise InvalidInput(f"a whole number is wanted, not “{_short(value)}”.")
    return int(value)


def yes(node: yaml.Node) -> bool:
    value = text(node).casefold()
    if value not in ("yes", "no", "true", "false"):
        raise InvalidInput(f"yes or no is wanted, not “{_short(value)}”.")
    return value in ("yes", "true")


def items(node: yaml.Node) -> Sequence[yaml.Node]:
    """The items of a list; one text counts as a list of one."""
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.ScalarNode):
        return [node]
    raise InvalidInput("a list is wanted, one item a line behind “- ”.")


def mapping(node: yaml.Node) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):
        raise InvalidInput("fields are wanted, one a line, as in “name: value”.")
    return node


def _short(value: str) -> str:
    return value if len(value) <= SHOWN_CHARS else f"{value[: SHOWN_CHARS - 1]}…"
