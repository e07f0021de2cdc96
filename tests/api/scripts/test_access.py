"""Who may do what through the API: every operation that the description lists, tried by everybody."""

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import httpx
import jwt
import pytest

from api.application import application
from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.account import Role, User
from semblance_core.domain.coding.codings import MemoOn
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.interviews import RoundConfig
from semblance_core.domain.errors import Conflict
from semblance_core.domain.findings.theme import Theme
from semblance_core.store.ids import new_id
from tests.api.scripts.conftest import As
from tests.faults.conftest import NobodyHere
from tests.operations import offenders
from tests.studies import GUIDE, found_themes, panel, session, with_engine
from tests.surveys import SHORT
from ui.app import gate
from ui.app.runtime import running_semblance

DOCUMENT = application().openapi()
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
NOBODYS = {"sign_in"}
EVERYBODYS = {"who_am_i", "sign_out", "list_projects", "create_project", "check_questionnaire", "search"}
ADMINS = {name for name, (_, path, _) in OPERATIONS.items() if path.startswith("/admin/")}
OWNERS = OPERATIONS.keys() - NOBODYS - EVERYBODYS - ADMINS
SIGNED_IN = OPERATIONS.keys() - NOBODYS


@dataclass(frozen=True)
class Study:
    """What belongs to `user`, by the names that addresses and bodies have for it."""

    project_id: str
    group_id: str
    task_id: str
    survey_id: str
    round_id: str
    report_id: str
    synthesis_id: str
    code_id: str
    memo_id: str


@pytest.fixture(scope="module")
def untouched(semblance: Semblance) -> Study:
    """For requests that are refused, which leave it as it is."""
    return new_study(semblance)


def new_study(semblance: Semblance) -> Study:
    running_semblance().engine.worker.stopping.set()  # what is begun here stays as it is
    workspace = with_engine(semblance.workspace("user"), NobodyHere())
    with suppress(Conflict):
        semblance.store.users.add(User("leaving", "Leaving", Role.RESEARCHER, semblance.clock()), None)
    group = session(workspace)
    workspace.personas.add(group.project_id, panel(1)[0])
    survey = workspace.surveys.begin(group.project_id, SHORT)
    held = workspace.interviews.start(group.project_id, RoundConfig("Alone", parse_guide(GUIDE), by_person=True))
    shared = workspace.sharing.share(group.id)
    recruiting = workspace.personas.recruit(group.project_id, "Anybody", 1)
    found_themes(semblance, group, [Theme("Price", "It is dear.", ())])
    code = workspace.codebook.add(group.project_id, "Price")
    memo = workspace.memos.add(group.project_id, MemoOn.CODE, "Look again.", target=code.id)
    together = workspace.syntheses.begin(group.project_id, "Together")
    return Study(
        project_id=group.project_id,
        group_id=group.id,
        task_id=recruiting.id,
        survey_id=survey.id,
        round_id=held.id,
        report_id=shared.report.id,
        synthesis_id=together.id,
        code_id=code.id,
        memo_id=memo.id,
    )


def ask(client: httpx.Client, name: str, study: Study) -> httpx.Response:
    method, path, operation = OPERATIONS[name]
    bodies: dict[str, dict[str, Any]] = {
        "create_project": {"name": "Another"},
        "generate_personas": {"project_id": study.project_id, "brief": "Anybody", "size": 1},
        "create_focus_group": {"project_id": study.project_id, "title": "Another"},
        "import_personas": {"text": "name\nMaya"},
        "preview_personas": {"text": "name\nMaya"},
        "check_questionnaire": {"questionnaire": SHORT},
        "estimate_survey": {"project_id": study.project_id, "questionnaire": SHORT},
        "begin_survey": {"project_id": study.project_id, "questionnaire": SHORT, "seed": 1},
        "estimate_interviews": {"project_id": study.project_id, "title": "Alone", "guide": GUIDE},
        "begin_interviews": {"project_id": study.project_id, "title": "Alone", "guide": GUIDE, "by_person": True},
        "begin_synthesis": {"title": "All"},
        "add_to_synthesis": {"sessions": [study.group_id]},
        "edit_synthesis": {"version": 0, "action": "rename", "shared": [1], "name": "Price"},
        "post_message": {"text": "Anything?"},
        "let_discuss": {"turns": 3},
        "skip_question": {"text": "Anything?"},
        "insert_question": {"text": "Anything?"},
        "go_back": {"question": 0},
        "share_report": {"days": 7},
        "whisper": {"text": "Anything?"},
        "fork_focus_group": {"seq": 1},
        "add_user": {"username": f"new-{new_id()}", "name": "New", "password": "a good password"},
        "add_code": {"name": "Money"},
        "edit_code": {"definition": "About cost."},
        "merge_codes": {"into_id": study.code_id},
        "write_memo": {"about": "session", "text": "Look.", "group_id": study.group_id},
        "edit_memo": {"text": "Look."},
        "code_message": {"seq": 1, "code_ids": [study.code_id]},
        "confirm_codings": {"coding_ids": ["there-is-none"]},
        "remove_codings": {"coding_ids": ["there-is-none"]},
        "set_quota": {"usd": "1.50", "tokens": None},
    }
    if name == "add_stimulus":
        return client.post(f"/focus-groups/{study.group_id}/stimuli?name=a.txt", content=new_id().encode())
    assert ("requestBody" in operation) == (name in bodies), f"{name} takes a body that this test does not know"
    path = f"{path}?q=anything" if name == "search" else path
    address = path.format(**asdict(study), user_id="leaving" if name == "delete_user" else "other", seq=1, kind="deck")
    return client.request(method, address, json=bodies.get(name))


