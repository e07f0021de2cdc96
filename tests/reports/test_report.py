"""The report as Markdown: no bullet without words, and money as people read it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from semblance_core.domain.guide import Guide, Section, parse_guide
from semblance_core.domain.money import money
from semblance_core.domain.theme import Theme
from semblance_core.domain.usage import TokenCounts, UsageEvent
from semblance_core.reports.exports import usage_csv
from semblance_core.reports.report import report_markdown
from tests.reports.test_talk import GROUP, MESSAGES, found

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
