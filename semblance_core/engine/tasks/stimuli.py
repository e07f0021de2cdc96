"""The task that adds stimuli to a session: one file after the other, each read, described where needed, and added once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import PlainSerializer

from semblance_core.domain.discussion.asset import Asset, HandedFile, NamedFile, NotAdded, Picture
from semblance_core.domain.errors import UserMistake
from semblance_core.domain.task import ATTACH, Task
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.engine.tasks.stored import request_of, result_of
from semblance_core.flows.attach import attach, described, describes

KIND = ATTACH
StoredPlace = Annotated[int, PlainSerializer(str)]
"""The database takes nothing but texts as keys."""


@dataclass(frozen=True, slots=True)
class Request:
    """files: in the order they were handed in, their bytes in `store.uploads`.

    models: configured ones; where the session's own does not see pictures, the first of them that does describes them.
    """

    focus_group_id: str
    files: tuple[NamedFile, ...]
    models: tuple[str, ...]

    @classmethod
    def of(cls, focus_group_id: str, files: Sequence[HandedFile], models: Sequence[str]) -> "Request":
        return cls(focus_group_id, tuple(file.named for file in files), tuple(models))


@dataclass(frozen=True, slots=True)
class Added:
    asset_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """why: a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class Described:
    """A picture that is not added yet, in words that were paid for."""

    description: str
    described_by: str


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of each file so far, by its place in the request."""

    files: dict[StoredPlace, Added | Refused | Described] = field(default_factory=dict)


def not_added(task: Task) -> list[NotAdded]:
    """The files that the task refused so far, each with why."""
    became = result_of(Result, task).files
    names = enumerate(file.name for file in request_of(Request, task).files)
    return [NotAdded(name, found.why) for place, name in names if isinstance(found := became.get(place), Refused)]


def run(request: Request, run: TaskRun) -> Result:
    """Adds the files that are not refused. Done again, it goes on from its checkpoint."""
    became = dict(run.kept(Result).files)
    for place, file in enumerate(request.files):
        if not isinstance(became.get(place), Added | Refused):
            became[place] = _added(place, file, request, became, run)
            run.checkpoint(Result(became))
    run.store.uploads.remove(run.task.id)
    return Result(became)


def _added(
    place: int,
    file: NamedFile,
    request: Request,
    became: dict[int, Added | Refused | Described],
    run: TaskRun,
) -> Added | Refused:
    """Reads one file and adds it. became: takes the description of a picture as soon as it was paid for."""

    def say(doing: str) -> None:
        run.progress(place, len(request.files), f"{doing} {file.name}")

    def in_words(asset: Asset, picture: Picture) -> Asset:
        if isinstance(known := became.get(place), Described):  # an earlier try paid for them
            return replace(asset, description=known.description, described_by=known.described_by)
        if not (model := describes(group, run.gateway, request.models)):
            return asset
        say("Describing")
        caller = replace(run.caller, user_id=group.owner_id, project_id=group.project_id, focus_group_id=group.id)
        asset = described(asset, picture, run.gateway, model, caller)
        if asset.description:
            became[place] = Described(asset.description, asset.described_by)
            run.checkpoint(Result(became))
        return asset

    say("Reading")
    group = run.store.focus_groups.get(request.focus_group_id)
    try:
        asset = attach(
            f"{run.task.id}-{place}",
            group,
            file.name,
            run.store.uploads.get(run.task.id, place),
            run.store.assets,
            run.clock(),
            lambda content, name: run.reader.read(content, name, lambda: say("Reading"), file.encoding),
            in_words,
            file.encoding,
        )
    except UserMistake as refused:
        return Refused(str(refused))
    return Added(asset.id)
