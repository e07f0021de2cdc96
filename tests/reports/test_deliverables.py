"""Files that are handed over, opened again with their libraries: what they say, how they are marked, and that nothing overflows or runs."""

import io
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest

from semblance_core.domain.accent import DEFAULT
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Theme, Verbatim
from semblance_core.reports.deliverables.content import SYNTHETIC, Part
from semblance_core.reports.deliverables.kinds import FileKind, made_file
from semblance_core.reports.deliverables.making import deliverable
from semblance_core.reports.deliverables.transcripts import transcript_json, transcript_vtt
from semblance_core.reports.deliverables.word import report_docx, transcript_docx
from tests.reports.materials import (
    all_texts,
    document_text,
    hostile,
    large,
    opened_book,
    opened_deck,
    overflows,
    recorded,
    texts_of,
)


@pytest.mark.parametrize("name", ["breakfast", "commuters"])
def test_a_deck_has_one_slide_a_finding_with_counts_quotes_and_who_said_them(name: str) -> None:
    content = deliverable(recorded(name))
    slides = list(opened_deck(content).slides)
    titles = [slide.shapes.title.text for slide in slides]
    assert titles[:3] == [content.title, "Summary", f"Themes by participants quoted, of {content.findings[0].of}"]
    for finding in content.findings:
        (at,) = [place for place, title in enumerate(titles) if title == finding.name]
        said = "\n".join(texts_of(slides[at]))
        assert f"{len({quote.speaker for quote in finding.quotes})} of {len(content.panel)}" in said
        assert finding.summary[:40] in said
        first = finding.quotes[0]
        assert f"“{first.quote}”" in said
        assert f"{first.speaker}, {first.who} · message {first.seq}" in said
    everything = all_texts(content)
    for finding in content.findings:
        assert all(f"“{quote.quote}”" in everything for quote in finding.quotes)
    assert "Discussion guide" in titles
    assert any(title.startswith("Method card") for title in titles)
    assert any(title.startswith(f"The panel: {len(content.panel)} synthetic participants") for title in titles)
    assert all(person.name in everything for person in content.panel)
    assert content.limits in everything
    assert "1. Which do you drink most?" in titles


def test_what_nobody_said_is_marked_in_every_file_and_what_nobody_checked_is_named() -> None:
    material = recorded("debt")
    unchecked = deliverable(material)
    assert all("not checked against the messages" in finding.note for finding in unchecked.findings), "recorded before"
    assert material.findings is not None
    first, *others = material.findings.themes
    texts = ("It is dear.", "They fear for their jobs.", "Two of 99 left.")
    claims = (Claim(texts[0], Check.SAID, (2,)), Claim(texts[1], Check.INFERRED), Claim(texts[2], Check.SAID, (2,)))
    theme = replace(first, summary=" ".join(texts), claims=claims)
    summary, of_all = "Nobody trusts them.", (Claim("Nobody trusts them.", Check.INFERRED),)
    findings = replace(material.findings, themes=(theme, *others), summary=summary, claims=of_all)
    content = deliverable(replace(material, findings=findings))
    assert content.findings[0].note == "2 sentences go beyond what the messages say and are marked."
    sheets = "\n".join(str(cell) for sheet in opened_book(content) for row in sheet.values for cell in row if cell)
    for file in (all_texts(content), document_text(report_docx(content)), sheets):
        assert "It is dear. They fear for their jobs. (the analyst's inference) Two of 99 left. (“Two of 99”: " in file
        assert "Nobody trusts them. (the analyst's inference)" in file
        assert content.findings[0].note in file
        assert content.findings[1].note in file


def test_every_slide_page_and_sheet_says_that_participants_are_synthetic() -> None:
    content = deliverable(recorded("breakfast"))
    slides = list(opened_deck(content).slides)
    assert len(slides) > 15
    for slide in slides:
        marks = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text == SYNTHETIC]
        assert len(marks) == 1
    for written in (report_docx(content), transcript_docx(content)):
        paper = docx.Document(io.BytesIO(written))
        assert SYNTHETIC in paper.sections[0].header.paragraphs[0].text
        assert content.notice in document_text(written)
        assert content.limits in document_text(written)
    for sheet in opened_book(content):
        assert sheet.cell(1, 1).value.startswith(f"{SYNTHETIC}. Recorded: every participant is synthetic.")
    simulated = deliverable(replace(recorded("breakfast"), group=replace(recorded("breakfast").group, simulated=True)))
    assert simulated.label == f"{SYNTHETIC}, simulated"


