"""Moves what is made in a project to its owner, and the simulator's tokens to nobody; older data had it otherwise."""

from collections.abc import Callable
from contextlib import suppress

from pymongo.database import Database
from pymongo.errors import OperationFailure

from semblance_core.store.server.document import Document


def who_pays(database: Database[Document], go_on: Callable[[], None]) -> None:
    """Gives sessions, tasks and stimuli to their project's owner, and takes simulated tokens out of budgets.

    Done again it changes nothing. go_on: is called between batches and may raise to stop.
    """
    from semblance_core.store.usage.reconciliation import Reconciliation

    for project in database["projects"].find({"owner_id": {"$gt": ""}}, {"owner_id": 1}):
        owner = {"owner_id": project["owner_id"]}
        others = {"project_id": project["_id"], "owner_id": {"$ne": project["owner_id"]}}
        database["tasks"].update_many(others, {"$set": owner})
        sessions = [found["_id"] for found in database["focus_groups"].find(others, {"_id": 1})]
        database["assets"].update_many({"focus_group_id": {"$in": sessions}}, {"$set": owner})
        database["focus_groups"].update_many(others, {"$set": owner})
        go_on()
    Reconciliation(database).repair_budgets(lambda *_: go_on())
    with suppress(OperationFailure):  # it is not there, or stays and is only kept up for nobody
        database["budgets"].drop_index("reserved_tokens_1")
