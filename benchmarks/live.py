"""From a message's write to its place on the screen: a real app, real browser windows on one session, and messages written beside it.

`python -m benchmarks.live [--viewers 1 20] [--messages 100 10000] [--writes 40]` prints, for each number of windows and each
length of the transcript, the median and the 95th percentile over all windows, and how long a window takes to show a running
session when it is opened. Targets: 0.3 s at the median with 1 viewer, 1 s with 20, whatever the length.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.settings import load_settings
from semblance_core.store.codec import to_document
from tests.browser import BROWSERS, QUIET, serving, sign_in, wait_for_cookie
from tests.studies import session

WATCH = """() => {
  const seen = window.seen = {};
  for (const host of document.querySelectorAll("*")) {
    const list = host.shadowRoot?.querySelector(".log ol");
    if (!list) continue;
    const look = () => requestAnimationFrame(() => {
      for (const message of [...list.children].slice(-5)) {
        const number = message.textContent.match(/mark (\\d+)/)?.[1];
        if (number && !(number in seen)) seen[number] = performance.timeOrigin + performance.now();
      }
    });
    new MutationObserver(look).observe(list, { childList: true, subtree: true });
    return true;
  }
  return false;
}"""

SHOWN = """() => [...document.querySelectorAll("*")].some((host) => host.shadowRoot?.querySelector("li.message"))"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--messages", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--writes", type=int, default=40)
    given = parser.parse_args()
    expect.set_options(timeout=30_000)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        serving(Path(folder) / "data") as app,
        sync_playwright() as playwright,
    ):
        program = next(path for name in BROWSERS if (path := Path("/usr/bin") / name).exists())
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        with open_semblance(load_settings(SEMBLANCE_DATA_DIR=Path(folder) / "data")) as semblance:
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            first = context.new_page()
            sign_in(first, app.address)
            wait_for_cookie(first)
            for length in given.messages:
                group = _long_session(semblance, length)
                address = f"{app.address}/session?id={group.id}"
                for viewers in given.viewers:
                    pages = [context.new_page() for _ in range(viewers)]
                    opened = [_open(page, address) for page in pages]
                    delays = _measure(semblance, group, pages, given.writes)
                    for page in pages:
                        page.close()
                    print(
                        f"{length:>6,} messages, {viewers:>2} windows: median {statistics.median(delays):.3f} s, "
                        f"95% {_percentile(delays, 95):.3f} s; a window shows it {statistics.median(opened):.2f} s after it was opened",
                        flush=True,
                    )
        browser.close()


def _long_session(semblance: Semblance, length: int) -> FocusGroup:
    group = session(semblance.workspace("user"), size=8)
    group = replace(group, participants=())
    said = Message(group.id, 1, "moderator", "Moderator", "", MessageStatus.SAID, "moderate", semblance.clock())
    documents: list[dict[str, Any]] = []
    for seq in range(1, length + 1):
        message = replace(said, seq=seq, text=f"Message {seq}. " + "It is what it is, and I would say so again. " * 4)
        documents.append({"_id": f"{group.id}/{seq}", **to_document(message)})
    database = semblance.connection.database
    database["focus_group_messages"].insert_many(documents)
    fields = {"next_seq": length + 1, "participants": [], "state": "moderated"}
    database["focus_groups"].update_one({"_id": group.id}, {"$set": fields})
    return group


def _open(page: Page, address: str) -> float:
    """Seconds from the address to the first message on the screen, looked for with every frame: Playwright's own waiting looks
    every half second after a while.
    """
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(SHOWN)
    took = time.perf_counter() - began
    assert page.evaluate(WATCH)
    return took


def _measure(semblance: Semblance, group: FocusGroup, pages: list[Page], writes: int) -> list[float]:
    groups = semblance.store.focus_groups
    now = groups.get(group.id)
    said = Message(group.id, 1, "moderator", "Moderator", "", MessageStatus.SAID, "moderate", semblance.clock())
    written: dict[str, float] = {}
    for number in range(writes):
        message = replace(said, seq=now.next_seq, text=f"mark {number}", at=semblance.clock())
        now = groups.append(now, [message], message.at, state=now.state) or now
        written[str(number)] = time.time()
        time.sleep(0.3)
    time.sleep(2.0)
    seen: list[dict[str, float]] = [page.evaluate("() => window.seen") for page in pages]
    missed = sum(number not in marks for marks in seen for number in written)
    if missed:
        raise SystemExit(f"{missed} of {writes * len(pages)} messages did not appear.")
    return [marks[number] / 1000 - written[number] for marks in seen for number in written]


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    main()