def test_charts_are_native_and_hold_the_counts() -> None:
    content = deliverable(recorded("breakfast"))
    charts = {
        slide.shapes.title.text: shape.chart
        for slide in opened_deck(content).slides
        for shape in slide.shapes
        if shape.has_chart
    }
    quoted = charts["Themes by participants quoted, of 5"].plots[0]
    assert next(iter(quoted.categories)) == f"1. {content.findings[0].name}"
    assert list(quoted.series[0].values) == [len(each.speakers) for each in content.findings]
    words = charts["Who spoke: words a participant"].plots[0]
    assert sorted(words.categories) == sorted(person.name for person in content.panel)
    tones = charts["How the quotes speak"].plots[0]
    judged = Counter(quote.sentiment for finding in content.findings for quote in finding.quotes)
    assert {series.name: sum(series.values) for series in tones.series} == {
        tone: judged[tone] for tone in ("positive", "neutral", "negative")
    }
    assert list(charts["1. Which do you drink most?"].plots[0].series[0].values) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("material", [hostile, large, lambda: recorded("breakfast"), lambda: recorded("commuters")])
def test_nothing_leaves_its_slide_or_its_box(material: Any) -> None:
    assert overflows(opened_deck(deliverable(material()))) == []


def test_hostile_text_is_shown_and_does_nothing() -> None:
    content = deliverable(hostile(), accent="#fff")
    shown = '=HYPERLINK("http://evil")'
    everything = all_texts(content)
    assert shown in everything
    assert "مها العربية" in everything
    assert "朝は何も食べません" in transcript_vtt(content)
    for text in (everything, document_text(report_docx(content)), transcript_vtt(content), transcript_json(content)):
        assert shown in text.replace('\\"', '"')
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\u202e]", text)
    book = opened_book(content)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert "_x0041_" in book["About"].cell(3, 2).value
    assert {"+1", "-1", "@somebody"} <= {cell.value for cell in cells}
    for slide in opened_deck(content).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                inside = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
                held = [cell for row in inside.active.iter_rows() for cell in row if cell.value is not None]
                assert {cell.data_type for cell in held} <= {"s", "n"}
                assert not any(cell.hyperlink for cell in held)
    turned = [
        paragraph
        for paragraph in docx.Document(io.BytesIO(report_docx(content))).element.body.iter("{*}p")
        if "لا أكل" in "".join(paragraph.itertext())
    ]
    assert turned
    assert all(paragraph.find(".//{*}bidi") is not None for paragraph in turned)
    assert re.fullmatch(r"[a-z0-9-]+-recorded-deck\.pptx", made_file(FileKind.DECK, hostile()).name)


def test_long_texts_are_whole_over_several_slides() -> None:
    material = recorded("breakfast")
    sentences = [f"Sentence number {at} stands here for itself." for at in range(150)]
    findings = replace(
        material.findings,  # type: ignore[type-var]
        summary=" ".join(sentences),
        themes=(Theme("Long", " ".join(sentences[:60]), (Verbatim(1, "Kelly Brennan", " ".join(sentences[60:120])),)),),
    )
    content = deliverable(replace(material, findings=findings))
    slides = list(opened_deck(content).slides)
    for title, whole in (("Summary", sentences), ("Long", sentences[:60]), ("Further quotes: Long", sentences[60:120])):
        pages = [slide for slide in slides if slide.shapes.title.text.startswith(title)]
        assert len(pages) > 1
        said = " ".join(" ".join(text for text in texts_of(page)) for page in pages)
        assert all(sentence in said for sentence in whole), title


