"""Makes the data folder of one version, as its own program leaves it, for later versions to open:

    python tests/upgrade/make_store.py tests/data/stores/COMMIT.tar.xz

runs the program of the folder that it is started in, which may be the work tree of an older commit, so it uses nothing of the
tests, and leaves out what that version could not do yet. Beside the embedded server's data the archive holds `about.json`: what
was stored, as that version counts it. The first run fills every collection; the second one is killed in the middle of a discussion,
a round and a panel.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

GUIDE = (
    "## Habits\n- When did you last buy oat milk?\n- What made you choose it?\n\n## Price\n- What is a fair price?\n"
)
SIMULATOR, PAID, REFUSED = "simulator/v1", "openai/gpt-4o-mini", "openai/gpt-4o"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
DATABASE = "semblance"


class Provider(BaseHTTPRequestHandler):
    """A model that says one sentence for what gpt-4o-mini costs, and refuses the key where it is asked for gpt-4o."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked["model"] == "gpt-4o":
            return self._answer(401, {"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}})
        said = {
            "role": "assistant",
            "content": "I buy it every week, because my daughter does not take any other milk.",
        }
        usage = {"prompt_tokens": 400, "completion_tokens": 16, "total_tokens": 416}
        choice = {"index": 0, "finish_reason": "stop", "message": said}
        return self._answer(
            200,
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": asked["model"],
                "choices": [choice],
                "usage": usage,
            },
        )

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


class Person:
    """A workspace; `tries` leaves out an operation, by its family and name, that this version does not have yet."""

    def __init__(self, semblance: Any, name: str):
        self.semblance, self.can = semblance, semblance.workspace(name)

    def tries(self, operation: str, *given: Any) -> Any:
        family, name = operation.split(".")
        known = getattr(getattr(self.can, family, None), name, None)
        return known(*given) if known else None

    def waits(self, kind: str, work: Any) -> Any:
        if work is not None:
            self.semblance.engine.wait(kind, work.id)
            return self.can.tasks.get(work.id) if kind == "task" else self.can.sessions.get(work.id)
        return None


def fill(folder: Path) -> None:
    """All that people do, and that comes to its end."""
    from semblance_core.bootstrap import open_semblance
    from semblance_core.domain.accounts.account import Role
    from semblance_core.domain.discussion.guide import parse_guide
    from semblance_core.domain.personas.persona import Persona
    from semblance_core.domain.usage.events import UsageQuota
    from semblance_core.settings import load_settings
    from semblance_core.workspace import SessionConfig

    with open_semblance(load_settings()) as semblance:
        user, admin = Person(semblance, "user"), Person(semblance, "admin")
        guide = parse_guide(GUIDE)
        project = user.can.projects.create("Oat milk")
        user.tries("projects.open", project.id)
        user.can.projects.rename(project.id, "Oat milk, autumn")
        user.waits("task", user.can.personas.recruit(project.id, "people aged 25–45 who buy oat milk", 4))
        made = user.can.personas.add(project.id, Persona("Zoë Ünal", 61, values=("thrift",), quote="“Too dear.”"))
        user.can.personas.edit(made.id, replace(made, occupation="baker"))
        user.can.personas.delete(user.can.personas.copy(made.id).id)
        panel = tuple(user.can.personas.of_project(project.id))

        def session(title: str, who: Person = user, **fields: Any) -> Any:
            where = project if who is user else who.can.projects.create("Their own")
            fields = {"model": SIMULATOR, "turn_limit": 14, "seed": 3, **fields}
            return who.can.sessions.create(where.id, SessionConfig(title, "Oat milk", guide, panel[-3:], **fields))

        session("Draft")
        moderated = session("Moderated", model=PAID)
        user.tries("stimuli.attach", moderated.id, "Leaflet.txt", b"Now with more oats.\n" * 200)
        user.tries("stimuli.attach", moderated.id, "Pack.png", PNG)
        for question in ("Who buys it?", "And why?"):
            user.can.sessions.post(moderated.id, question)
            user.waits("focus_group", moderated)
        refused = session("Refused", model=REFUSED)
        user.can.sessions.post(refused.id, "Does anybody answer?")
        user.waits("focus_group", refused)

        discussed = session("Discussed")
        user.can.sessions.start(discussed.id)
        user.waits("focus_group", discussed)
        for _ in range(2):
            user.waits("task", user.can.findings.analyse(discussed.id))
        edit_themes(user, discussed.id)
        ended = session("Ended")
        user.can.sessions.post(ended.id, "Hello?")
        user.waits("focus_group", ended)
        user.can.sessions.end(ended.id)
        user.tries("sessions.duplicate", discussed.id)
        user.can.sessions.delete(session("Deleted").id)

        user.waits("task", user.tries("examples.make"))
        user.waits("task", user.can.personas.recruit(project.id, "people who fail", 2, model=REFUSED))
        cancelled = user.can.personas.recruit(project.id, "people who are not wanted after all", 24)
        user.can.tasks.cancel(cancelled.id)
        user.waits("task", cancelled)

        admin.can.accounts.add("dana", "Dana Doe", Role.RESEARCHER, "correct horse 7")
        admin.can.accounts.add("gone", "Gone Away", Role.RESEARCHER, "correct horse 8")
        admin.can.accounts.set_disabled("gone", True)
        admin.can.accounts.set_quota("dana", UsageQuota(None, 3_000))
        dana = Person(semblance, "dana")
        waiting = session("Waits for its quota", dana)
        with suppress(Exception):  # the quota may not even have room to begin
            dana.can.sessions.start(waiting.id)
        dana.waits("focus_group", waiting)
        admin.can.accounts.set_quota("user", UsageQuota(Decimal("25.5"), None))
        edit_prices(admin)
        sign_in(semblance)
        semblance.gateway.batcher.flush()


def edit_themes(user: Person, group_id: str) -> None:
    """A second and a third version of what the model found."""
    with suppress(ImportError):
        from semblance_core.domain.findings.theme_edits import Rewrite

        found = user.can.findings.get(group_id)
        found = user.can.findings.edit(
            group_id, found.analysis_id, found.version, Rewrite(0, "What it costs", "It is dear.")
        )
        user.can.findings.restore(group_id, found.analysis_id, found.version, 0)


def edit_prices(admin: Person) -> None:
    with suppress(ImportError):
        from semblance_core.domain.usage.price import ModelPrice, Rates

        now = admin.semblance.clock()
        price = ModelPrice(Rates(Decimal("0.3"), Decimal("0.1"), Decimal("1.2")))
        admin.tries("prices.set", PAID, price, now - timedelta(hours=1))
        admin.tries("prices.set", "openai/gpt-4.1", price, now)


def sign_in(semblance: Any) -> None:
    from semblance_core import accounts
    from semblance_core.domain.accounts import account as people

    visitor = people.Visitor("192.0.2.7", "Firefox on Linux") if hasattr(people, "Visitor") else "192.0.2.7"
    accounts.sign_in(semblance.store, "user", "pass", visitor)
    with suppress(Exception):
        accounts.sign_in(semblance.store, "user", "not this one", visitor)


def leave_open(folder: Path) -> None:
    """Is killed in the middle of its work, with calls in flight; says before what is stored."""
    from semblance_core.bootstrap import open_semblance
    from semblance_core.domain.discussion.guide import parse_guide
    from semblance_core.settings import load_settings
    from semblance_core.workspace import SessionConfig

    semblance = open_semblance(load_settings())
    user, database = Person(semblance, "user"), semblance.connection.database
    project = user.can.projects.mine()[0]
    panel = tuple(user.can.personas.of_project(project.id))[:3]
    running, asked = (
        user.can.sessions.create(
            project.id, SessionConfig(title, "Oat milk", parse_guide(GUIDE), panel, SIMULATOR, 6, 5)
        )
        for title in ("Running", "Asked")
    )
    user.can.sessions.start(running.id)
    user.can.sessions.post(asked.id, "What is dear?")
    user.can.personas.recruit(project.id, "people who buy none", 2)

    def held() -> int:
        return sum(len(budget["holds"]) for budget in database["budgets"].find())

    while held() < 4:  # three replies and the panel; the discussion's first message is the moderator's own
        time.sleep(0.1)
    (folder / "about.json").write_text(json.dumps(about(database), indent=1))
    os._exit(9)


def about(database: Any) -> dict[str, Any]:
    """What is stored, without any code of that version between."""
    sessions = {}
    for group in database["focus_groups"].find():
        said = list(
            database["focus_group_messages"].find({"focus_group_id": group["_id"], "status": "said"}).sort("seq")
        )
        sessions[group["_id"]] = {
            "title": group["title"],
            "owner": group["owner_id"],
            "state": group["state"],
            "messages": group["next_seq"] - 1,
            "said": sha256(
                "\n".join(f"{each['seq']} {each['speaker']}: {each['text']}" for each in said).encode()
            ).hexdigest(),
            "themes": [
                len(each["themes"]) for each in database["focus_group_themes"].find({"focus_group_id": group["_id"]})
            ],
        }
    events = list(database["usage_events"].find())
    return {
        "sessions": sessions,
        "personas": database["personas"].count_documents({}),
        "tasks": {task["_id"]: task["state"] for task in database["tasks"].find()},
        "users": sorted(user["_id"] for user in database["users"].find()),
        "prices": database["model_pricing"].count_documents({"is_edit": True}),
        "audited": database["audit_log"].count_documents({}),
        "calls": len(events),
        "tokens": sum(event["tokens"]["prompt"] + event["tokens"]["completion"] for event in events),
        "cost_nano_usd": sum(event["cost_nano_usd"] or 0 for event in events),
        "holds": sum(len(budget["holds"]) for budget in database["budgets"].find()),
        "collections": sorted(name for name in database.list_collection_names() if database[name].find_one()),
    }


def run(part: str, folder: Path, port: int, **settings: str) -> int:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"PYTHONPATH": os.getcwd(), "SEMBLANCE_DATA_DIR": str(folder), "SEMBLANCE_DATABASE": DATABASE}
    environment |= {"OPENAI_API_KEY": "sk-none", "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1"}
    environment |= {"SEMBLANCE_MODEL": SIMULATOR, "SEMBLANCE_CALL_ATTEMPTS": "1", **settings}
    return subprocess.run([sys.executable, __file__, part, str(folder)], env=environment, check=False).returncode


