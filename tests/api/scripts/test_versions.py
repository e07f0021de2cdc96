"""Scripts that edit what others edit: the version says what they read, and what is theirs is not overwritten."""

import httpx

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import UsageQuota
from tests.api.scripts.conftest import As, told
from tests.studies import panel, session


def test_a_quota_is_set_from_the_version_that_was_read_or_whatever_is_there(client: As, semblance: Semblance) -> None:
    admin = client("admin")

    def read() -> dict[str, object]:
        return next(row["user"] for row in admin.get("/admin/users").json() if row["user"]["id"] == "other")

    def put(**body: object) -> httpx.Response:
        return admin.put("/admin/users/other/quota", json={"usd": None, "tokens": None} | body)

    before = read()
    try:
        assert put(usd="5", version=before["version"]).status_code == 204
        problem = put(usd="7", version=before["version"]).json()
        assert problem["status"] == 409
        assert (problem["code"], problem["version"]) == ("edit_conflict", read()["version"])
        assert [fault["where"] for fault in problem["errors"]] == ["quota"]
        assert "changed the quota in another window at " in problem["detail"]
        assert read()["quota"] == {"usd": "5", "tokens": None}
        assert put(usd="7", version=problem["version"]).status_code == 204
        assert put(usd="8").status_code == 204
        assert read()["quota"] == {"usd": "8", "tokens": None}
        told(put(version=-1), 422)
    finally:
        semblance.workspace("admin").accounts.set_quota("other", UsageQuota())


def test_what_is_edited_is_answered_with_its_version(client: As, semblance: Semblance) -> None:
    ws, user = semblance.workspace("user"), client("user")
    group = session(ws, 1)
    maya = ws.personas.add(group.project_id, panel(1)[0])
    ws.personas.edit(maya.id, maya)
    ws.projects.rename(group.project_id, "Another name")
    assert user.get(f"/focus-groups/{group.id}").json()["version"] == 0
    assert [each["version"] for each in user.get(f"/focus-groups/{group.id}").json()["participants"]] == [None]
    assert [each["version"] for each in user.get(f"/projects/{group.project_id}/personas").json()] == [0]
    mine = next(each for each in user.get("/projects").json() if each["id"] == group.project_id)
    assert (mine["name"], mine["version"]) == ("Another name", 1)
