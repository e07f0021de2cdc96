"""An interview round as files: a table of answers as CSV, and everything as Markdown with the method card. Pure."""

from semblance_core.analysis.claims.told import tally, told_of_session, told_of_theme
from semblance_core.analysis.scripts import word_count
from semblance_core.domain.discussion.interviews import InterviewRound
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.findings.theme import Findings, Theme
from semblance_core.domain.plurals import number
from semblance_core.reports.claims import in_markdown, method_words
from semblance_core.reports.escape import escaped_markdown as esc
from semblance_core.reports.exports import csv_text
from semblance_core.reports.interviews import HeldRound, PersonCell, side_by_side
from semblance_core.reports.report import LIMITS

COLUMNS = (
    *("round", "person", "persona_id", "session", "number", "section", "question", "answer", "follow_ups", "words"),
    *("answers", "messages", "model", "seed", "simulated", "synthetic"),
)
BETWEEN = "\n\n"
FOLLOW_UPS = {
    Probing.NONE: "no follow-ups",
    Probing.LIGHT: "one follow-up a question at most",
    Probing.DEEP: "two follow-ups a question at most",
}


def answers_csv(held: HeldRound) -> str:
    """One row a person and question; an answer in several turns is one cell, with blank lines between them."""
    return csv_text(COLUMNS, [row for at in range(len(held.interviews)) for row in _rows(held, at)])


def _rows(held: HeldRound, at: int) -> list[dict[str, object]]:
    interview, about = held.interviews[at], held.round
    rows: list[dict[str, object]] = []
    for row in side_by_side(held):
        cell = row.cells[at]
        said = BETWEEN.join(each.text for each in cell.said)
        probes = [each.text for each in cell.messages if each.seq in cell.follow_ups]
        rows.append(
            {
                "round": about.title,
                "person": interview.person.name,
                "persona_id": interview.person.persona_id,
                "session": interview.person.session_id,
                "number": "" if row.question is None else row.question + 1,
                "section": row.section,
                "question": row.text,
                "answer": said,
                "follow_ups": BETWEEN.join(probes),
                "words": word_count(said),
                "answers": len(cell.said),
                "messages": "; ".join(str(each.seq) for each in cell.said),
                "model": about.model,
                "seed": about.seed,
                "simulated": about.simulated,
                "synthetic": True,
            }
        )
    return rows


def round_markdown(held: HeldRound, findings: Findings | None) -> str:
    """The whole round: themes, answers by question, method card; text from people and models is escaped."""
    parts = [
        f"# {esc(held.round.title)}",
        f"> {esc(notice(held.round))}",
        *([f"## Summary\n\n{_summary(findings)}", _themes(findings)] if findings else []),
        "## Answers side by side",
        *(_question(held, place) for place in range(len(side_by_side(held)))),
        method_card(held, findings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def notice(held: InterviewRound) -> str:
    """That nobody real was asked, in one sentence of plain text."""
    made = "by Semblance's built-in simulator, without a language model" if held.simulated else f"by {held.model}"
    return f"Simulated: everybody interviewed is synthetic, and every answer was made {made}."


def method_card(held: HeldRound, findings: Findings | None) -> str:
    """The method in rows, as Markdown for a file."""
    rows = "\n".join(f"| {name} | {esc(' '.join(words.split()))} |" for name, words in method_rows(held, findings))
    return f"## Method card\n\n| Item | Details |\n|---|---|\n{rows}\n\n{LIMITS}"


def method_rows(held: HeldRound, findings: Findings | None) -> list[tuple[str, str]]:
    """Names and values of the card, in order; plain text."""
    about = held.round
    origins = sorted({person.origin for each in held.there if each.group for person in each.group.participants})
    messages = [message for each in held.interviews for message in each.messages]
    asked_by = "a person" if about.by_person else f"the model, {FOLLOW_UPS[about.probing]}"
    failed = sum(message.status is MessageStatus.FAILED for message in messages)
    gone = len(held.interviews) - len(held.there)
    rows = [
        (
            "Interviews",
            f"{number(len(about.people), 'synthetic persona')} ({', '.join(origins) or 'none'}), each alone; nobody heard another, "
            "and nobody real was asked",
        ),
        ("Model", f"{about.model}{' (the built-in simulator, not a language model)' if about.simulated else ''}"),
        ("Moderated by", asked_by),
        ("Guide", number(len(about.guide.questions), "question")),
        ("Prompts", f"version {about.prompts}"),
        ("Seed", f"{about.seed}, of every interview"),
        ("Begun", f"{about.created_at:%Y-%m-%d}"),
        *([("Language", f"{about.language}, as chosen")] if about.language else []),
        ("Failed replies", str(failed)),
        *([("Deleted interviews", str(gone))] if gone else []),
    ]
    if findings:
        made = "the built-in simulator" if findings.simulated else findings.model
        read = number(len(findings.sessions), "interview")
        dropped = f"{findings.dropped_quotes}, not in the message cited" if findings.dropped_quotes else "none"
        rows += [
            ("Themes", f"found by {made} in {read} together on {findings.created_at:%Y-%m-%d}"),
            ("Quotes dropped", dropped),
            *([("Claims", claims)] if (claims := method_words(tally(findings, len(findings.sessions)))) else []),
        ]
    return rows


def _summary(findings: Findings) -> str:
    return in_markdown(told_of_session(findings, len(findings.sessions)))


def _themes(findings: Findings) -> str:
    people = len(findings.sessions)
    parts = [*(_theme(theme, people) for theme in findings.themes), esc(tally(findings, people).in_words)]
    return "## Themes\n\n" + "\n\n".join(part for part in parts if part)


def _theme(theme: Theme, people: int) -> str:
    quotes = "\n".join(
        f"- “{esc(said.quote)}” — {esc(said.speaker)}, message {said.seq} of session {said.session_id}"
        for said in theme.verbatims
    )
    summary = in_markdown(told_of_theme(theme, people))
    return "\n\n".join(part for part in (f"### {esc(theme.name)}", summary, quotes) if part.strip())


def _question(held: HeldRound, place: int) -> str:
    row = side_by_side(held)[place]
    cells = [
        f"**{esc(each.person.name)}**\n\n{_cell(cell)}"
        for each, cell in zip(held.interviews, row.cells, strict=True)
        if cell.shown
    ]
    heading = row.text if row.question is None else f"{row.question + 1}. {row.text}"
    return "\n\n".join([f"### {esc(heading)}", *(cells or ["Nobody has answered this yet."])])


def _cell(cell: PersonCell) -> str:
    told = []
    for each in cell.shown:
        if each.seq in cell.follow_ups:
            told.append(f"*{esc(' '.join(each.text.split()))}*")
        elif each.status is MessageStatus.SAID:
            told.append(esc(each.text))
        else:
            told.append(f"({each.status.value})")
    return "\n\n".join(told)