def make(archive: Path) -> None:
    provider = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=provider.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if run("--fill", folder, provider.server_port, SEMBLANCE_SIMULATOR_DELAY_S="0.0") != 0:
            sys.exit("The version could not be made to fill its store.")
        if run("--leave-open", folder, provider.server_port, SEMBLANCE_SIMULATOR_DELAY_S="30") != 9:
            sys.exit("The version could not be killed in the middle of its work.")
        data = folder / "mongodb" / "data"
        while (data / "mongod.lock").read_text().strip():  # its supervisor stops the server after its last user
            time.sleep(0.2)
        with tarfile.open(archive, "w:xz", preset=9) as tar:
            tar.add(folder / "about.json", "about.json")
            for path in sorted(data.rglob("*")):
                place = path.relative_to(data)
                if path.is_file() and place.parts[0] not in (
                    "journal",
                    "diagnostic.data",
                    "mongod.lock",
                ):  # all is in the last checkpoint
                    tar.add(path, f"mongodb/data/{place}")
    print(f"{archive}: {archive.stat().st_size / 1e3:,.0f} kB")


if __name__ == "__main__":
    if sys.argv[1] in ("--fill", "--leave-open"):
        {"--fill": fill, "--leave-open": leave_open}[sys.argv[1]](Path(sys.argv[2]))
    else:
        make(Path(sys.argv[1]).resolve())
