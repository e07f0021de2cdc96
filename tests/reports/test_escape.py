"""Text of anybody, made harmless: Markdown that is nothing but text, cells that are no formula, names that files can have."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from semblance_core.domain.accounts.audit_log import AuditEntry
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.flows.importing.persona_file import read_personas
from semblance_core.reports import exports
from semblance_core.reports.escape import escaped_markdown, original_cell, safe_cell, safe_file_name, without_unseen
from ui.parts.words import WORD_JOINER, safe_markdown

NOW = datetime(2026, 5, 1, tzinfo=UTC)
KNOWN: dict[str, Any] = {"dropped_quotes": 0, "prompts_version": "0", "simulated": False}
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARMLESS = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak", "hardbreak"}
MARKS = [*"\\`*_{}[]()<>#+-=.!|~$&:;'\"/@^% \t\n1a", "http://", "www.", "&lt;", "![x](y)", "<b>", "    ", "\n\n", "---"]
hostile = some.lists(some.sampled_from(MARKS), max_size=14).map("".join) | some.text(max_size=60)
formulas = some.tuples(
    some.sampled_from(["", "'", "''", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "1", "'007", "1e5", "3-5"]), hostile
).map("".join)


def texts_of(tokens: Sequence[object]) -> str:
    text = ""
    for token in tokens:
        assert token.type in HARMLESS, token  # type: ignore[attr-defined]
        if token.type in ("softbreak", "hardbreak", "paragraph_open"):  # type: ignore[attr-defined]
            text += "\n"
        text += texts_of(token.children) if token.children else token.content if token.type != "inline" else ""  # type: ignore[attr-defined]
    return text


@pytest.mark.parametrize("escape", [escaped_markdown, safe_markdown])
@given(written=hostile)
@example("a\n===\n- b\n1. c\n> d\n```\ne\n\n    f\n| g |\n|---|\n[h]: /i\n[h]")
def test_markdown_of_any_text_is_that_text_and_nothing_else(escape: Callable[[str], str], written: str) -> None:
    shown = texts_of(MARKDOWN.parse(escape(written))).replace(WORD_JOINER, "")
    assert shown.split() == without_unseen(written).replace(WORD_JOINER, "").split()


@given(formulas)
def test_a_cell_begins_no_formula_and_can_be_read_back(written: str) -> None:
    cell = safe_cell(written)
    assert not cell.startswith(("=", "+", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"))
    assert not cell.startswith("-") or re.fullmatch(r"-\d+(\.\d+)?", cell)
    assert original_cell(cell) == written


CHANGED = ("007", "0123456789012345", "12345678901234567890", "5e12", "12E4", "3-5", "12/15", "1/2/26", "2026-05-01", "1.5.2026",
           "Mar 5", "5 May", "May-26", "sept 2026", "-007", "'007")  # fmt: skip
KEPT = ("7", "3.50", "-2.5", "0.000000001", "1234567.123456789", "0", "34", "2026-05-01T00:00:00+00:00", "gpt-4o", "call-12", "March", "12e",
        "5 euros", "1,000", "12:30", "q7f3nkm2", "a007", "may be", "3-5 a day")  # fmt: skip


def test_ids_and_texts_that_look_like_other_values_are_kept_by_spreadsheets() -> None:
    for written in CHANGED:
        assert safe_cell(written) == f"'{written}", written
        assert original_cell(safe_cell(written)) == written
    for written in KEPT:
        assert safe_cell(written) == written == original_cell(written), written


def test_every_table_is_one_that_excel_reads_as_utf8() -> None:
    persona = Persona("Łucja 007", quote="two\nlines")
    message = Message("g", 1, "persona", "Łucja", "007", MessageStatus.SAID, "reply", NOW)
    findings = Findings("g", (), model="m", through_seq=1, created_at=NOW, summary="", **KNOWN)
    event = UsageEvent("007", "user", "reply", "m", TokenCounts(1, 0, 1), None, 1.0, "ok", False, NOW)
    entry = AuditEntry("a", NOW, "007", "add_user", "", "", ())
    tables = (
        *(exports.personas_csv([persona]), exports.template_csv(), exports.transcript_csv([message])),
        *(exports.themes_csv(findings), exports.usage_csv([event]), exports.audit_csv([entry], {})),
        *(exports.personas_csv([]), exports.transcript_csv([]), exports.themes_csv(None), exports.usage_csv([])),
    )
    for table in tables:
        assert table.encode().startswith(b"\xef\xbb\xbf"), table[:40]
        assert table.count("\ufeff") == 1
        assert table.endswith("\r\n")
    assert rows(tables[2])[0]["text"] == rows(tables[4])[0]["id"] == rows(tables[5])[0]["actor"] == "007"
    assert read_personas(tables[0].encode())[0].name == "Łucja 007"


def rows(text: str) -> list[dict[str, str]]:
    return [
        {name: original_cell(cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    ]


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")) for cell in row]


@given(formulas)
def test_every_table_that_is_written_holds_no_formula_and_can_be_read_back(written: str) -> None:
    message = Message(
        "g", 1, "persona", written, written, MessageStatus.SAID, "reply", NOW, error=written, model=written
    )
    themes = (Theme(written, written, (Verbatim(1, written, written),)),)
    findings = Findings("g", themes, model=written, through_seq=1, created_at=NOW, summary=written, **KNOWN)
    event = UsageEvent(
        "e", "user", "reply", written, TokenCounts(1, 0, 1), Decimal("-0.5"), 1.0, "ok", False, NOW, error=written
    )
    entry = AuditEntry("a", NOW, "admin", written, written, written, (written,), words=written)
    tables = {
        exports.transcript_csv([message]): ("speaker", "text", "error", "model"),
        exports.themes_csv(findings): ("theme", "definition", "speaker", "quote", "model"),
        exports.usage_csv([event]): ("model", "error"),
        exports.audit_csv([entry], {}): ("action", "about", "owner", "details", "words"),
    }
    for table, columns in tables.items():
        (row,) = rows(table)
        assert {name: row[name] for name in columns} == dict.fromkeys(columns, written)
        assert [cell for cell in cells(table) if cell != safe_cell(original_cell(cell))] == []
    assert json.loads(exports.transcript_jsonl([message]))["text"] == written
    assert json.loads(exports.themes_json(findings))["themes"][0]["name"] == written


@given(
    some.text("=+-@'ab, ;", min_size=1, max_size=20).filter(
        lambda name: name.strip() and name == " ".join(name.split())
    )
)
def test_personas_keep_their_words_through_a_table(name: str) -> None:
    table = exports.personas_csv([Persona(name, quote=name)])
    assert [cell for cell in cells(table) if cell.startswith(("=", "+", "@")) or re.match(r"-(?!\d)", cell)] == []
    (back,) = read_personas(table)
    assert (back.name, back.quote) == (name, name)


@given(
    some.text(max_size=200) | some.sampled_from(["CON", "nul", "com1", "LPT9", "..", "a/b\\c", "\u202egnp.exe", "Ä"])
)
def test_a_file_name_is_one_that_every_system_takes(written: str) -> None:
    name = safe_file_name(written)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 70
    assert not re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", name)
