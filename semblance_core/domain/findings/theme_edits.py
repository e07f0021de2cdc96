"""Edits of themes by people. Pure: findings in, findings out; a change that does not fit raises `InvalidInput`.

A change names themes and quotes by their place, from 0. No change makes a quote up, and none but removing loses one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim

NAME_CHARS = 160
SUMMARY_CHARS = 1_000
SESSION_SUMMARY_CHARS = 10_000
LEAST_QUOTES = "A theme is held up by at least one quote"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Another name and definition for a theme."""

    at: int
    name: str
    summary: str

    def of(self, findings: Findings) -> Findings:
        theme = replace(_theme(findings, self.at), name=self.name.strip(), summary=self.summary.strip())
        return _named(_with(findings, {self.at: theme}), theme)

    @property
    def words(self) -> str:
        return f"rewrote “{self.name.strip()}”"


@dataclass(frozen=True, slots=True)
class Remove:
    """A theme less, with its quotes."""

    at: int

    def of(self, findings: Findings) -> Findings:
        _theme(findings, self.at)
        return _with(findings, {self.at: None})

    words = "removed a theme"


@dataclass(frozen=True, slots=True)
class RemoveQuotes:
    at: int
    quotes: tuple[int, ...]

    def of(self, findings: Findings) -> Findings:
        kept, _ = _parted(_theme(findings, self.at), self.quotes, "remove the theme instead")
        return _with(findings, {self.at: kept})

    words = "removed quotes"


@dataclass(frozen=True, slots=True)
class MoveQuotes:
    """Quotes from one theme to another, which has none of them twice."""

    at: int
    quotes: tuple[int, ...]
    to: int

    def of(self, findings: Findings) -> Findings:
        if self.to == self.at:
            raise InvalidInput("Choose another theme to move the quotes to.")
        kept, moved = _parted(_theme(findings, self.at), self.quotes, "merge the themes instead")
        return _with(findings, {self.at: kept, self.to: _joined(_theme(findings, self.to), moved)})

    words = "moved quotes"


@dataclass(frozen=True, slots=True)
class Split:
    """A theme of its own for some of a theme's quotes; it stands right after the one they came from."""

    at: int
    quotes: tuple[int, ...]
    name: str
    summary: str

    def of(self, findings: Findings) -> Findings:
        kept, moved = _parted(_theme(findings, self.at), self.quotes, "rename the theme instead")
        after = Theme(self.name.strip(), self.summary.strip(), moved)
        themes = [*findings.themes[: self.at], kept, after, *findings.themes[self.at + 1 :]]
        return _named(replace(findings, themes=tuple(themes)), after)

    @property
    def words(self) -> str:
        return f"split off “{self.name.strip()}”"


@dataclass(frozen=True, slots=True)
class Merge:
    """Two themes or more as one, where the first of them stands; a quote that several hold is kept once."""

    themes: tuple[int, ...]
    name: str
    summary: str

    def of(self, findings: Findings) -> Findings:
        places = sorted(set(self.themes))
        if len(places) < 2:
            raise InvalidInput("Choose at least two themes to merge.")
        first, *others = (_theme(findings, at) for at in places)
        merged = Theme(self.name.strip(), self.summary.strip(), first.verbatims, first.claims)
        for other in others:
            merged = _joined(merged, other.verbatims)
        return _named(_with(findings, {**dict.fromkeys(places[1:]), places[0]: merged}), merged)

    @property
    def words(self) -> str:
        return f"merged {len(set(self.themes))} themes into “{self.name.strip()}”"


@dataclass(frozen=True, slots=True)
class AddQuote:
    """One more quote for a theme. Whether it really was said is for the caller to check: here there is no transcript."""

    at: int
    verbatim: Verbatim

    def of(self, findings: Findings) -> Findings:
        theme = _theme(findings, self.at)
        if self.verbatim.place in {said.place for said in theme.verbatims}:
            raise InvalidInput("The theme already has this quote.")
        return _with(findings, {self.at: _joined(theme, (replace(self.verbatim, by_hand=True),))})

    words = "added a quote"


