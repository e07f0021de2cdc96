"""The data folders of earlier versions, each opened by today's program: everything is there, and what was under way goes on."""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from semblance_core.bootstrap import Semblance, open_semblance
from semblance_core.domain.accounts.audit_log import AuditFilter
from semblance_core.domain.discussion.focus_group import FocusGroupState
from semblance_core.domain.discussion.message import MessageStatus
from semblance_core.domain.task import TaskState
from semblance_core.domain.usage.events import UsageFilter
from semblance_core.domain.usage.period import named_period
from semblance_core.settings import load_settings
from semblance_core.store.version.schema import MIGRATIONS, SCHEMA
from semblance_core.workspace import ACTION_WORDS, Workspace
from tests.upgrade.make_store import PNG

EVERYTHING = UsageFilter()
STORES = sorted((Path(__file__).parents[1] / "data" / "stores").glob("*.tar.xz"))
KNOWN = len(MIGRATIONS)


@dataclass(frozen=True)
class Stored:
    """folder: an unpacked data folder. about: what the version that made it said of it."""

    folder: Path
    about: dict[str, Any]

    @contextmanager
    def opened(self) -> Iterator[Semblance]:
        settings = {
            "SEMBLANCE_DATA_DIR": self.folder,
            "SEMBLANCE_MODEL": "simulator/v1",
            "SEMBLANCE_SIMULATOR_DELAY_S": 0.0,
        }
        with open_semblance(load_settings(**settings, SEMBLANCE_DATABASE="semblance")) as semblance:
            yield semblance

    def session(self, title: str) -> str:
        return next(group_id for group_id, said in self.about["sessions"].items() if said["title"] == title)


@pytest.fixture(params=STORES, ids=lambda path: path.name.partition(".")[0])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Stored:
    with tarfile.open(request.param) as tar:
        tar.extractall(tmp_path, filter="data")
    return Stored(tmp_path, json.loads((tmp_path / "about.json").read_text()))


def test_a_store_of_each_version_is_here() -> None:
    assert {"b293605", "2ea47f4"} <= {path.name.partition(".")[0] for path in STORES}


def test_everything_is_there_and_what_was_under_way_goes_on(stored: Stored) -> None:
    with stored.opened() as semblance:
        schema = semblance.connection.database[SCHEMA].find_one() or {}
        assert schema["version"] == KNOWN
        assert semblance.connection.unmade == ()
        user, admin = semblance.workspace("user"), semblance.workspace("admin")
        assert_sessions(stored.about["sessions"], admin)
        assert_findings(stored.about["sessions"], admin)
        assert_accounts(stored.about, admin)
        assert_usage(stored.about, semblance, admin)
        assert_work(stored.about, user)
        assert_stimuli(stored, user)
        goes_on(stored, semblance, user)
    with stored.opened() as again:
        after = again.connection.database[SCHEMA].find_one() or {}
        assert after["version"] == KNOWN
        assert after.get("migrations") == schema.get("migrations")  # nothing was left to be done
        assert again.store.reconciliation.check().differences == ()
        assert again.workspace("user").sessions.get(stored.session("Running")).state is FocusGroupState.ENDED


def assert_sessions(sessions: dict[str, Any], admin: Workspace) -> None:
    assert {"Draft", "Moderated", "Refused", "Discussed", "Ended", "Running", "Asked"} <= {
        s["title"] for s in sessions.values()
    }
    for group_id, was in sessions.items():
        group, messages = admin.sessions.get(group_id), admin.sessions.messages(group_id)
        assert (group.title, group.owner_id, group.state.value) == (was["title"], was["owner"], was["state"])
        assert [message.seq for message in messages] == list(range(1, was["messages"] + 1))
        said = [f"{m.seq} {m.speaker}: {m.text}" for m in messages if m.status is MessageStatus.SAID]
        assert sha256("\n".join(said).encode()).hexdigest() == was["said"]
        assert group.reason_in_words is not None
        admin.sessions.calls(group_id)
        admin.sessions.estimate_discussion(group_id)
    refused = next(group_id for group_id, was in sessions.items() if was["title"] == "Refused")
    assert {m.status for m in admin.sessions.messages(refused)[1:]} == {MessageStatus.FAILED}
    for project in admin.projects.mine():
        assert admin.sessions.page(project.id).total == len(admin.sessions.of_project(project.id))


