"""The process that reads documents: what it inherits, what it can reach, and how it is ended."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from semblance_core.documents import DocumentRefused, Guard, Limits, Reader
from semblance_core.domain.errors import Interrupted
from tests.hostile.corpus import slow_pdf
from tests.studies import REPOSITORY, process_environment

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured in /proc")


@linux
def test_the_reader_inherits_no_file_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    with Guard() as fresh, Path(__file__).open():
        fresh.read(b"Oat milk", "a.txt")
        assert fresh._child
        process = Path(f"/proc/{fresh._child.pid}")
        assert {each.name for each in (process / "fd").iterdir()} == {"0", "1", "2"}
        assert b"canary" not in (process / "environ").read_bytes()


def inside(script: str, port: int) -> str:
    """What a process says that does this once it is fenced in."""
    head = f"import ctypes, os, socket; c = ctypes.CDLL(None); from semblance_core.documents import Limits, fence; PORT = {port}\n"
    command = [sys.executable, "-P", "-c", head + script]
    environment = process_environment({"PYTHONPATH": str(REPOSITORY)})
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


TRY = """
def tried(what, *arguments):
    try: return what(*arguments)
    except OSError as refused: return type(refused).__name__
"""


@linux
def test_the_reader_can_open_no_socket_file_or_program_by_any_of_its_fences(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    doors = "tried(socket.socket), tried(open, '/etc/passwd'), tried(os.system, 'true'), tried(os.remove, '/tmp/none')"
    said_by_hook = inside(f"import sys; {TRY}\nsys.addaudithook(fence.refuse_doors); print(({doors}))", port)
    assert said_by_hook.strip() == str(("PermissionError",) * 4)
    below_python = "c.socket(2, 1, 0), c.open(b'/etc/passwd', 0)"
    assert inside(f"print(({below_python}), flush=True)", port).strip() != "(-1, -1)"
    assert inside(f"fence.limit_resources(Limits()); print(({below_python}), flush=True)", port).strip() == "(-1, -1)"


@linux
def test_the_reader_is_in_a_network_of_its_own_where_the_system_allows_it(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    connect = f"{TRY}\nprint(tried(socket.create_connection, ('127.0.0.1', PORT), 2))"
    assert "socket" in inside(connect, port)
    went = inside("print(fence.leave_network())" + connect, port).split()
    if went[0] == "False":
        pytest.skip("user namespaces are not allowed here")
    assert went[1] == "OSError"


class GivenUp(Exception):
    """Somebody waits no longer."""


def give_up() -> None:
    raise GivenUp


def test_two_documents_are_read_at_a_time_and_who_waits_may_give_up() -> None:
    reader = Reader(at_once=2, limits=Limits(wall_s=4))
    with ThreadPoolExecutor(2) as both:
        busy = [both.submit(reader.read, slow_pdf(), "slow.pdf") for _ in range(2)]
        time.sleep(1)
        with pytest.raises(GivenUp):
            reader.read(b"Oat milk", "a.txt", give_up)
        assert reader.read(b"Oat milk", "a.txt").text == "Oat milk"
        for each in busy:
            with pytest.raises(DocumentRefused):
                each.result()


def test_reading_that_is_called_off_ends_at_once_and_is_no_refusal() -> None:
    reader = Reader(at_once=1)
    with ThreadPoolExecutor(2) as both:
        under_way, waits = (both.submit(reader.read, slow_pdf(), "slow.pdf") for _ in range(2))
        time.sleep(1)
        reader.call_off()
        for each in (under_way, waits):
            with pytest.raises(Interrupted):
                each.result(3)
    with pytest.raises(Interrupted):
        reader.read(b"Oat milk", "a.txt")


def test_a_reader_that_was_taken_over_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Guard, "_asked", lambda *_: b'{"kind": "script", "text": "a", "parts": 1, "notes": [], "media_type": "a/b"}\n'
    )
    with pytest.raises(DocumentRefused, match="could not be read"):
        Guard().read(b"a", "a.txt")