@dataclass(frozen=True, slots=True)
class RewriteSummary:
    summary: str

    def of(self, findings: Findings) -> Findings:
        if not self.summary.strip():
            raise InvalidInput("The summary is empty; write at least a sentence.")
        if len(self.summary.strip()) > SESSION_SUMMARY_CHARS:
            raise InvalidInput(f"A session's summary has at most {SESSION_SUMMARY_CHARS:,} characters.")
        return replace(findings, summary=self.summary.strip())

    words = "rewrote the summary"


@dataclass(frozen=True, slots=True)
class CutSentences:
    """Sentences less in a theme's summary, or in the one above the themes where `at` is None."""

    at: int | None
    sentences: tuple[str, ...]

    def of(self, findings: Findings) -> Findings:
        summary = findings.summary if self.at is None else _theme(findings, self.at).summary
        if not self.sentences or any(sentence not in summary for sentence in self.sentences):
            raise InvalidInput("There is no such sentence in the summary; it may have been changed.")
        for sentence in self.sentences:
            before, _, behind = summary.partition(sentence)
            summary = f"{before.rstrip(' ')}{' ' if before.strip() and behind[:1] == ' ' else ''}{behind.lstrip(' ')}"
        if self.at is None:
            return RewriteSummary(summary).of(findings)
        return _with(findings, {self.at: replace(_theme(findings, self.at), summary=summary.strip())})

    @property
    def words(self) -> str:
        return "cut a sentence" if len(self.sentences) == 1 else f"cut {len(self.sentences)} sentences"


Change = CutSentences | Rewrite | Remove | RemoveQuotes | MoveQuotes | Split | Merge | AddQuote | RewriteSummary


def _theme(findings: Findings, at: int) -> Theme:
    if not 0 <= at < len(findings.themes):
        raise InvalidInput("There is no such theme; it may have been removed.")
    return findings.themes[at]


def _parted(theme: Theme, quotes: Sequence[int], instead: str) -> tuple[Theme, tuple[Verbatim, ...]]:
    """The theme without these quotes, and the quotes."""
    chosen = set(quotes)
    if not chosen:
        raise InvalidInput("Choose at least one quote.")
    if not chosen <= set(range(len(theme.verbatims))):
        raise InvalidInput("There is no such quote; it may have been removed.")
    kept = tuple(said for at, said in enumerate(theme.verbatims) if at not in chosen)
    if not kept:
        raise InvalidInput(f"{LEAST_QUOTES}, and these are all that “{theme.name}” has; {instead}.")
    return replace(theme, verbatims=kept), tuple(theme.verbatims[at] for at in sorted(chosen))


def _joined(theme: Theme, more: Sequence[Verbatim]) -> Theme:
    held = {said.place for said in theme.verbatims}
    return replace(theme, verbatims=(*theme.verbatims, *(said for said in more if said.place not in held)))


def _with(findings: Findings, changed: dict[int, Theme | None]) -> Findings:
    """The findings with other themes at these places, or without one where it says None."""
    themes = (changed.get(at, theme) for at, theme in enumerate(findings.themes))
    return replace(findings, themes=tuple(theme for theme in themes if theme))


def _named(findings: Findings, theme: Theme) -> Findings:
    """The findings, in which this theme's name and definition fit; the names that the model gave are its own."""
    if not 1 <= len(theme.name) <= NAME_CHARS:
        raise InvalidInput(f"A theme's name has 1–{NAME_CHARS} characters.")
    if len(theme.summary) > SUMMARY_CHARS:
        raise InvalidInput(f"A theme's definition has at most {SUMMARY_CHARS:,} characters.")
    if [other.name.casefold() for other in findings.themes].count(theme.name.casefold()) > 1:
        raise InvalidInput(f"Two themes would be named “{theme.name}”; give it another name, or merge them.")
    return findings
