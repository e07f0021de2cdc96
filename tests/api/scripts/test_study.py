"""A study by script, over the app as it is served, below a path as behind a proxy."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser import ROOT, serving

NEEDED = ("bash", "curl", "jq")


def test_the_script_of_the_docs_does_a_study_and_an_administrator_reads_what_it_used(tmp_path: Path) -> None:
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        assert not os.environ.get("CI"), missing
        pytest.skip(f"not installed here: {', '.join(missing)}")
    (script,) = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL)
    with serving(tmp_path / "data", STREAMLIT_SERVER_BASE_URL_PATH="lab/study") as served:
        environment = os.environ | {"SEMBLANCE": f"{served.address}/lab/study"}
        done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr + done.stdout
        assert len(re.findall(r"^.+: .+", done.stdout, re.MULTILINE)) >= 4, done.stdout
        assert '"themes": [' in done.stdout
        _an_administrator_looks(f"{served.address}/api")
        document = httpx.get(f"{served.address}/lab/study/api/openapi.json").json()
        assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": "/lab/study/api"}])
        refused = httpx.get(f"{served.address}/lab/study/api/tasks/%0A")
        assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json")


def _an_administrator_looks(address: str) -> None:
    """At the server's own root: starts a discussion, stops it, reads what was used, and signs out."""
    with httpx.Client(base_url=address, timeout=30) as admin:
        opened = admin.post("/auth/login", json={"username": "admin", "password": "pass"}).json()
        admin.headers["Authorization"] = f"Bearer {opened['access_token']}"
        used = admin.get("/admin/usage", params={"user": "user", "from": "2020-01-01"}).json()
        features = {call["feature"] for call in used["items"]}
        assert features >= {"recruit_sketch", "recruit_persona", "reply"}
        assert used["total"]["cost_usd"] == "0"
        project = used["items"][0]["project_id"]
        people = [person["id"] for person in admin.get(f"/projects/{project}/personas").json()]
        set_up = {"project_id": project, "title": "Stopped", "guide": "- Why?\n- Why not?", "persona_ids": people}
        group = admin.post("/focus-groups", json=set_up | {"turn_limit": 2_000}).json()["id"]
        began = admin.post(f"/focus-groups/{group}/autonomous-start")
        assert (began.status_code, began.json()["state"]) == (202, "autonomous")
        _until(lambda: admin.get(f"/focus-groups/{group}").json()["last_seq"] >= 2)
        stopped = admin.post(f"/focus-groups/{group}/autonomous-stop").json()
        assert (stopped["is_busy"], stopped["reason"]) == (False, "stopped")
        assert admin.post("/auth/logout").status_code == 204
        assert admin.get("/me").status_code == 401


def _until(claim: Any) -> None:
    deadline = time.monotonic() + 150
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.1)
