"""Sentences on how a file of personas or a guide was read: for the shell. Pure."""

from collections.abc import Iterator, Sequence

from semblance_core.documents.text.encoding_names import label
from semblance_core.domain.discussion.guide import GuideReading
from semblance_core.domain.plurals import number
from semblance_core.flows.importing.preview import ImportPreview, NoteKind

MOST = 20
"""Most items of one kind that are listed."""


def preview_lines(preview: ImportPreview, name: str, *, with_rows: bool = False) -> Iterator[str]:
    """Returns lines on what was read and left out, and on open questions; with_rows: the first three rows too."""
    form = preview.format
    if preview.encoding and not preview.needs_encoding:
        form += f" in {label(preview.encoding)}"
    if preview.separator:
        form += f", columns between {preview.separator}"
    yield f"{name}: {number(len(preview.personas), 'persona')}, read as {form}."
    if preview.taken:
        yield f"Taken over: {', '.join(taken_words(each.column, each.field) for each in preview.taken)}."
    yield from _some([f"Left out: “{each.column}”. {each.why}" for each in preview.left_out])
    chosen = [note for note in preview.notes if note.kind is not NoteKind.ENCODING or not preview.needs_encoding]
    yield from _some([note.text for note in chosen])
    if with_rows:
        yield f"Columns: {' | '.join(preview.headings)}"
        yield from (f"        {' | '.join(row)}" for row in preview.rows)
    yield from _some(list(preview.faults))
    if preview.awaiting:
        yield f"{number(len(preview.awaiting), 'row')} {'waits' if len(preview.awaiting) == 1 else 'wait'} for an answer:"
    for question in preview.questions:
        yield f"{question.text} (--{question.kind})"
        yield from (f"  {choice.value} ({choice.label}): {'; '.join(choice.shown)}" for choice in question.choices)


def guide_lines(reading: GuideReading, name: str) -> Iterator[str]:
    """Returns lines on the questions read, by section, on lines left out with why, and on lines put together."""
    guide = reading.guide
    sections = "; ".join(f"{section.title} ({len(section.questions)})" for section in guide.sections)
    yield f"{name}: {number(len(guide.questions), 'question')} in {number(len(guide.sections), 'section')}: {sections}"
    yield from _some([f"Left out, line {line.number}: “{line.text[:90]}”. {line.why}" for line in reading.left_out])
    yield from _some([f"To look at, line {line.number}: “{line.text[:200]}”. {line.how}" for line in reading.read_as])


def taken_words(column: str, field: str) -> str:
    """
    >>> taken_words("Age", "age"), taken_words("job", "occupation")
    ('Age', 'job as occupation')
    """
    return column if column.casefold().replace("_", " ") == field else f"{column} as {field}"


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"… and {len(lines) - MOST:,} more."