def problem(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    assert told["detail"].endswith(".")
    return told


def test_every_operation_but_signing_in_says_that_it_wants_a_sign_in() -> None:
    assert {name for name, (_, _, operation) in OPERATIONS.items() if "security" in operation} == SIGNED_IN
    assert len(OPERATIONS) >= 25


def test_without_a_sign_in_that_holds_nothing_opens(client: As, semblance: Semblance, untouched: Study) -> None:
    revoked = semblance.store.sign_ins.open("user", semblance.clock())
    semblance.store.sign_ins.revoke(revoked)
    cookie = jwt.encode(
        {"username": semblance.store.sign_ins.open("user", semblance.clock())}, gate.cookie_key(), algorithm="HS256"
    )
    with_cookie = client()
    with_cookie.headers["Cookie"] = f"{gate.COOKIE}={cookie}"
    nobody = (client(), client(token=revoked), client(token="no-such-token"), with_cookie)

    def fault(name: str) -> str | None:
        for each in nobody:
            refused = ask(each, name, untouched)
            told = refused.status_code, problem(refused)["code"], refused.headers["WWW-Authenticate"][:6]
            if told != (401, "unauthorized", "Bearer"):
                return str(told)
        return None

    assert offenders(SIGNED_IN, fault) == []


def test_a_disabled_account_can_do_nothing(client: As, semblance: Semblance, untouched: Study) -> None:
    signed_in = client("user")

    def fault(name: str) -> str | None:
        refused = ask(signed_in, name, untouched)
        is_right = refused.status_code == 403 and "disabled" in problem(refused)["detail"]
        return None if is_right else refused.text

    semblance.store.users.set_disabled("user", True)
    try:
        assert offenders(SIGNED_IN - {"sign_out"}, fault) == []
    finally:
        semblance.store.users.set_disabled("user", False)


def test_what_is_somebody_elses_is_answered_like_what_is_not_there(client: As, untouched: Study) -> None:
    other = client("other")
    absent = replace(untouched, **dict.fromkeys(asdict(untouched), "there-is-none"))

    def fault(name: str) -> str | None:
        refused, missing = ask(other, name, untouched), ask(other, name, absent)
        is_right = refused.status_code == missing.status_code == 404 and problem(refused) == problem(missing)
        return None if is_right else f"{refused.text} – {missing.text}"

    assert offenders(OWNERS, fault) == []


def test_what_is_for_administrators_is_for_nobody_else(client: As, untouched: Study) -> None:
    user, admin = client("user"), client("admin")

    def fault(name: str) -> str | None:
        refused = ask(user, name, untouched)
        if refused.status_code != 403 or "Only administrators" not in problem(refused)["detail"]:
            return refused.text
        done = ask(admin, name, untouched)
        return None if done.is_success else done.text

    assert offenders(ADMINS, fault) == []


UNFITTING = {"read_findings": 409, "read_agreement": 409, "rerun_task": 409, "analyse": 422, "retry_reply": 404}
UNFITTING |= dict.fromkeys(("let_discuss", "go_back", "suggest_follow_ups", "analyse_interviews"), 422)
UNFITTING |= dict.fromkeys(("put_ballot", "read_ballots", "read_opinion_shift", "fork_focus_group"), 422)
UNFITTING |= {"merge_codes": 422, "code_message": 404, "undo_coding": 409}  # with itself; a message that is not there
UNFITTING |= {"skip_question": 409, "insert_question": 409, "whisper": 409}
"""What does not fit the state that things are in: nothing was asked yet. The rule lets it pass."""


@pytest.mark.parametrize("who", ["user", "admin"])
def test_owners_and_administrators_get_past_the_rule(client: As, semblance: Semblance, who: str) -> None:
    read = new_study(semblance)

    def fault(name: str) -> str | None:
        is_read = OPERATIONS[name][0] == "GET"
        answer = ask(client(who), name, read if is_read else new_study(semblance))
        return None if answer.is_success or answer.status_code == UNFITTING.get(name) else answer.text

    assert offenders(OWNERS | EVERYBODYS, fault) == []
