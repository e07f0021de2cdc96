"""The report as a page: stands alone, runs nothing, shows hostile text as it is, and says what was simulated and edited."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide, Section
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.reports import exports
from semblance_core.reports.html_report import report_html
from semblance_core.reports.report import report_markdown
from tests.reports.test_talk import BEN, GROUP, MAYA, MESSAGES, found, message

HOSTILE = (
    "</style></title><script>alert(1)</script><img src=http://evil/x onerror=alert(1)>"
    "<a href=\"javascript:alert(1)\">x</a> ' onmouseover='x \u202e {{ 7 * 7 }} {% raw %} =cmd()"
)
ALLOWED = {"href", "id", "class", "style", "lang", "charset", "name", "content", "http-equiv"}


class Read(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile() -> tuple[FocusGroup, list[Any], Findings]:
    person = replace(GROUP.participants[0], name=HOSTILE[:60])
    guide = Guide((Section(HOSTILE, (HOSTILE,), ((HOSTILE,),)),))
    group = replace(GROUP, title=HOSTILE[:160], topic=HOSTILE, guide=guide, participants=(person,), model=HOSTILE)
    said = [message(1, person.name, HOSTILE, 0)]
    theme = Theme(HOSTILE, HOSTILE, (Verbatim(1, person.name, HOSTILE),))
    return group, said, replace(found((theme,)), summary=HOSTILE, model=HOSTILE, version=1, same_as=1, editor=HOSTILE)


def test_hostile_text_is_shown_as_it_is_and_does_nothing() -> None:
    page = Read(html := report_html(*hostile(), []))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "link", "object", "embed", "form", "svg", "base"}
    assert {name for _, attributes in page.tags for name in attributes} <= ALLOWED
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "\u202e" not in html


def test_the_page_refers_to_nothing_outside_itself() -> None:
    html = report_html(GROUP, MESSAGES, found((Theme("Price", "It is dear.", (MAYA, BEN)),)), [])
    page = Read(html)
    links = [value for _, attributes in page.tags for name, value in attributes.items() if name in ("href", "src")]
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert links
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)
    assert not re.search(r"https?://|url\(|@import", html)
    assert "default-src 'none'" in html


def test_every_quote_stands_in_the_page_with_its_message() -> None:
    findings = found((Theme("Price", "It is dear.", (MAYA, replace(BEN, by_hand=True))),))
    text = Read(report_html(replace(GROUP, simulated=True), MESSAGES, findings, [])).text
    assert "“Too dear.”" in text
    assert "message 3, negative" in text
    assert "message 5, positive, picked by hand" in text
    assert "2 of 3 participants are quoted" in text
    assert "without a language model" in text


def test_a_session_without_themes_or_words_has_a_report_too() -> None:
    assert "No themes were extracted." in report_html(GROUP, [], None, [])
    assert "No theme could be traced" in report_html(GROUP, MESSAGES, found(()), [])


@pytest.mark.parametrize("write", [report_html, report_markdown])
def test_what_people_edited_is_said(write: Any) -> None:
    findings = found((Theme("Price", "It is dear.", (MAYA,)),))
    assert "edited by people" not in write(GROUP, MESSAGES, findings, [])
    edited = write(GROUP, MESSAGES, replace(findings, version=2, same_as=2, editor="Robin"), [])
    assert "by Robin" in edited


def test_themes_as_files_say_whether_they_were_simulated_and_edited() -> None:
    theme = Theme("=cmd()", "It is dear.", (replace(MAYA, quote="+1 from me", by_hand=True), BEN))
    findings = replace(found((theme,)), simulated=True, version=1, same_as=1, editor="Robin")
    (first, second) = csv.DictReader(io.StringIO(exports.themes_csv(findings).removeprefix("\ufeff")))
    assert (first["theme"], first["quote"], first["sentiment"]) == ("'=cmd()", "'+1 from me", "negative")
    assert (first["picked_by_hand"], first["edited"], first["simulated"]) == ("True", "True", "True")
    assert (second["message"], second["participants_quoted"]) == ("5", "2")
    told = json.loads(exports.themes_json(findings))
    assert (told["simulated"], told["edited"], told["edited_by"]) == (True, True, "Robin")
    assert told["themes"][0]["verbatims"][1]["sentiment"] == "positive"
    assert exports.themes_csv(None).count("\n") == 1
    rows = list(csv.DictReader(io.StringIO(exports.transcript_csv(MESSAGES).removeprefix("\ufeff"))))
    assert [row["seq"] for row in rows] == [str(each.seq) for each in MESSAGES]
