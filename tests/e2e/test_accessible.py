"""Every page in both themes, by the rules of axe-core; keyboard stops; names that tell buttons apart."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import serving
from tests.e2e.signed_in import QUICK, give_cookie, go, opened, settled
from tests.seeds import Seeded, small

INSTALL = "npm install --global axe-core@4.10.3"
STILL = "() => document.getAnimations().every((each) => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity)"
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + " " + (node.any[0]?.message ?? "")).join(" | ")}`)"""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
THEMED = """(theme) => {
  const [red, green, blue] = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor.match(/\\d+/g).map(Number);
  return (red + green + blue < 3 * 128) === (theme === "dark");
}"""
NAMES = """() => [...document.querySelectorAll("[data-testid=stMain] button, [data-testid=stMain] a[href]")]
  .filter((each) => each.checkVisibility())
  .filter((each) => !each.closest("[data-testid=stSelectbox], [data-testid=stTextInput], [data-testid=stMultiSelect], "
    + "[data-testid=stNumberInput], [data-testid=stDateInput], [aria-label=Help]"))
  .map((each) => {
    const pictures = [...each.querySelectorAll("img")].map((image) => image.alt);
    return [each.getAttribute("aria-label") || [each.innerText.trim(), ...pictures].join(" "), each.href ?? ""];
  })"""
"""The names of buttons and links as a screen reader says them, each with its address; those within Streamlit's own fields are left out."""
STOPS = """() => [...document.querySelectorAll(
  "[data-testid=stMain] a[aria-label='Link to heading'],"
  + "[data-testid=stFullScreenFrame]:has(img[alt^='Portrait of']) [data-testid=stElementToolbar] button"
)].filter((each) => each.checkVisibility()).length"""
"""Stops of the keyboard that lead nowhere."""


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker's script, which CI installs."""
    npm = shutil.which("npm")
    folder = subprocess.run([npm, "root", "--global"], capture_output=True, text=True, check=True).stdout if npm else ""
    script = Path(folder.strip()) / "axe-core" / "axe.min.js"
    if not npm or not script.exists():
        words = f"axe-core was not found; to run this test: {INSTALL}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served(module_dir: Path) -> Iterator[tuple[str, Semblance, Seeded, str]]:
    """The app's address, its data, a study, and the id of a draft."""
    data = module_dir / "data"
    with serving(data, **QUICK) as app, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data)) as semblance:
        seeded = small(semblance)
        yield app.address, semblance, seeded, semblance.workspace("user").sessions.duplicate(seeded.group_id).id


def pages(seeded: Seeded, draft_id: str) -> Iterator[str]:
    """The address of every page and view, those of administrators last."""
    of_group = f"id={seeded.group_id}"
    yield from ("", "projects", f"projects?id={seeded.project_id}", "focus_groups", f"session?{of_group}")
    yield from (f"personas?view={view}" for view in ("Gallery", "Panel+report", "Compare"))
    yield f"persona?id={seeded.persona_id}"
    yield f"personas?view=Compare&a={seeded.persona_id}&b={seeded.persona_id[:-1]}4"
    yield from (f"findings?{of_group}&view={view}" for view in ("Themes", "Coding", "Charts", "Files"))
    yield from ("surveys", "surveys?new=1")
    if seeded.survey_id:
        yield from (
            f"surveys?id={seeded.survey_id}&view={view}" for view in ("Results", "Cross-table", "Files+and+method")
        )
    yield from ("interviews", "interviews?new=1")
    if seeded.round_id:
        yield from (f"interviews?id={seeded.round_id}&view={view}" for view in ("Side+by+side", "Themes", "Guide"))
    yield from ("synthesis", "search?find=the")
    if seeded.synthesis_id:
        views = ("Themes", "Matrix", "Saturation", "Contradictions", "Sessions")
        yield from (f"synthesis?id={seeded.synthesis_id}&view={view}" for view in views)
    yield from (f"session?{of_group}&tour=1", f"session?id={draft_id}", f"findings?id={draft_id}")
    yield f"focus_group?id={draft_id}&step=check"
    yield from (f"focus_group?new=a&step={step}" for step in ("topic", "guide", "stimuli", "participants", "limits"))
    yield from (
        "usage",
        "account",
        "admin_usage",
        "admin",
        "admin?user=user",
        "admin?view=Audit+log",
        "models",
        "prices",
    )


def alike(named: list[tuple[str, str]]) -> list[str]:
    """Returns the names that several buttons have, or links to several places, and empty ones.

    >>> alike([("Open Maya", ""), ("Open", ""), ("Open", ""), ("message 2", "/a"), ("message 2", "/a"), ("", "/a")])
    ['Open', '']
    """
    places: dict[str, list[str]] = {}
    for name, address in named:
        there = places.setdefault(" ".join(name.split()), [])
        if not address or address not in there:
            there.append(address)
    return [name for name, there in places.items() if len(there) > 1 or not name]


@pytest.fixture(scope="module")
def broken(browser: Browser, served: tuple[str, Semblance, Seeded, str], axe: str) -> dict[str, list[str]]:
    """What breaks a rule, by theme. Each page is opened once, and its theme changes while it is open."""
    address, semblance, seeded, draft_id = served
    found: dict[str, list[str]] = {theme: [] for theme in THEMES}
    with opened(browser, address, semblance, "user", policy=True) as context:
        page, shown = context.new_page(), [*THEMES]

        def enter() -> None:
            page.goto(address)
            settled(page)
            page.evaluate(axe)

        def look(where: str) -> None:
            for theme in shown:
                page.emulate_media(color_scheme=theme)
                page.wait_for_function(THEMED, arg=theme)
                page.wait_for_function(STILL)
                found[theme] += [f"{where}: {rule}" for rule in page.evaluate(RUN)]
            shown.reverse()  # the next page begins in the theme of this one
            told = [f"{where}: several are called “{name}”" for name in alike(page.evaluate(NAMES))]
            if page.evaluate(STOPS):
                told.append(f"{where}: the keyboard stops where nothing is to be done")
            for theme in THEMES:
                found[theme] += told

        enter()
        for where in pages(seeded, draft_id):
            if where == "admin_usage":
                give_cookie(context, address, semblance, "admin")
                enter()
            go(page, f"/{where}")
            look(where)
            if where == "personas?view=Gallery":
                page.get_by_role("button", name="Recruit from a brief").click()
                expect(page.get_by_role("dialog").get_by_role("textbox", name="Brief")).to_be_visible()
                look("recruiting")
                page.keyboard.press("Escape")
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_breaks_a_serious_rule(theme: str, broken: dict[str, list[str]]) -> None:
    assert broken[theme] == [], "\n".join(broken[theme])
