"""The report as Markdown: no bullet without words, and money as people read it."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from semblance_core.domain.discussion.guide import Guide, Section, parse_guide
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.discussion.shows import PlacedStimulus, StimulusPlan
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Theme
from semblance_core.domain.usage.events import TokenCounts, UsageEvent
from semblance_core.domain.usage.money import money
from semblance_core.reports.exports import themes_csv, themes_json, transcript_jsonl, usage_csv
from semblance_core.reports.html_report import report_html
from semblance_core.reports.report import method_rows, report_markdown
from tests.reports.test_talk import BEN, GROUP, MAYA, MESSAGES, found

EVENT = UsageEvent(
    id="call",
    user_id="user",
    feature="reply",
    model="openai/gpt-4o-mini",
    tokens=TokenCounts(10, 0, 5),
    cost_usd=Decimal("0.2684875"),
    latency_s=1.0,
    status="ok",
    estimated=False,
    at=datetime(2026, 5, 1, tzinfo=UTC),
)
GUIDES = (
    "- Why?",
    "## Habits\n- When?\n\n## Price\n- What is fair?\n",
    "## Habits\n\n- When?\n- \n\n\n## Price\n- What is fair?\n",
)
EMPTY_BULLET = re.compile(r"^\s*[-*•]\s*$", re.MULTILINE)


def test_no_bullet_is_empty_whatever_the_guide_and_the_themes_are() -> None:
    guides = [parse_guide(text) for text in GUIDES] + [Guide((Section("Only a title", ()), Section("", ("Why?", " "))))]
    for guide in guides:
        for findings in (None, found((Theme("Habit", "", ()), Theme("Price", "It is dear.", ())))):
            report = report_markdown(replace(GROUP, guide=guide), MESSAGES, findings, [EVENT])
            assert not EMPTY_BULLET.search(report), report
            assert "\n\n\n" not in report
            assert all(f"- {question}" in report.replace("\\", "") for question in guide.questions if question.strip())


def test_a_report_says_what_the_guide_shows_and_in_which_order_it_was_shown() -> None:
    guide = parse_guide("- Well?\n  show: A_b.pdf\n- Why?\n- And?\n  show: C.png\n")
    plan = StimulusPlan((PlacedStimulus(0, "2", "C.png"), PlacedStimulus(2, "1", "A_b.pdf")), 2)
    messages = [replace(MESSAGES[0], stimuli=("C.png",)), *MESSAGES[1:]]
    group = replace(GROUP, guide=guide, stimulus_plan=plan)
    order = "rotated between groups, here as for group 2: C.png at question 1, A_b.pdf at question 3"
    report = report_markdown(group, messages, None, [EVENT]).replace("\\", "")
    assert "- Well? (shows A_b.pdf)\n- Why?\n- And? (shows C.png)" in report
    assert f"| Order of stimuli | {order} |" in report
    assert "| Stimuli shown | C.png (message 1) |" in report
    page = report_html(group, messages, None, [EVENT])
    assert order in page
    assert "(shows A_b.pdf)" in page
    assert [json.loads(line)["stimuli"] for line in transcript_jsonl(messages).splitlines()[:2]] == [["C.png"], []]
    assert not any(name == "Order of stimuli" for name, _ in method_rows(GROUP, MESSAGES, None))


def test_money_is_written_one_way_where_people_read_it_and_whole_where_machines_do() -> None:
    report = report_markdown(GROUP, MESSAGES, None, [EVENT])
    assert "$0.27 for 1 model call:" in report
    assert not re.search(r"\$\d+\.\d{5}", report)
    assert "0.2684875" in usage_csv([EVENT])
    for usd, words in (
        ("0.2684875", "$0.27"),
        ("0.0026848", "$0.0027"),
        ("0.0000312", "$0.000031"),
        ("1234.5", "$1,234.50"),
        ("0", "$0.00"),
        ("0E-9", "$0.00"),
        ("-0.5", "−$0.50"),
        ("0.000000001", "less than $0.000001"),
    ):
        assert money(Decimal(usd)) == words
    assert money(None) == "unknown"


def test_private_answers_stand_apart_in_the_report() -> None:
    group = replace(
        GROUP,
        guide=parse_guide("## A (5 minutes)\n- Why *now*?\n  private:\n  probe: since **when**?\n"),
        language="German",
    )
    alone = replace(MESSAGES[1], role="private", text="I *never* say so.", question=0, status=MessageStatus.SAID)
    text = report_markdown(group, [*MESSAGES, alone], None, [])
    assert "## First impressions, written alone" in text
    assert "I \\*never\\* say so." in text.split("## First impressions")[1]
    assert "| Private answers | 1 answer written alone before the discussion" in text
    assert "| Language | German, as chosen |" in text
    assert "A (5 minutes)" in text
    assert "(answered alone first)" in text
    assert "First impressions" not in report_markdown(group, MESSAGES, None, [])
    page = report_html(group, [*MESSAGES, alone], None, [EVENT])
    assert page.count("Written alone; the other participants never saw it.") == 1
    assert "Planned probe: since **when**?" in page


def test_what_the_messages_do_not_say_is_marked_in_every_file() -> None:
    claims = (Claim("Maya pays more.", Check.SAID, (3,)), Claim("Ben hides it.", Check.INFERRED))
    theme = Theme("Price", "Maya pays more. Ben hides it. Three of three participants agree.", (MAYA, BEN), claims)
    findings = replace(found((theme,)), claims=(Claim("Summary.", Check.INFERRED),))
    report = report_markdown(GROUP, MESSAGES, findings, []).replace("\\", "")
    assert "Summary. *(the analyst's inference)*" in report
    counted = "*(“Three of three”: the quotes come from 2 of 3)*"
    assert (
        f"Maya pays more. Ben hides it. *(the analyst's inference)* Three of three participants agree. {counted}"
        in report
    )
    assert "3 sentences go beyond what the messages say and are marked." in report
    page = report_html(GROUP, MESSAGES, findings, [])
    assert '<span class="inferred">Ben hides it.</span> <span class="mark">the analyst&#39;s inference</span>' in page
    assert 'Maya pays more. <a class="soft" href="#m3">[3]</a>' in page
    rows = dict(method_rows(GROUP, MESSAGES, findings))
    said = "4 sentences of summaries: 1 said by the messages they rest on, 2 the analyst's inference"
    assert rows["Claims"].startswith(said)
    told = json.loads(themes_json(findings, 3))
    assert (told["marked_sentences"], told["unchecked_sentences"]) == (3, 0)
    assert [each["check"] for each in told["themes"][0]["claims"]] == ["said", "inferred", "unchecked"]
    assert told["claims"][0]["marks"] == ["the analyst's inference"]
    row = next(csv.DictReader(io.StringIO(themes_csv(findings, 3).removeprefix("\ufeff"))))
    assert row["not_said"] == "Ben hides it. Three of three participants agree."


def test_findings_of_before_claims_were_checked_say_that_they_were_not() -> None:
    findings = found((Theme("Price", "It is dear.", (MAYA,)),))
    report = report_markdown(GROUP, MESSAGES, findings, []).replace("\\", "")
    assert "2 sentences were not checked against the messages." in report
    assert "inference" not in report
    assert "2 not checked" in dict(method_rows(GROUP, MESSAGES, findings))["Claims"]
