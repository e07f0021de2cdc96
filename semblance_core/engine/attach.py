"""The task that adds stimuli to a session: one file after the other, each read, described where needed, and added once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from semblance_core.documents import Reader
from semblance_core.domain.asset import Asset, HandedFile, NotAdded, Picture
from semblance_core.domain.errors import UserMistake
from semblance_core.domain.task import Task
from semblance_core.flows.attach import attach, described, describes
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.store.store import Store


def attach_request(focus_group_id: str, files: Sequence[HandedFile], models: Sequence[str]) -> dict[str, Any]:
    """models: configured ones; where the session's own does not see pictures, the first of them that does describes them."""
    named = [{"name": file.name, "sha256": file.sha256, "encoding": file.encoding} for file in files]
    return {"focus_group_id": focus_group_id, "files": named, "models": list(models)}


def not_added(task: Task) -> list[NotAdded]:
    """Which of the task's files were not added so far, and why."""
    became = task.result.get("files", {})
    files = enumerate(task.request["files"])
    return [
        NotAdded(file["name"], found["why"]) for place, file in files if "why" in (found := became.get(str(place), {}))
    ]


def attach_files(
    task: Task,
    store: Store,
    gateway: Gateway,
    clock: Callable[[], datetime],
    reader: Reader,
    report: Callable[[int, int, str], None],
    keep: Callable[[dict[str, Any]], None],
    caller: Caller,
) -> dict[str, Any]:
    """Adds the task's files; one that is refused does not take the others with it. Done again, it goes on from what was kept.

    report: hears how many of how many files are done and what is being done; keep: is given what became of them. Both may
    raise to stop. caller: on whose account descriptions are asked for. The result is by each file's place: its `asset_id`, or `why` it was not added.
    """
    files = task.request["files"]
    became: dict[str, dict[str, Any]] = dict(task.result.get("files", {}))

    def add(place: str, name: str, encoding: str) -> dict[str, Any]:
        def say(doing: str) -> None:
            report(int(place), len(files), f"{doing} {name}")

        def in_words(asset: Asset, picture: Picture) -> Asset:
            if known := became.get(place):  # an earlier try paid for them
                return replace(asset, **known)
            if not (model := describes(group, gateway, task.request["models"])):
                return asset
            say("Describing")
            asset = described(asset, picture, gateway, model, for_group)
            if asset.description:
                became[place] = {"description": asset.description, "described_by": asset.described_by}
                keep({"files": became})
            return asset

        say("Reading")
        group = store.focus_groups.get(task.request["focus_group_id"])
        for_group = replace(caller, user_id=group.owner_id, project_id=group.project_id, focus_group_id=group.id)
        try:
            content = store.incoming.get(task.id, int(place))
            asset = attach(
                f"{task.id}-{place}",
                group,
                name,
                content,
                store.assets,
                clock(),
                lambda content, name: reader.read(content, name, lambda: say("Reading"), encoding),
                in_words,
                encoding,
            )
        except UserMistake as refused:
            return {"why": str(refused)}
        return {"asset_id": asset.id}

    for number, file in enumerate(files):
        place = str(number)
        if not {"asset_id", "why"} & became.get(place, {}).keys():
            became[place] = add(place, file["name"], file.get("encoding", ""))
            keep({"files": became})
    store.incoming.remove(task.id)
    return {"files": became}
