"""The report and the transcript as Word files."""

from collections.abc import Sequence

from semblance_core.domain.plurals import number
from semblance_core.reports.deliverables.content import Deliverable, Finding, Line, Table
from semblance_core.reports.deliverables.paper import Paper


def report_docx(content: Deliverable) -> bytes:
    """The whole report."""
    paper = Paper(content)
    paper.opening(content.title, content.about, content.topic)
    if content.summary:
        paper.heading("Summary")
        for line in content.summary:
            paper.text(line)
    _themes(paper, content)
    if content.words:
        paper.heading("The talk")
        paper.chart(content.words)
    if content.beside:
        paper.table(content.beside)
    _survey(paper, content)
    paper.heading("Method card")
    paper.table(Table("", ("", ""), content.method, wide=(1, 3)), is_headed=False)
    paper.text(content.limits)
    if content.cost:
        paper.heading("Cost")
        paper.text(content.cost)
    _panel_and_guide(paper, content)
    if content.alone:
        paper.heading("First impressions, written alone")
        for each in content.alone:
            paper.heading(each.question, 2)
            for speaker, text in each.answers:
                paper.spoken(speaker, text)
    if content.transcript:
        paper.heading("Transcript", on_new_page=True)
        _lines(paper, content.transcript)
    return paper.content()


def transcript_docx(content: Deliverable) -> bytes:
    """The transcript alone, with the method card behind it."""
    paper = Paper(content)
    paper.opening(f"{content.title}: transcript", content.about, content.topic)
    _lines(paper, content.transcript)
    paper.heading("Method card")
    paper.table(Table("", ("", ""), content.method, wide=(1, 3)), is_headed=False)
    paper.text(content.limits)
    return paper.content()


def _themes(paper: Paper, content: Deliverable) -> None:
    if not content.themes_note:
        return
    paper.heading("Themes")
    paper.text(content.themes_note, soft=True)
    if content.themes_chart:
        paper.chart(content.themes_chart)
    for place, finding in enumerate(content.findings, start=1):
        _finding(paper, place, finding)
    for table in (*([content.matrix] if content.matrix else []), *content.segments):
        paper.table(table)
    if content.tones:
        names = tuple(name for name, _ in content.tones.series)
        values = zip(*(values for _, values in content.tones.series), strict=True)
        rows = tuple(
            (label, *(int(value or 0) or "" for value in row))
            for label, row in zip(content.tones.labels, values, strict=True)
        )
        paper.table(Table(content.tones.title, ("Theme", *names), rows, content.tones.note))


def _finding(paper: Paper, place: int, finding: Finding) -> None:
    paper.heading(f"{place}. {finding.name}", 2)
    paper.text(finding.counted, soft=True)
    for line in finding.summary.splitlines():
        if line.strip():
            paper.text(line)
    if finding.note:
        paper.text(finding.note, soft=True)
    for said in finding.quotes:
        paper.quote(said.quote, f"{said.said_by}{f' · {said.sentiment}' if said.sentiment else ''}")


def _survey(paper: Paper, content: Deliverable) -> None:
    if not content.survey:
        return
    paper.heading(f"Survey: {content.survey.title}")
    for chart in content.survey.charts:
        paper.chart(chart)
    for table in content.survey.open_answers:
        paper.table(table)
    paper.table(Table("Method card of the survey", ("", ""), content.survey.method, wide=(1, 3)), is_headed=False)
    paper.text(content.survey.limits)


def _panel_and_guide(paper: Paper, content: Deliverable) -> None:
    if content.panel:
        paper.heading("The panel")
        rows = tuple((each.name, each.facts, each.about) for each in content.panel)
        title = number(len(rows), "synthetic participant")
        paper.table(Table(title, ("Name", "Who", "In short"), rows, wide=(1.4, 2, 4)))
    if content.guide:
        paper.heading("Discussion guide")
        for section in content.guide:
            paper.heading(section.heading, 2)
            for asked in section.questions:
                paper.text(asked.text, style="ListBullet")
                for note in asked.notes:
                    paper.text(note, soft=True, style="ListContinue")


def _lines(paper: Paper, lines: Sequence[Line]) -> None:
    section = ""
    for line in lines:
        if line.section and line.section != section:
            section = line.section
            paper.heading(section, 2)
        paper.spoken(line.speaker, line.text, str(line.seq), line.note)
