"""Hostile text for every place, a listener that must hear nothing, and how a page is looked at."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Locator, Page

from semblance_core.bootstrap import Semblance
from semblance_core.domain.coding.codings import MemoOn

WORDS = (
    "![qqimage](SINK/image) [![qqnested](SINK/nested)](SINK/link) [qqlink](javascript:pwned=1) <img src=SINK/html "
    "onerror=pwned=2>qqtag :red[qqcolour] :red-badge[qqbadge] :material/home:qqicon :100:qqemoji :+1:qqthumb $qqmath$ "
    "**qqbold** `qqcode` ~~qqstruck~~ [^1]qqnote &lt;qqentity -->qqarrow www.qqsite.example a@qqmail.example "
    "SINK/qqaddress \u202egnp.exe\u200b"
)
NAME = "![qqimage](SINK/i) :red[qqcolour] $qqmath$"
LINK = '<a href="//qq.y">qqlabel</a>'
"""A name short enough to be drawn whole where charts cut what is long."""
TITLE = "![qqimage](SINK/image) <img src=x onerror=pwned=2>qqtag :material/home:qqicon"
MARKED = {
    "![": "qqimage",
    "[![": "qqnested",
    "[": "qqlink",
    "onerror=pwned=2>": "qqtag",
    '//qq.y">': "qqlabel",
    ":red[": "qqcolour",
    ":red-badge[": "qqbadge",
    ":material/home:": "qqicon",
    ":100:": "qqemoji",
    ":+1:": "qqthumb",
    "$": "qqmath",
    "**": "qqbold",
    "`": "qqcode",
    "~~": "qqstruck",
    "[^1]": "qqnote",
    "&lt;": "qqentity",
    "-->": "qqarrow",
    "www.": "qqsite.example",
    "a@": "qqmail.example",
}
"""What would do something, and a word behind it: wherever the word is shown, what stands before it has to be there too."""
LINES = {
    "# ": "qqheading",
    "> ": "qqcited",
    "- ": "qqitem",
    "1. ": "qqnumber",
    "| ": "qqcell",
    "```": "qqfence",
    ":::": "qqblock",
    "<style>": "qqstyle",
}
"""The same for what would do something at the start of a line."""
FREE = {
    *("name", "title", "topic", "questions", "text", "speaker", "error", "quote", "summary", "location", "occupation"),
    *("education", "household", "income_band", "gender", "values", "goals", "frustrations", "media_habits", "brands"),
    *("tech_comfort", "shopping_habits", "way_of_speaking", "backstory", "source_brief", "model", "about", "details"),
    *("words", "editor", "edit", "set_by", "notes", "reason_detail", "agent", "way", "code", "now"),
    *("description", "described_by", "extent", "definition"),
}
"""The fields of documents that hold words of people, models and files."""
SHORT = {"name": NAME, "speaker": NAME, "editor": NAME, "title": TITLE}
LONG = {"text", "topic", "summary", "backstory", "shopping_habits", "error"}
LINKED = ("Ines Falk", "Taste matters less")
"""Names that become the short one."""
ALONE = "textarea, [role=gridcell], [data-testid=stText]"
"""Where a text stands by itself, so that a mark that turns its direction turns nothing of the app: editors, cells, documents."""
LOOK = """() => {
  const found = { text: "", refers: [], extra: [], turned: [] };
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      for (const { name, value } of element.attributes)
        if (/^(href|src|srcset|action|poster|data|xlink:href|background|style)$/.test(name)
            && !value.startsWith("data:") && /qq|javascript:|:SINK/.test(value) && !String(element.href).startsWith(location.origin))
          found.refers.push(`${element.tagName} ${name}=${value.slice(0, 200)}`);
      if (element.matches(".katex, math, [onerror], [onload]")) found.extra.push(element.outerHTML.slice(0, 200));
    }
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentNode } = texts.currentNode;
      if (["SCRIPT", "STYLE"].includes(parentNode.tagName)) continue;
      found.text += data;
      if (data.includes("\\u202e") && !parentNode.closest("ALONE")) found.turned.push(data.slice(0, 200));
    }
  };
  walk(document);
  found.pwned = window.pwned;
  return found;
}"""

DRAWN_WITHIN_S = 30.0
MARKS = ".barlayer .point path, .scatterlayer .point, .heatmaplayer image"
STEPS = [place / 16 for place in range(1, 16)]
POINTED_MS = 100


class Sink:
    """Another origin. heard: what was asked of it."""

    def __init__(self, port: int):
        self.port, self.heard = port, list[str]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def words(self, first: str, words: str = WORDS) -> str:
        """Text in one line that begins as given."""
        return f"{first} {words.replace('SINK', self.address)}"

    def lines(self, first: str) -> str:
        """Text of several lines that begins as given, with a word that no line holds."""
        definition = f"[1]: {self.address}/definition\n[^1]: note\n<svg onload=pwned=3><script>pwned=4</script>"
        css = f"<style>* {{ background: url({self.address}/css) }}</style>\n\n---\n\n    indented\n\n===\n{'x' * 300}"
        return "\n".join([self.words(first), *(f"{mark}{word}" for mark, word in LINES.items()), definition, css])


@contextmanager
def listening() -> Iterator[Sink]:
    class Hear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sink.heard.append(f"{self.command} {self.path}")
            self.send_response(204)
            self.end_headers()

        do_POST = do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hear)
    sink = Sink(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield sink
    server.shutdown()
    server.server_close()
    thread.join()


def poison(semblance: Semblance, sink: Sink) -> None:
    """Makes every free text of the database hostile: the same words always become the same."""

    def hostile(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: hostile(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [hostile(name, each) for each in value]
        if not isinstance(value, str) or name not in FREE or not value or (name == "about" and value in list(MemoOn)):
            return value
        if value in LINKED:
            return LINK
        first = value[:16].strip()
        return sink.lines(first) if name in LONG else sink.words(first, SHORT.get(name, WORDS))

    database = semblance.connection.database
    for name in database.list_collection_names():
        if name.startswith("system") or name in ("model_pricing", "budgets"):
            continue
        for document in list(database[name].find()):
            database[name].replace_one({"_id": document["_id"]}, hostile("", document))


def look(page: Page, sink: Sink, *shown: str) -> str:
    """Fails where a page shows hostile text as anything but text. shown: beginnings of texts that have to be there.

    Returns all its text.
    """
    found, text = _found(page, sink)
    deadline = time.monotonic() + DRAWN_WITHIN_S
    while not all(f"{first} ![" in text for first in shown) and time.monotonic() < deadline:
        page.wait_for_timeout(200)
        found, text = _found(page, sink)
    where = page.url
    assert found["pwned"] is None, where
    assert found["refers"] == [], where
    assert found["extra"] == [], where
    assert found["turned"] == [], where
    for mark, word in {**MARKED, **LINES}.items():
        for at in re.finditer(re.escape(word), text):
            before = text[: at.start()]
            assert before.endswith(mark), f"{where}: {word} after {before[-60:]!r}"
    for first in shown:
        assert f"{first} ![" in text, f"{where} does not show {first!r}"
    return text


def hovered(page: Page, plot: Locator) -> str:
    """What a chart says of the first mark that the pointer finds; marks that are no elements are felt for."""
    plot.scroll_into_view_if_needed()
    area, marks = plot.locator(".nsewdrag").first.bounding_box(), plot.locator(MARKS)
    assert area
    places = [
        (area["x"] + area["width"] * right, area["y"] + area["height"] * down) for down in STEPS for right in STEPS
    ]
    if marks.count() and (mark := marks.first.bounding_box()):
        places = [(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2), *places]
    label = plot.locator(".hoverlayer .hovertext")
    for place in places:
        page.mouse.move(*place)
        page.wait_for_timeout(POINTED_MS)
        if label.count():
            return "".join(label.all_text_contents())
    raise AssertionError("nothing in this chart says anything")


def _found(page: Page, sink: Sink) -> tuple[dict[str, Any], str]:
    """What is on the page, and its text without marks that nobody sees."""
    found = page.evaluate(LOOK.replace("SINK", str(sink.port)).replace("ALONE", ALONE))
    return found, re.sub("[\u2060\u200b\xad]", "", found["text"])
