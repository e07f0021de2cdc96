"""Opinion shift as files: ballots as CSV, one row an answer; results as plain values; the method card. Pure."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from semblance_core.analysis.shift.compared import Compared
from semblance_core.domain.instruments.answers import Answer
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.domain.instruments.flags import FLAG_WORDS, Flag
from semblance_core.domain.instruments.questions import OptionQuestion
from semblance_core.reports.escape import escaped_markdown
from semblance_core.reports.exports import csv_text
from semblance_core.reports.shift.result import OpinionShift, PersonsAnswers, QuestionShift
from semblance_core.reports.shift.words import (
    NO_CONTROL,
    anchoring_words,
    answer_words,
    dissent_words,
    figure_words,
    freed_words,
    stance_words,
)

COLUMNS = (
    *("persona_id", "name", "wave", "heard_through", "question", "type", "text", "state", "answer", "number"),
    *("stance", "words", "order_shown", "problem", "model", "seed", "control", "synthetic", "flags"),
)
LIMITS = (
    "Synthetic answers: a language model answered in the place of each participant. A shift counts only where it exceeds the control, "
    "the same ballot put twice to the same participants without the discussion. Groups of models agree more than people do, so even "
    "then it says what this model does, not what people would do."
)


def ballots_csv(shift: OpinionShift) -> str:
    """One row an answer; every row says how it came about."""
    return csv_text(COLUMNS, list(_rows(shift)))


def results(shift: OpinionShift) -> dict[str, Any]:
    """The results as plain JSON values, which the API answers too."""
    return {
        "title": shift.ballot.title,
        "through": shift.through,
        "ballots": {wave.value: number for wave, number in shift.counts.items()},
        "has_control": shift.has_control,
        "simulated": shift.simulated,
        "first_speaker": shift.first,
        "questions": [_question(shift, each) for each in shift.questions],
    }


def method_rows(shift: OpinionShift) -> list[tuple[str, str]]:
    """Names and values of the method card, in order."""
    group, flags = shift.group, {flag for each in shift.questions for flag in each.flags}
    counts = ", ".join(f"{wave}: {number}" for wave, number in shift.counts.items())
    models = sorted({answer.model for cast in shift.casts for answer in cast.answers if answer.model})
    return [
        ("Session", group.title),
        ("Ballot", f"{shift.ballot.title}; {len(shift.questions)} questions in one call a participant, private"),
        ("Ballots", counts),
        ("Before", "put before the first answer of the discussion"),
        ("After", f"put behind message {shift.through}, with what was heard" if shift.through else "not put yet"),
        ("Control", "the same ballot twice, without the discussion" if shift.has_control else NO_CONTROL),
        ("Answers", "synthetic, by the built-in simulator" if shift.simulated else "synthetic, by a language model"),
        ("Model", ", ".join(models) or group.model),
        ("Seed", f"{group.seed}, which draws each participant's order of options"),
        *([("Forked", group.fork.in_words)] if group.fork else []),
        (
            "Intervals",
            "95%, 2,000 resampled panels of the same participants and their control; of this panel, not of a population",
        ),
        ("Flags", "; ".join(f"{flag} ({FLAG_WORDS[flag]})" for flag in Flag if flag in flags) or "none"),
    ]


def method_card(shift: OpinionShift) -> str:
    """The card as Markdown."""
    rows = method_rows(shift)
    table = "\n".join(f"| {name} | {escaped_markdown(' '.join(told.split()))} |" for name, told in rows)
    return f"# Method card\n\n| Item | Details |\n|---|---|\n{table}\n\n{LIMITS}\n"


def shift_files(shift: OpinionShift) -> dict[str, str]:
    """All files by name."""
    return {"ballots.csv": ballots_csv(shift), "ballot.md": shift.group.ballot, "method.md": method_card(shift)}


def _rows(shift: OpinionShift) -> Iterator[dict[str, Any]]:
    heard = {(cast.wave, cast.persona_id): cast.through for cast in shift.casts}
    for question in shift.questions:
        flags = " ".join(question.flags)
        for person in question.people:
            for wave in Wave:
                if answer := person.answers.get(wave):
                    through = heard.get((wave, person.persona_id), 0)
                    yield _row(shift, question, person, wave, answer, through, flags)


def _row(
    shift: OpinionShift,
    asked: QuestionShift,
    person: PersonsAnswers,
    wave: Wave,
    answer: Answer,
    through: int,
    flags: str,
) -> dict[str, Any]:
    question = asked.question
    options = question.options if isinstance(question, OptionQuestion) else ()
    return {
        "persona_id": person.persona_id,
        "name": person.name,
        "wave": wave.value,
        "heard_through": through,
        "question": asked.place + 1,
        "type": question.type_name,
        "text": question.text,
        "state": answer.state.value,
        "answer": answer_words(question, answer) if answer.state == "answered" else "",
        "number": _figure(answer.value),
        "stance": _figure(person.stance),
        "words": answer.text,
        "order_shown": " | ".join(options[place] for place in answer.order) if options else "",
        "problem": answer.problem,
        "model": answer.model,
        "seed": shift.group.seed,
        "control": asked.has_control,
        "synthetic": True,
        "flags": flags,
    }


def _question(shift: OpinionShift, asked: QuestionShift) -> dict[str, Any]:
    dissent = asked.dissent
    return {
        "question": asked.place + 1,
        "text": asked.question.text,
        "type": asked.question.type_name,
        "counted": asked.counted,
        "has_control": asked.has_control,
        "stances_from": "" if not stance_words(asked) else ("said" if asked.stances_said else "ballots before"),
        "people": [_person(asked, person) for person in asked.people],
        "figures": [_compared(each) for each in asked.figures],
        "anchoring": _anchoring(shift, asked),
        "dissent": {**asdict(dissent), "suppressed": dissent.suppressed, "words": dissent_words(dissent)}
        if dissent
        else None,
        "flags": [flag.value for flag in asked.flags],
    }


def _person(asked: QuestionShift, person: PersonsAnswers) -> dict[str, Any]:
    told = {wave: answer_words(asked.question, person.answers.get(wave)) for wave in Wave}
    return {
        "persona_id": person.persona_id,
        "name": person.name,
        "before": told[Wave.BEFORE],
        "after": told[Wave.AFTER],
        "control_first": told[Wave.FIRST],
        "control_again": told[Wave.AGAIN],
        "stance": person.stance,
    }


def _compared(each: Compared) -> dict[str, Any]:
    words = " ".join(filter(None, (figure_words(each), freed_words(each))))
    return {
        "figure": each.figure.value,
        "people": each.people,
        "discussion": each.discussion,
        "control": each.control,
        "difference": asdict(each.difference) if each.difference else None,
        "freed_of_noise": each.freed,
        "exceeds_control": each.exceeds,
        "words": words,
    }


def _anchoring(shift: OpinionShift, asked: QuestionShift) -> dict[str, Any] | None:
    if asked.anchoring is None:
        return None
    control = asked.anchoring_control
    words = anchoring_words(shift.first, asked.anchoring, control)
    return {**asdict(asked.anchoring), "control_distance": control.distance if control else None, "words": words}


def _figure(value: float | None) -> str:
    return "" if value is None else f"{round(value, 6):.12g}"
