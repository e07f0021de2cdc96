"""The API keeps what its description says: for what that allows, for what it forbids, and for one step after another."""

import re
import subprocess
import sys
from pathlib import Path

from semblance_core.bootstrap import Semblance
from ui.app.runtime import running_semblance

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def test_every_answer_is_as_described_to_right_and_wrong_requests(
    semblance: Semblance, address: str, tmp_path: Path
) -> None:
    running_semblance().engine.worker.stopping.set()  # what is begun here needs no doing
    token = semblance.store.sign_ins.open("admin", semblance.clock())
    program = [sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIGURATION)]
    how = ["--checks", "all", "--mode", "all", "--max-examples", "5", "--generation-deterministic"]
    done = subprocess.run(
        [*program, "run", f"{address}/api/openapi.json", "-H", f"Authorization: Bearer {token}", *how],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    selected, tested = (re.search(words, done.stdout) for words in (r"(\d+) selected / ", r"Tested: (\d+)"))
    assert selected
    assert tested
    assert int(selected[1]) == int(tested[1]) >= 47