def assert_findings(sessions: dict[str, Any], admin: Workspace) -> None:
    for group_id, was in sessions.items():
        analyses = admin.findings.analyses(group_id)
        assert bool(analyses) == bool(was["themes"])
        for found in analyses:
            assert admin.findings.get(group_id, found.analysis_id) is not None
            versions = [
                admin.findings.get(group_id, found.analysis_id, version) for version in range(found.version + 1)
            ]
            assert all(version and len(version.themes) in was["themes"] for version in versions)
            assert admin.tasks.get(found.analysis_id).kind in ("analyse", "example")


def assert_accounts(about: dict[str, Any], admin: Workspace) -> None:
    users = {user.id: user for user, _ in admin.accounts.all()}
    assert sorted(users) == about["users"]
    assert users["gone"].disabled
    assert users["user"].quota.usd == Decimal("25.5")
    assert users["dana"].quota.tokens == 3_000
    for name in users:
        admin.accounts.sign_ins(name)
    entries, logged = admin.audit.find(AuditFilter())
    assert logged >= about["audited"]
    assert {entry.action for entry in entries} <= ACTION_WORDS.keys()
    assert sum(price.is_edit for price in admin.prices.all()) == about["prices"]


def assert_usage(about: dict[str, Any], semblance: Semblance, admin: Workspace) -> None:
    spent = admin.usage.everybody.spent(EVERYTHING)
    assert (spent.calls, spent.tokens.total) == (about["calls"], about["tokens"])
    assert int((spent.cost_usd or Decimal(0)) * 10**9) == about["cost_nano_usd"]
    (whole,) = admin.usage.everybody.totals(EVERYTHING)
    assert (whole.calls, whole.tokens.total) == (about["calls"], about["tokens"])
    assert len(admin.usage.everybody.calls(EVERYTHING, limit=1_000)) == about["calls"]
    assert semblance.store.reconciliation.check().differences == ()


def assert_work(about: dict[str, Any], user: Workspace) -> None:
    people = sum(len(user.personas.of_project(project.id)) for project in user.projects.mine())
    assert people == about["personas"]
    tasks = {task.id: task for project in user.projects.mine() for task in user.tasks.of_project(project.id)}
    assert {task_id: tasks[task_id].state.value for task_id in about["tasks"]} == about["tasks"]
    assert {TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED} <= {task.state for task in tasks.values()}


def assert_stimuli(stored: Stored, user: Workspace) -> None:
    assets = user.stimuli.of_session(stored.session("Moderated"))
    if "assets" in stored.about["collections"]:
        assert [user.stimuli.original(asset.id) for asset in assets] == [b"Now with more oats.\n" * 200, PNG]


def goes_on(stored: Stored, semblance: Semblance, user: Workspace) -> None:
    """What was cut off comes to its end; what was not begun begins; whose call was refused is asked again."""
    draft, running, asked, moderated = map(stored.session, ("Draft", "Running", "Asked", "Moderated"))
    refused = stored.session("Refused")
    user.sessions.start(draft)
    assert user.sessions.get(moderated).model == "openai/gpt-4o-mini"
    user.sessions.retry(refused, 2)
    for group_id in (draft, running, asked, refused):
        semblance.engine.wait("focus_group", group_id)
    for task_id, state in stored.about["tasks"].items():
        if state in ("queued", "running"):
            semblance.engine.wait("task", task_id)
            assert user.tasks.get(task_id).state is TaskState.DONE
    assert user.sessions.get(draft).state is user.sessions.get(running).state is FocusGroupState.ENDED
    assert {message.status for message in user.sessions.messages(asked)} == {MessageStatus.SAID}
    semblance.engine.wait("task", user.findings.analyse(running).id)
    assert user.findings.get(running)
    semblance.store.ledger.settle_expired()
    semblance.gateway.batcher.flush()
    assert semblance.store.reconciliation.check().differences == ()
    assert all(status.held_tokens == 0 for _, status in semblance.workspace("admin").accounts.all())
    named_period("this-month", semblance.clock())
