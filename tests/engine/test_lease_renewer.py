"""Leases are kept alive while their work is being done, and no longer."""

from datetime import datetime
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.engine.lease_renewer import LeaseRenewer
from semblance_core.workspace import Workspace
from tests.studies import eventually, session

LEASE_S = 0.9


def test_a_lease_is_renewed_for_as_long_as_its_work_goes_on_and_then_runs_out(
    semblance: Semblance, workspace: Workspace
) -> None:
    groups, renewer = semblance.store.focus_groups, LeaseRenewer(LEASE_S)
    group_id = session(workspace, size=2).id
    semblance.store.focus_groups.start(workspace.sessions.get(group_id), semblance.clock())
    held = groups.claim(group_id, LEASE_S)
    assert held
    stored: Any = semblance.connection.database["focus_groups"]

    def until() -> datetime:
        found: datetime = stored.find_one({"_id": group_id})["lease_until"]
        return found

    first = until()
    with renewer.renewing(groups.claims, group_id, held.epoch):
        eventually(lambda: until() > first)
        second = until()
        eventually(lambda: until() > second)
        assert renewer.epochs(groups.claims, group_id) == {held.epoch}
    eventually(lambda: groups.claim(group_id, LEASE_S) is not None)  # nobody keeps it any more: another may have it
    assert workspace.sessions.get(group_id).epoch == held.epoch + 1
    renewer.stop()
