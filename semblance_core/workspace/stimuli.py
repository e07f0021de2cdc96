"""Operations on what participants are shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from semblance_core.domain.asset import Asset, NotAdded
from semblance_core.domain.errors import Interrupted, InvalidInput, RunFailed
from semblance_core.domain.task import ATTACH, Task, TaskState
from semblance_core.engine.attach import attach_request, not_added
from semblance_core.engine.tasks import fingerprint_of
from semblance_core.flows.attach import checked_description, sorted_out
from semblance_core.flows.stimuli import as_shown
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import of_asset, of_focus_group, operation
from semblance_core.workspace.bounds import Bounded
from semblance_core.workspace.editing import edited


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of files right when they were handed in. task: adds those that were not refused; None where all were."""

    task: Task | None
    refused: tuple[NotAdded, ...]


class Stimuli(Bounded):
    @operation(of_focus_group)
    def add_stimuli(self, group_id: str, files: Sequence[tuple[str, bytes]], encoding: str = "") -> HandedIn:
        """Hands in documents and pictures, by name and bytes, that participants are shown with the next question.

        Before the session has begun or while it is moderated; raises in words where it takes none. A task reads and adds
        them: it tells how far it is, and in the end which were not added and why (`engine.attach.not_added`). encoding: what the
        texts among them are in (`documents.encoding_names`); without it, it is found out, and said where it is no more than likely.
        """
        return self._handed_in(group_id, files, encoding)

    def _handed_in(self, group_id: str, files: Sequence[tuple[str, bytes]], encoding: str) -> HandedIn:
        group = self.store.focus_groups.get(group_id)
        waiting = self.store.tasks.open_of_session(ATTACH, group_id)
        taken, refused = sorted_out(group, files, self.store.assets.of(group), waiting, encoding)
        if not taken:
            return HandedIn(None, tuple(refused))
        request = attach_request(group_id, taken, (self.settings.default_model, *self.settings.fallback_models))
        # The session's owner's, on whose account a description counts.
        task = Task(new_id(), ATTACH, group.owner_id, group.project_id, request, self.clock(), total=len(taken))
        exclusive = f"attach/{group_id}/{fingerprint_of(request)}"
        with self._room_for_task(self._owner_of(group.project_id), ATTACH):
            self.store.incoming.put(task.id, group_id, [file.content for file in taken], task.created_at)
            begun = self._begun(replace(task, exclusive=exclusive))
        if begun.id != task.id:  # the same files were handed in at the same moment
            self.store.incoming.remove(task.id)
        return HandedIn(begun, tuple(refused))

    @operation(of_focus_group)
    def attach_stimulus(self, group_id: str, name: str, content: bytes, encoding: str = "") -> Asset:
        """Adds one document or picture and waits until it is there, for scripts and notebooks: no page calls this.

        A file that cannot be read safely is refused in words, and nothing of it is kept.
        """
        handed = self._handed_in(group_id, [(name, content)], encoding)
        if handed.task is None:
            raise InvalidInput(handed.refused[0].why)
        self.engine.wait("task", handed.task.id)
        task = self.store.tasks.get(handed.task.id)
        if not task.state.is_over:
            raise Interrupted("This process is being shut down; another one goes on with reading the file.")
        if task.state is not TaskState.DONE:
            raise RunFailed(task.error or "Reading the file was cancelled.")
        if refused := not_added(task):
            raise InvalidInput(refused[0].why)
        return self.store.assets.get(task.result["files"]["0"]["asset_id"])

    @operation(of_focus_group)
    def stimulus_tasks(self, group_id: str) -> list[Task]:
        """Tasks that add stimuli to the session, or did; the newest first."""
        return self.store.tasks.of_session(ATTACH, group_id)

    @operation(of_focus_group)
    def note_not_added(self, group_id: str) -> None:
        """Notes that it was read which files were not added: it need not be said any more, in any browser."""
        self.store.tasks.note(ATTACH, group_id)

    @operation(of_focus_group)
    def stimuli(self, group_id: str) -> list[Asset]:
        """What the session shows, in the order in which it does."""
        return self.store.assets.listed(self.store.focus_groups.get(group_id))

    @operation(of_focus_group)
    def sees_pictures(self, group_id: str) -> bool:
        """Whether the session's model takes pictures; for one that does not, each has to be described in words."""
        return self.gateway.catalogue.sees(self.store.focus_groups.get(group_id).model)

    @operation(of_asset)
    def stimulus(self, asset_id: str) -> Asset:
        return self.store.assets.get(asset_id)

    @operation(of_asset)
    def stimulus_text(self, asset_id: str) -> str:
        """All that was read of a document; empty for a picture."""
        return self.store.assets.text(asset_id)

    @operation(of_asset)
    def shown_text(self, asset_id: str) -> str:
        """What every participant is shown of it with every question: the whole, or an extract by the session's topic."""
        asset = self.store.assets.get(asset_id)
        group = self.store.focus_groups.get(asset.focus_group_id)
        found = as_shown(self.store.assets.of(group), group.topic or group.title, "", self.store.assets)
        return next(shown.text for shown in found if shown.name == asset.name)

    @operation(of_asset)
    def original(self, asset_id: str) -> bytes:
        """The file: a document as it was given, a picture upright and with nothing but its pixels."""
        return self.store.assets.original(asset_id)

    @operation(of_asset)
    def describe_stimulus(self, asset_id: str, description: str, base: Asset | int | None = None) -> Asset:
        """Puts a picture into words, for models that do not see.

        base: the picture as it was read, or its version: raises `EditConflict` where somebody described it since then.
        """
        assets = self.store.assets
        wanted = {"description": checked_description(assets.get(asset_id), description)}
        called, me = {"description": "the description"}, self._actor()

        def write(asset: Asset, changed: Collection[str]) -> bool:
            return assets.replace(replace(asset, described_by=""), (*changed, "described_by"))

        edited(lambda: assets.get(asset_id), write, wanted, base, called, me, self.clock())
        return assets.get(asset_id)

    @operation(of_asset)
    def remove_stimulus(self, asset_id: str) -> None:
        """Takes away what was not shown yet; raises `InvalidInput` for what was, because answers speak of it."""
        if not self.store.assets.remove(self.store.assets.get(asset_id), self.clock()):
            raise InvalidInput("Participants have been shown this already, or the discussion runs; it stays as it is.")
