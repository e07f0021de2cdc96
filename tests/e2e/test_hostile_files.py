"""Files that mean harm, dropped onto the wizard: each ends in words on the page, and the app stays small and quick meanwhile."""

import base64
import re
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from tests.browser import Served, serving
from tests.e2e.signed_in import QUICK, opened, settled
from tests.hostile.bombs import DAMAGED, OWN_ENTITIES, TOO_MUCH, archive_bombs, entity_bombs, pdf_bombs
from tests.hostile.corpus import (
    COMBINING,
    RIGHT_TO_LEFT,
    File,
    good_docx,
    good_pdf,
    locked_pdf,
    macros_docx,
    picture_only_pdf,
)
from tests.hostile.memory import growth_mb, rss_bytes
from tests.studies import eventually, session

GROWTH_MB, ANSWERS_WITHIN_S, ENDS_WITHIN_S = 50, 2.0, 60.0
DROP = """async ([zone, files]) => {
  const carried = new DataTransfer();
  for (const [name, content] of files)
    carried.items.add(new File([typeof content === "number" ? new Uint8Array(content)
                                : Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""
BOMBS = {
    name: File(name, make())
    for name, make, _ in (*archive_bombs(), *entity_bombs(), *pdf_bombs())
    if name in {"blanks.docx", "claims-less.docx", "file.docx", "laughs.docx", "huge-stream.pdf", "deflated-thrice.pdf"}
}
JUMP = """(address) => {
  history.pushState({}, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}"""
REFUSED = (
    (BOMBS["blanks.docx"], TOO_MUCH),
    (BOMBS["claims-less.docx"], DAMAGED),
    (BOMBS["file.docx"], OWN_ENTITIES),
    (BOMBS["laughs.docx"], OWN_ENTITIES),
    (BOMBS["huge-stream.pdf"], TOO_MUCH),
    (BOMBS["deflated-thrice.pdf"], TOO_MUCH),
    (File("locked.pdf", locked_pdf("secret", "AES-256")), "is locked with a password"),
    (File("half.pdf", good_pdf()[:90]), DAMAGED),
    (File("empty.pdf", b""), "is empty"),
    (File("scan.pdf", picture_only_pdf()), "its pages are pictures"),
    (File("program.pdf", b"MZ\x90\0\3\0\0\0"), "is a program"),
    (File("page.docx", b"<!doctype html><p>Not found"), "is not a Word document, though its name says so"),
)
"""Files, and the sentence that each ends in."""
KEPT = (
    (File("חלב السعر.docx", good_docx(RIGHT_TO_LEFT)), "Word · "),
    (File("Zoe\u0308 Z\u0338\u0353algo \u202eexe.txt", COMBINING.encode()), "Zoe\u0308 Z\u0338\u0353algo exe.txt"),
    (File("macros.docx", macros_docx()), "It holds macros, which were ignored."),
)
"""Files that are harmless in the end, and what is said of them."""
PAGES = {"/personas": "Personas", "/focus_groups": "Focus groups", "/usage": "My usage", "/account": "My account"}


@pytest.fixture(scope="module")
def running(module_dir: Path) -> Iterator[tuple[Served, Semblance]]:
    data = module_dir / "data"
    with serving(data, **QUICK) as app, open_semblance(load_settings(SEMBLANCE_DATA_DIR=data, **QUICK)) as semblance:
        yield app, semblance


def drop(page: Page, *files: File | tuple[str, int]) -> None:
    """Drops these onto the page as a person would from a folder. A number: as many bytes, made in the browser."""
    given = [
        (name, content if isinstance(content, int) else base64.b64encode(content).decode()) for name, content in files
    ]
    page.evaluate(DROP, [page.get_by_test_id("stFileUploaderDropzone").element_handle(), given])


@pytest.mark.alone
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is measured in /proc")
def test_each_ends_in_words_while_the_app_stays_small_and_quick(
    running: tuple[Served, Semblance], browser: Browser
) -> None:
    app, semblance = running
    ws = semblance.workspace("user")
    group = session(ws, title="Hostile files")
    context = opened(browser, app.address, semblance, "user", policy=True)
    page, other = context.new_page(), context.new_page()
    for each, where in ((page, f"focus_group?id={group.id}&step=stimuli"), (other, "")):
        each.goto(f"{app.address}/{where}")
        settled(each)
    for where in PAGES:
        answered_after_s(other, where)
        settled(other)
    main = page.get_by_test_id("stMain")
    drop(page, File("harmless.txt", b"Oat milk, one litre."))
    expect(main.get_by_text("harmless.txt")).to_be_visible()
    settled(page)
    wait_until_warm(app.process.pid)

    with growth_mb(app.process.pid) as grown:
        drop(page, ("large.txt", 26 * 2**20))
        expect(main.get_by_text("File must be 25.0MB or smaller.")).to_be_visible()
        waits, pages = list[float](), cycle(PAGES)
        for together in (REFUSED[:6], (*REFUSED[6:], *KEPT)):  # a session takes ten at the most
            drop(page, *(file for file, _ in together))
            missing = {file.name: words for file, words in together}
            began = time.monotonic()
            while missing and time.monotonic() - began < ENDS_WITHIN_S:
                waits.append(answered_after_s(other, next(pages)))
                text = main.inner_text().replace("\u2060", "")
                missing = {name: words for name, words in missing.items() if not said(text, name, words)}
            assert not missing
        assert grown() < GROWTH_MB
    assert len(waits) > 3  # it was looked at while files were read
    assert max(waits) < ANSWERS_WITHIN_S, waits

    kept = {asset.id for asset in ws.stimuli.of_session(group.id)}
    assert len(kept) == len(KEPT) + 1
    database = semblance.connection.database
    eventually(lambda: {found["_id"] for found in database["assets"].find()} == kept)
    eventually(lambda: {found["_id"].partition("/")[0] for found in database["assets.files"].find()} == kept)
    context.close()


def answered_after_s(page: Page, where: str) -> float:
    """Opens one of the pages; how long it took until it was there."""
    asked = time.monotonic()
    page.evaluate(JUMP, where)
    expect(page.get_by_role("heading", name=PAGES[where], exact=True)).to_be_visible()
    return time.monotonic() - asked


def wait_until_warm(process: int) -> None:
    """Until the app has imported what it imports behind its first page."""
    sizes = [0]
    while len(sizes) < 5 or max(sizes[-5:]) - min(sizes[-5:]) > 2**20:
        time.sleep(0.4)
        sizes.append(rss_bytes(process))


def said(text: str, name: str, words: str) -> bool:
    """Whether the page says this of the file: a refusal names it in the same sentence."""
    if any(name == file.name for file, _ in KEPT):
        return words in text
    return bool(re.search(rf"{re.escape(name)}[^\n]*{re.escape(words)}", text))
