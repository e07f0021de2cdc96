"""A newcomer opens a recorded study, replays it and asks its people something more."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from semblance_core.bootstrap import open_semblance
from semblance_core.recordings import recordings
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.signed_in import QUICK, opened, settled

SOME, FOUR_OR_MORE = re.compile(r"^([1-9]|[12]\d|3[0-3]) of 34$"), re.compile(r"^([4-9]|[1-3]\d) of 34$")
"""Whoever looks seldom, as on a loaded machine, does not see every number."""


def test_a_recorded_study_is_opened_replayed_and_gone_on_with(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, **QUICK) as served, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        title = recordings()[0].title
        context = opened(browser, served.address, semblance, "user", policy=True)
        page = context.new_page()
        page.goto(served.address)
        settled(page)
        page.get_by_role("button", name=f"See a finished study {title}").dblclick()
        expect(page.get_by_text("Tour 1 of 4")).to_be_visible()
        expect(page.get_by_text("recorded", exact=True).first).to_be_visible()
        expect(page.get_by_text("Paused", exact=True)).to_have_count(0)
        said, played = page.locator(".said > li"), page.locator(".played > li")
        expect(said).to_have_count(34)
        place = page.locator(".place")
        for closes_by_key in (False, True):
            page.get_by_role("button", name="Replay", exact=True).click()
            speed = page.get_by_role("group", name="Replay").get_by_role("combobox")
            speed.select_option("1")
            expect(place).to_have_text(SOME)
            expect(page.get_by_text("is typing")).to_be_visible()
            page.get_by_role("button", name="Pause", exact=True).click()
            speed.select_option("2")
            page.get_by_role("button", name="Play", exact=True).click()
            expect(place).to_have_text(FOUR_OR_MORE)
            page.get_by_role("button", name="Pause", exact=True).click()
            page.get_by_role("slider", name="Messages shown").fill("30")
            expect(place).to_have_text("30 of 34")
            expect(played).to_have_count(30)
            page.get_by_role("slider", name="Messages shown").fill("34")
            speed.select_option("1")
            page.get_by_role("button", name="Play again").click()
            expect(place).to_have_text(SOME)
            if closes_by_key:
                page.keyboard.press("Escape")
            else:
                page.get_by_role("button", name="Close replay").click()
            expect(said.last).to_be_visible()
        page.get_by_test_id("stChatInputTextArea").fill("And in winter?")
        page.get_by_test_id("stChatInputTextArea").press("Enter")
        expect(said).to_have_count(41)
        expect(said.nth(34)).to_have_attribute("data-before", "The recording ends here")
        expect(said.nth(40)).not_to_contain_text("typing", timeout=60_000)
        for stop, heading in ((2, "Themes and report"), (3, "Participants"), (4, "Cost")):
            page.get_by_role("button", name="Next", exact=True).click()
            expect(page.get_by_text(f"Tour {stop} of 4")).to_be_visible()
            expect(page.get_by_test_id("stMain").get_by_text(heading, exact=True).first).to_be_visible()
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("button", name=f"Tour the study {title}")).to_be_visible()
        context.close()
