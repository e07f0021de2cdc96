"""Styles and numbering of a Word file that change its text: styles that hide or number, and the numbers of lists."""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from semblance_core.documents.word.number_formats import written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
DASHES = frozenset("-–—*•")
DEEPEST = 9
MOST_STEPS = 20
"""Of styles that are based on others."""


def is_on(properties: etree._Element | None, name: str) -> bool | None:
    """Returns whether a switch is on; None where the file does not say."""
    found = None if properties is None else properties.find(f"{W}{name}")
    return None if found is None else found.get(VAL, "true").casefold() not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Style:
    """based_on: another style. hidden: its text is not shown. list_id, depth: the list that its paragraphs are of."""

    based_on: str = ""
    hidden: bool | None = None
    list_id: str | None = None
    depth: int | None = None


class Styles:
    def __init__(self, tree: etree._Element | None):
        self._styles: dict[str, Style] = {}
        self.usual = ""
        """The style of paragraphs that name none."""
        self._hidden = False
        if tree is None:
            return
        self._hidden = bool(is_on(tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"), "vanish"))
        for each in tree.iter(f"{W}style"):
            style_id, based_on = each.get(f"{W}styleId", ""), each.find(f"{W}basedOn")
            list_id, depth = list_of(each.find(f"{W}pPr"))
            base = "" if based_on is None else based_on.get(VAL, "")
            self._styles[style_id] = Style(base, is_on(each.find(f"{W}rPr"), "vanish"), list_id, depth)
            if each.get(f"{W}type") == "paragraph" and each.get(f"{W}default") in ("1", "true", "on"):
                self.usual = style_id

    def hides(self, *style_ids: str) -> bool:
        """Returns whether text in these styles, the nearest first, is hidden."""
        for style_id in style_ids:
            for style in self._line(style_id):
                if style.hidden is not None:
                    return style.hidden
        return self._hidden

    def list_of(self, style_id: str) -> tuple[str | None, int | None]:
        for style in self._line(style_id):
            if style.list_id is not None:
                return style.list_id, style.depth
        return None, None

    def _line(self, style_id: str) -> list[Style]:
        """A style and those that it is based on."""
        line: list[Style] = []
        while (style := self._styles.get(style_id)) is not None and len(line) < MOST_STEPS:
            line.append(style)
            style_id = style.based_on
        return line


def list_of(properties: etree._Element | None) -> tuple[str | None, int | None]:
    """The list that a paragraph's properties name, and how deep in it; None where they name none."""
    found = None if properties is None else properties.find(f"{W}numPr")
    if found is None:
        return None, None
    list_id, depth = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    return (
        None if list_id is None else list_id.get(VAL),
        None if depth is None else _whole(depth.get(VAL)),
    )


@dataclass(frozen=True, slots=True)
class Level:
    """Numbering of one depth of a list. restart: the depth after which it begins anew; None for any above. style: its paragraphs' style."""

    start: int = 1
    form: str = "decimal"
    custom: str = ""
    text: str = ""
    restart: int | None = None
    is_legal: bool = False
    style: str = ""
    is_hidden: bool = False


@dataclass(slots=True)
class Pattern:
    levels: dict[int, Level] = field(default_factory=dict)
    link: str = ""
    """A style whose list this one is the same as."""


class Lists:
    """Counts the entries of lists in the order in which they are asked for."""

    def __init__(self, tree: etree._Element | None, styles: Styles):
        self._styles = styles
        self._patterns: dict[str, Pattern] = {}
        self._lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        for each in tree if tree is not None else ():
            if each.tag == f"{W}abstractNum":
                link = each.find(f"{W}numStyleLink")
                levels = dict(_level(level) for level in each.findall(f"{W}lvl"))
                self._patterns[each.get(f"{W}abstractNumId", "")] = Pattern(
                    levels, "" if link is None else link.get(VAL, "")
                )
            elif each.tag == f"{W}num":
                pattern = each.find(f"{W}abstractNumId")
                levels, starts = {}, {}
                for override in each.findall(f"{W}lvlOverride"):
                    depth, start = _whole(override.get(f"{W}ilvl")), override.find(f"{W}startOverride")
                    if (level := override.find(f"{W}lvl")) is not None:
                        levels[depth] = _level(level)[1]
                    if start is not None:
                        starts[depth] = _whole(start.get(VAL))
                self._lists[each.get(f"{W}numId", "")] = (
                    "" if pattern is None else pattern.get(VAL, ""),
                    levels,
                    starts,
                )

    def label(self, properties: etree._Element | None, style_id: str) -> str:
        """Returns the label in front of the paragraph with these properties, and counts it; empty outside lists."""
        list_id, depth = list_of(properties)
        if list_id is None:
            list_id, style_depth = self._styles.list_of(style_id)
            if list_id is not None:
                depth = self._depth_of_style(list_id, style_id) if depth is None else depth
                depth = style_depth if depth is None else depth
        if list_id is None or list_id not in self._lists:
            return ""
        depth = min(max(depth or 0, 0), DEEPEST - 1)
        pattern_id, levels, starts = self._resolved(list_id)
        return self._counted(list_id, pattern_id, levels, starts, depth)

    def _resolved(self, list_id: str) -> tuple[str, dict[int, Level], dict[int, int]]:
        """Returns a list's pattern, its levels and their restarts."""
        pattern_id, own, starts = self._lists[list_id]
        for _ in range(MOST_STEPS):
            pattern = self._patterns.get(pattern_id, Pattern())
            linked = self._styles.list_of(pattern.link)[0] if pattern.link else None
            if linked is None or linked not in self._lists or pattern.levels:
                break
            pattern_id = self._lists[linked][0]
        levels = self._patterns.get(pattern_id, Pattern()).levels | own
        return pattern_id, levels, starts

    def _depth_of_style(self, list_id: str, style_id: str) -> int | None:
        levels = self._resolved(list_id)[1]
        return next((depth for depth, level in levels.items() if level.style == style_id and style_id), None)

    def _counted(
        self, list_id: str, pattern_id: str, levels: dict[int, Level], starts: dict[int, int], depth: int
    ) -> str:
        counts = self._counts.setdefault(pattern_id, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for each in starts:
                counts.pop(each, None)
        levels = {each: replace(level, start=starts.get(each, level.start)) for each, level in levels.items()}
        level = levels.get(depth, Level())
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for above in range(depth):
            counts.setdefault(above, levels.get(above, Level()).start)
        for below in range(depth + 1, DEEPEST):
            restart = levels.get(below, Level()).restart
            if depth < (below if restart is None else restart):
                counts.pop(below, None)
        if level.is_hidden:
            return ""
        if level.form == "bullet":
            return (level.text if level.text in DASHES else "•") if level.text.strip() else ""

        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            there = levels.get(place, Level())
            form = "decimal" if level.is_legal and there.form != "none" else there.form
            return written(counts.get(place, there.start), form, there.custom)

        return re.sub(r"%([1-9])", number, level.text).strip()


def _level(element: etree._Element) -> tuple[int, Level]:
    def value(name: str) -> str | None:
        found = element.find(f"{W}{name}")
        return None if found is None else found.get(VAL, "")

    form = next(iter(element.iter(f"{W}numFmt")), None)  # a newer one stands first, inside alternatives
    restart = value("lvlRestart")
    return _whole(element.get(f"{W}ilvl")), Level(
        start=_whole(value("start")),
        form="decimal" if form is None else form.get(VAL, "decimal"),
        custom="" if form is None else form.get(f"{W}format", ""),
        text=value("lvlText") or "",
        restart=None if restart is None else _whole(restart),
        is_legal=bool(is_on(element, "isLgl")),
        style=value("pStyle") or "",
        is_hidden=bool(is_on(element.find(f"{W}rPr"), "vanish")),
    )


def _whole(text: str | None) -> int:
    """A number of a file, within bounds; 0 for what is none."""
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else 0
