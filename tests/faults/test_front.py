"""The app in a real browser while its model hangs: behind a proxy that cuts at 30 s, at a stop, and at a shutdown.

A call of 120 s begins before the first of these tests and is looked at after all others of this folder.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, WebSocket, expect

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.settings import load_settings
from semblance_core.store.server.embedded import answers, free_port
from semblance_core.workspace import Workspace
from tests.browser import Served, serving, sign_in, wait_for_cookie
from tests.conftest import KEY, MODEL
from tests.faults.conftest import NobodyHere, Tell, assert_whole
from tests.scripted_server import Reply, ScriptedServer, chatter
from tests.studies import eventually, session, with_engine

pytestmark = pytest.mark.alone
CUT_S, CALL_S = 30, 120
NO_NGINX = "nginx is not installed here (Debian: nginx-light)"
PROXY = """daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  map $http_upgrade $connection_upgrade {{ default upgrade; "" close; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_connect_timeout {cut}s; proxy_send_timeout {cut}s; proxy_read_timeout {cut}s;
    }}
  }}
}}
"""


@contextmanager
def app_over(model: ScriptedServer, folder: Path) -> Iterator[tuple[Served, Semblance, Workspace]]:
    """The app over this model, and a process beside it that gives orders and does no work."""
    settings = {
        "SEMBLANCE_MODEL": MODEL,
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": f"{model.url}/v1",
        "SEMBLANCE_SWEEP_S": "0.3",
        "SEMBLANCE_CALL_TIMEOUT_S": "600",
        "SEMBLANCE_CALL_ATTEMPTS": "1",
    }
    with serving(folder / "data", **settings) as served:
        beside = open_semblance(load_settings(SEMBLANCE_DATA_DIR=folder / "data", **settings))
        try:
            beside.workspace("user").me.confirm_costs()  # nobody is asked before the first call that is paid for
            yield served, beside, with_engine(beside.workspace("user"), NobodyHere())
        finally:
            beside.close()


@contextmanager
def cutting_proxy(folder: Path, upstream: int) -> Iterator[str]:
    """The address of a proxy that ends whatever is silent for 30 s."""
    program = shutil.which("nginx")
    if program is None:
        assert not os.environ.get("CI"), NO_NGINX
        pytest.skip(NO_NGINX)
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(PROXY.format(folder=folder, port=port, upstream=upstream, cut=CUT_S))
    process = subprocess.Popen([program, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(config)])
    try:
        eventually(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@dataclass
class Watched:
    """A page, and what went over the wire for it."""

    page: Page
    broken: list[str] = field(default_factory=list)
    longest_s: float = 0.0
    sockets: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.page.on("response", self._look)
        self.page.on("requestfailed", lambda asked: self.broken.append(f"{asked.url}: {asked.failure}"))
        self.page.on("websocket", self._count)

    def _look(self, response: Response) -> None:
        if response.status >= 500:
            self.broken.append(f"{response.url}: {response.status}")
        self.longest_s = max(self.longest_s, response.request.timing["responseStart"] / 1000)

    def _count(self, opened: WebSocket) -> None:
        self._note("opened", opened)
        opened.on("close", lambda closed: self._note("closed", closed))

    def _note(self, what: str, socket: WebSocket) -> None:
        self.sockets.append(f"{socket.url} {what} after {time.monotonic() - self.began:.1f} s")

    def begin(self) -> None:
        """From now on counts: what the page opens when it is first shown is open."""
        asked = time.monotonic()
        while not any("/api/live opened" in each for each in self.sockets):
            assert time.monotonic() - asked < 30, "the page never opened its live feed"
            self.page.wait_for_timeout(100)
        self.sockets, self.broken, self.began = [], [], time.monotonic()


@dataclass
class Slow:
    """The app behind the proxy, with a session whose second call takes 120 s, begun at `began`, shown in `watched`.

    The call goes on until `looking` is set: on a slow machine the tests before take longer than it.
    """

    watched: Watched
    workspace: Workspace
    group_id: str
    began: float
    looking: threading.Event


@pytest.fixture(scope="session")
def slow(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slow]:
    folder, looking = tmp_path_factory.mktemp("proxy"), threading.Event()
    with ScriptedServer() as model, app_over(model, folder) as (served, _, workspace):
        upstream = int(served.address.rpartition(":")[2])
        with cutting_proxy(folder, upstream) as address:
            model.script = lambda asked: Reply(
                "And this took two minutes." if asked.number else "Quickly said.",
                delay_s=CALL_S if asked.number else 0.1,
                when=looking if asked.number else None,
            )
            group = session(workspace, size=3, guide="- What do you drink?", turn_limit=3)
            page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
            watched = Watched(page)
            sign_in(page, address)
            wait_for_cookie(page)
            page.goto(f"{address}/session?id={group.id}")
            expect(page.get_by_text("Nothing has been said yet")).to_be_visible()
            watched.begin()
            page.get_by_role("button", name="Run automatically").click()
            began = time.monotonic()
            eventually(lambda: len(model.asked) == 2, within_s=60)
            yield Slow(watched, workspace, group.id, began, looking)
            looking.set()
            page.context.close()


@pytest.fixture
def hung(browser: Browser, tmp_path: Path) -> Iterator[tuple[Served, Semblance, Workspace, Page, ScriptedServer]]:
    """An app whose model answers three calls and then hangs, and a page that is signed in to it."""
    with ScriptedServer() as model, app_over(model, tmp_path) as (served, beside, workspace):
        model.script = lambda asked: Reply(chatter(asked.number, 20), delay_s=0.05 if asked.number < 3 else 100.0)
        page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        sign_in(page, served.address)
        wait_for_cookie(page)
        yield served, beside, workspace, page, model
        page.context.close()


def test_a_stop_during_a_hung_call_is_on_screen_in_two_seconds(
    slow: Slow,  # begun first, looked at last
    hung: tuple[Served, Semblance, Workspace, Page, ScriptedServer],
    tell: Tell,
) -> None:
    served, _, workspace, page, model = hung
    group = session(workspace, size=3, turn_limit=20)
    page.goto(f"{served.address}/session?id={group.id}")
    page.get_by_role("button", name="Run automatically").click()
    eventually(lambda: len(model.asked) == 4, within_s=60)
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_visible()
    began = time.monotonic()
    stop.click()
    expect(page.get_by_text("Stopped by a person.")).to_be_visible(timeout=2_000)
    shown_s = time.monotonic() - began
    workspace.sessions.start(group.id)
    eventually(lambda: len(model.asked) == 5, within_s=20)
    began = time.monotonic()
    workspace.sessions.stop(group.id)
    stored_s = time.monotonic() - began
    assert stored_s < 2, "the call hangs for 100 s"
    before = workspace.sessions.messages(group.id)
    assert_whole(workspace.sessions.get(group.id), before)
    tell("stop during a hung call", f"stored in {stored_s * 1000:.0f} ms, on screen {shown_s:.1f} s after the click")


def test_the_app_is_gone_ten_seconds_after_it_was_told_to_and_takes_its_database_with_it(
    slow: Slow,
    hung: tuple[Served, Semblance, Workspace, Page, ScriptedServer],
    tell: Tell,
) -> None:
    served, beside, workspace, page, model = hung
    group = session(workspace, size=3, turn_limit=20)
    page.goto(f"{served.address}/session?id={group.id}")
    page.get_by_role("button", name="Run automatically").click()
    eventually(lambda: len(model.asked) == 4, within_s=60)
    began = time.monotonic()
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(20)
    took_s = time.monotonic() - began
    assert took_s < 10
    assert list(beside.store.focus_groups.claims.left()) == [group.id], "handed back, not left to run out"
    assert beside.store.focus_groups.claims.claim(group.id, 60)["abandoned"] is False  # type: ignore[index]
    data = beside.settings.data_dir / "mongodb"
    mongod = int((data / "data" / "mongod.lock").read_text())
    beside.close()
    began = time.monotonic()
    eventually(lambda: not (Path("/proc") / str(mongod)).exists(), within_s=15)
    gone_s = time.monotonic() - began
    tell(
        "app told to stop (SIGTERM)",
        f"an app with a browser on it and a call of 100 s in flight was gone after {took_s:.1f} s, its database {gone_s:.1f} s after its "
        "last user",
    )


@pytest.mark.waits
def test_a_call_of_two_minutes_behind_a_proxy_that_cuts_at_30_s_is_shown_when_it_comes(slow: Slow, tell: Tell) -> None:
    assert slow.workspace.sessions.get(slow.group_id).is_busy
    page, looked = slow.watched.page, time.monotonic()
    slow.looking.set()
    while slow.workspace.sessions.get(slow.group_id).is_busy:
        assert time.monotonic() - looked < CALL_S + 60
        page.wait_for_timeout(200)  # lets the page's events come in
    took_s = time.monotonic() - slow.began
    assert took_s > CALL_S
    stored = time.monotonic()
    expect(page.get_by_text("And this took two minutes.")).to_be_visible(timeout=3_000)
    shown_s = time.monotonic() - stored
    page.wait_for_timeout(1_500)  # the page draws that it is over
    assert slow.watched.broken == []
    assert slow.watched.longest_s < CUT_S / 2
    assert slow.watched.sockets == [], "the page's connections outlived the call"
    tell(
        "proxy that cuts at 30 s",
        f"a call of {CALL_S} s: no request took more than {slow.watched.longest_s:.1f} s, none was cut, the page never reconnected, and the "
        f"reply was on screen {shown_s:.1f} s after it was stored",
    )
