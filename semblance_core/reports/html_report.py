"""The report of a session as one HTML file that stands alone: no script, nothing fetched, bars drawn by its own style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from semblance_core.analysis.claims.told import Told, tally, told_of_session, told_of_theme
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Findings, Sentiment, Theme
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.reports.beside_people import beside_people
from semblance_core.reports.escape import without_unseen
from semblance_core.reports.report import LIMITS, NO_THEMES, cost_words, edited_words, method_rows, notice
from semblance_core.reports.talk import Talk, new_codes_a_section, quotes_a_speaker, sentiment_by_theme, talk

TEMPLATE = "report.html.jinja"


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled amount with its share of the largest, in whole per cent from 0 to 100."""

    label: str
    value: int
    percent: int


def report_html(
    group: FocusGroup,
    messages: Sequence[Message],
    findings: Findings | None,
    events: Sequence[UsageEvent] | None,
    *,
    shared_at: datetime | None = None,
) -> str:
    """The whole report as HTML. Every text from people and models is escaped by the template; quotes lead to the transcript
    at its end.

    events: the session's calls; None for a report that does not tell what it cost. shared_at: when it was frozen for a link.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_harmless
    )
    template = environment.from_string((files("semblance_core.reports") / TEMPLATE).read_text(encoding="utf-8"))
    measured, people = talk(group, messages), len(group.participants)
    profile, beside = beside_people(group, messages)
    return template.render(
        group=group,
        notice=notice(group),
        findings=findings,
        summary=told_of_session(findings, people) if findings else (),
        no_themes=NO_THEMES,
        claims=tally(findings, people).in_words if findings else "",
        edited=edited_words(findings) if findings else "",
        themes=_themes(group, findings),
        tones=[each.value for each in Sentiment],
        mixes=sentiment_by_theme(findings) if findings else [],
        quoted=quotes_a_speaker(group, findings) if findings else {},
        words=_words(measured),
        talk=measured,
        profile=profile.words,
        beside=beside,
        saturation=new_codes_a_section(group, messages, findings) if findings and findings.codes else [],
        cost=None if events is None else cost_words(events),
        shared_at=shared_at,
        method=method_rows(group, messages, findings),
        limits=LIMITS,
        seqs={message.seq for message in messages if message.status is MessageStatus.SAID},
        said=[message for message in messages if message.status is MessageStatus.SAID],
    )


def _harmless(value: object) -> object:
    """Texts without the marks that turn what stands beside them around."""
    return without_unseen(value) if type(value) is str else value


def _themes(group: FocusGroup, findings: Findings | None) -> list[tuple[Theme, Bar, tuple[Told, ...]]]:
    """Each theme with how many participants are quoted in it, and its summary by sentences."""
    people = len(group.participants)
    return [
        (
            theme,
            Bar(f"{len(theme.speakers)} of {people} participants are quoted", *_of(len(theme.speakers), people)),
            told_of_theme(theme, people),
        )
        for theme in (findings.themes if findings else ())
    ]


def _words(measured: Talk | None) -> list[Bar]:
    if not measured:
        return []
    most = max(measured.words.values())
    ordered = sorted(measured.words.items(), key=lambda item: -item[1])
    return [Bar(name, *_of(count, most)) for name, count in ordered]


def _of(value: int, most: int) -> tuple[int, int]:
    return value, min(100, round(100 * value / most)) if most else 0
