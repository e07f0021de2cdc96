"""Charts and tables of a deliverable, counted from messages and verbatims. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Findings, Sentiment
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.personas.search import age_band
from semblance_core.reports.beside_people import Compared, TalkProfile
from semblance_core.reports.deliverables.content import Chart, Finding, Table
from semblance_core.reports.talk import Talk, quotes_a_speaker, sentiment_by_theme

MOST_GROUPS = 6
"""Groups that a table of segments has at most; a field with more values tells nobody apart."""
SEGMENTS: tuple[tuple[str, Callable[[Persona], str]], ...] = (
    ("gender", lambda person: person.gender),
    ("age", lambda person: age_band(person.age)),
    ("location", lambda person: person.location),
)
COUNTED = "Counted from the quotes: people who said something to this effect here, not how common the view is."


def themes_chart(findings: Sequence[Finding]) -> Chart:
    """The number of participants who are quoted in each theme."""
    values = tuple(float(len(each.speakers)) for each in findings)
    of = max((each.of for each in findings), default=0)
    return Chart(
        f"Themes by participants quoted, of {of}", _numbered(findings), (("Participants quoted", values),), COUNTED
    )


def tones_chart(findings: Findings) -> Chart | None:
    """Each theme's quotes by sentiment; None where none was judged."""
    mixes = sentiment_by_theme(findings)
    if not any(mix.known for mix in mixes):
        return None
    series: list[tuple[str, tuple[float | None, ...]]] = [
        (tone.value, tuple(float(getattr(mix, tone.value)) for mix in mixes)) for tone in Sentiment
    ]
    if any(mix.unknown for mix in mixes):
        series.append(("not judged", tuple(float(mix.unknown) for mix in mixes)))
    labels = tuple(f"{place}. {mix.theme}" for place, mix in enumerate(mixes, start=1))
    return Chart("How the quotes speak", labels, tuple(series), "Quotes, not people.", stacked=True)


def words_chart(measured: Talk) -> Chart:
    """Words a participant, the most first."""
    ordered = sorted(measured.words.items(), key=lambda item: -item[1])
    note = f"Evenness of words (normalised entropy): {measured.evenness:.2f}, where 1 is even."
    values = tuple(float(count) for _, count in ordered)
    return Chart("Who spoke: words a participant", tuple(name for name, _ in ordered), (("Words", values),), note)


def who_is_quoted(group: FocusGroup, findings: Findings) -> Table:
    """Quotes by participant and theme."""
    counted = quotes_a_speaker(group, findings)
    columns = ("Participant", *(f"{place}. {theme.name}" for place, theme in enumerate(findings.themes, start=1)))
    rows = tuple((name, *(count or "" for count in counts)) for name, counts in counted.items())
    return Table("Who is quoted on what", columns, rows, "Number of quotes.")


def segment_tables(group: FocusGroup, findings: Sequence[Finding]) -> tuple[Table, ...]:
    """Themes by groups of participants: one table for each field that puts them into a few groups of which one has two people."""
    tables = []
    for name, value_of in SEGMENTS:
        values = {person.name: value_of(person) or "not stated" for person in group.participants}
        sizes = Counter(values.values())
        if not 2 <= len(sizes) <= MOST_GROUPS or max(sizes.values()) < 2 or set(sizes) == {"not stated"}:
            continue
        order = sorted(sizes)
        rows = [
            (
                f"{place}. {finding.name}",
                *(
                    f"{sum(values.get(speaker) == value for speaker in finding.speakers)} of {sizes[value]}"
                    for value in order
                ),
            )
            for place, finding in enumerate(findings, start=1)
        ]
        tables.append(Table(f"Themes by {name}", ("Theme", *order), tuple(rows), f"Participants quoted. {COUNTED}"))
    return tuple(tables)


def beside_table(profile: TalkProfile, compared: Sequence[Compared]) -> Table:
    """The figures of the talk beside those of people."""
    rows = tuple((each.name, each.in_words, f"{each.people}: {each.verdict}", each.source) for each in compared)
    columns = ("Figure", "This session", f"{profile.words} of people", "Source")
    return Table("The talk beside people's", columns, rows, wide=(3.4, 1.3, 1.9, 3.4))


def _numbered(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(f"{place}. {each.name}" for place, each in enumerate(findings, start=1))