def test_a_session_without_themes_or_words_has_all_files_too() -> None:
    material = replace(recorded("breakfast"), findings=None, survey=None)
    for each in (material, replace(material, messages=[], events=[])):
        content = deliverable(each)
        titles = [slide.shapes.title.text for slide in opened_deck(content).slides]
        assert titles[0] == content.title
        assert "Method card" in titles
        assert "No themes were extracted." in document_text(report_docx(content))
        assert "Themes" not in opened_book(content).sheetnames
        assert transcript_vtt(content).startswith("WEBVTT")


def test_only_the_chosen_parts_are_in_it_and_the_method_card_always() -> None:
    content = deliverable(recorded("breakfast"), (Part.THEMES,))
    titles = [slide.shapes.title.text for slide in opened_deck(content).slides]
    assert any(title.startswith("Method card") for title in titles)
    assert not {"Summary", "Discussion guide", "Cost", "Who spoke: words a participant"} & set(titles)
    headings = [
        each.text for each in docx.Document(io.BytesIO(report_docx(content))).paragraphs if "Head" in each.style.name
    ]
    assert {"Themes", "Method card"} <= set(headings)
    assert not {"Summary", "The panel", "Transcript"} & set(headings)
    assert {"Themes", "Verbatims"} <= set(opened_book(content).sheetnames)
    assert not {"Messages", "Panel", "Usage"} & set(opened_book(content).sheetnames)


def test_the_workbook_has_every_quote_message_answer_and_exact_cost() -> None:
    content = deliverable(recorded("breakfast"))
    book = opened_book(content)
    rows = {sheet.title: list(sheet.iter_rows(min_row=3, values_only=True)) for sheet in book}
    assert [row[1:3] for row in rows["Themes"]] == [(each.name, len(each.speakers)) for each in content.findings]
    assert [row[2] for row in rows["Verbatims"]] == [said.quote for each in content.findings for said in each.quotes]
    assert [row[0] for row in rows["Messages"]] == [line.seq for line in content.transcript]
    assert [row[0] for row in rows["Panel"]] == [person.name for person in content.panel]
    assert len(rows["Answers"]) == 1
    *_, last = rows["Usage"]
    assert last[0] == "All calls"
    assert last[9] == "0.268487501"
    assert book["Usage"].cell(3, 9).value == 0.2684875
    assert len(book["Themes"]._charts) == 1


def test_a_transcript_is_whole_in_order_and_its_times_are_said_to_be_estimated() -> None:
    content = deliverable(recorded("breakfast"))
    timed = transcript_vtt(content)
    assert "Times are estimated from the words" in timed.split("\n\n")[1]
    stamps = re.findall(r"^(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})$", timed, re.MULTILINE)
    assert len(stamps) == len(content.transcript)
    assert all(begin < end for begin, end in stamps)
    assert [begin for begin, _ in stamps] == sorted(begin for begin, _ in stamps)
    assert all(not re.search(r"-->", line.text) for line in content.transcript)
    told = json.loads(transcript_json(content))
    assert (told["synthetic"], len(told["messages"])) == (True, 49)
    said = document_text(transcript_docx(content))
    assert all(line.text in said for line in content.transcript)


def test_the_accent_is_the_themes_first_colour_and_dark_enough_to_read() -> None:
    material = recorded("breakfast")
    for accent, wanted in (("#1A2B3C", b"1A2B3C"), ("", DEFAULT.encode()), ("#ffff00", None)):
        content = deliverable(material, accent=accent)
        master = opened_deck(content).slide_master.part
        theme = next(rel.target_part.blob for rel in master.rels.values() if rel.reltype.endswith("/theme"))
        found = re.search(rb'accent1>\s*<a:srgbClr val="(\w{6})', theme)
        assert found
        assert found[1] == (wanted or content.accent.encode())
    assert deliverable(material, accent="#ffff00").accent != "FFFF00"
    with pytest.raises(InvalidInput, match="is no colour"):
        deliverable(material, accent="red;}")


def test_a_large_session_has_every_file_and_every_message() -> None:
    content = deliverable(large())
    presentation = opened_deck(content)
    (chart,) = [
        shape.chart
        for slide in presentation.slides
        if slide.shapes.title.text.startswith("Who spoke")
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert len(list(chart.plots[0].categories)) == 24
    assert opened_book(content)["Messages"].max_row == 2_002
    assert len(presentation.slides) < 100
    assert len(content.transcript) == 2_000
