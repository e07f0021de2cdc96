"""Questionnaires of a design: what people of an arm have read before each question."""

import re
from dataclasses import replace

from semblance_core.domain.designs.design import Cell, PartKind
from semblance_core.domain.designs.study_file import StudyFile
from semblance_core.domain.instruments.questionnaire import TITLE_CHARS, Questionnaire


def survey_of(study: StudyFile, cell: Cell, kind: PartKind) -> Questionnaire:
    """The survey of a cell. The one before the discussion comes before anything is shown, so it holds no text of the arm.

    Within people, the texts of arms that they have been through stand before that of this one, in their order. Raises `InvalidInput` where
    the texts are too long together.
    """
    own = study.planned[cell.arm]
    asked = own.before if kind is PartKind.BEFORE else own.after
    assert asked
    read = [] if kind is PartKind.BEFORE else _texts(study, cell)
    introduction = "\n\n".join(filter(None, (asked.introduction, *read)))
    title = f"{called(study, cell)} · {asked.title}"[:TITLE_CHARS]
    return replace(asked, title=title, introduction=introduction)


def called(study: StudyFile, cell: Cell) -> str:
    """The name of a cell: its arm and run, and the order where there is one.

    >>> called(StudyFile("Oat milk", brief="x", after=_asked()), Cell(0, 1, 0))
    'Oat milk · run 2'
    """
    words = f"{study.names[cell.arm]} · run {cell.run + 1}"
    return f"{words} · order {'-'.join(str(arm + 1) for arm in cell.order)}" if cell.order else words


def _texts(study: StudyFile, cell: Cell) -> list[str]:
    texts = [_plain(each.text) for each in study.planned]
    if not cell.order:
        return [texts[cell.arm]]
    before = [texts[arm] for arm in cell.order[: cell.order.index(cell.arm)]]
    told = [f"They have read this before:\n{text}" for text in before if text]
    return [*told, f"Now they read this:\n{texts[cell.arm]}" if told else texts[cell.arm]]


def _plain(text: str) -> str:
    """The text without marks of headings, which a questionnaire takes for its own."""
    return re.sub(r"(?m)^\s*#+\s+", "", text).strip()


def _asked() -> Questionnaire:
    from semblance_core.domain.instruments.markdown import parse_questionnaire

    return parse_questionnaire("# T\n## Why?\ntype: open")
