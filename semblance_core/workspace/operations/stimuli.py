"""Operations on stimuli: what participants are shown."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.errors import Interrupted, InvalidInput, RunFailed
from semblance_core.domain.task import ATTACH, Task, TaskState
from semblance_core.engine.tasks import stimuli
from semblance_core.engine.tasks.stored import result_of
from semblance_core.flows.attach import checked_description
from semblance_core.flows.discussion.stimuli import as_shown, placed_so_far
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.handing_in import HandedIn, handed_in
from semblance_core.workspace.subjects import asset, focus_group, focus_group_id


class Stimuli(Operations):
    @changes(focus_group, "Handed in stimuli", action="add_stimuli", logs=("files",))
    def add(self, group: FocusGroup, files: Sequence[tuple[str, bytes]], encoding: str = "") -> HandedIn:
        """Hands in documents and pictures, by name and bytes, that participants are shown with the next question.

        Before the session has begun or while it is moderated; raises in words where it takes none. A task reads and adds
        them: it tells how far it is, and in the end which were not added and why (`engine.tasks.stimuli.not_added`).
        encoding: what the texts among them are in (`documents.encoding_names`); without it, it is found out, and said
        where it is no more than likely.
        """
        return handed_in(self._context, group, files, encoding)

    @changes(focus_group, "Added a stimulus", action="attach_stimulus", logs=("name",))
    def attach(self, group: FocusGroup, name: str, content: bytes, encoding: str = "") -> Asset:
        """Adds one document or picture and waits until it is there, for scripts and notebooks: no page calls this.

        A file that cannot be read safely is refused in words, and nothing of it is kept.
        """
        handed = handed_in(self._context, group, [(name, content)], encoding)
        if handed.task is None:
            raise InvalidInput(handed.refused[0].why)
        self._context.engine.wait("task", handed.task.id)
        task = self._store.tasks.get(handed.task.id)
        if not task.state.is_over:
            raise Interrupted("This process is shutting down; another one will continue reading the file.")
        if task.state is not TaskState.DONE:
            raise RunFailed(task.error or "Reading the file was cancelled.")
        if refused := stimuli.not_added(task):
            raise InvalidInput(refused[0].why)
        added = result_of(stimuli.Result, task).files[0]
        assert isinstance(added, stimuli.Added)
        return self._store.assets.get(added.asset_id)

    @reads(focus_group_id, sums=True)
    def tasks(self, group_id: str) -> list[Task]:
        """Tasks that add stimuli to the session, or did; the newest first."""
        return self._store.tasks.of_session(ATTACH, group_id)

    @changes(focus_group_id, "Put away which stimuli were not added", action="note_not_added")
    def note_not_added(self, group_id: str) -> None:
        """Notes that it was read which files were not added: it need not be said any more, in any browser."""
        self._store.tasks.note(ATTACH, group_id)

    @reads(focus_group)
    def of_session(self, group: FocusGroup) -> list[Asset]:
        """The session's stimuli in their order."""
        return self._store.assets.listed(group)

    @reads(focus_group)
    def plan(self, group: FocusGroup) -> tuple[StimulusPlan, tuple[str, ...]]:
        """The stimuli at questions, in this group's order; of a draft as it would begin now.

        Returns:
            The plan, and for a draft a sentence for each name in its guide that does not mean one stimulus.
        """
        return placed_so_far(group, self._store.focus_groups)

    @reads(focus_group, sums=True)
    def sees_pictures(self, group: FocusGroup) -> bool:
        """True where the session's model takes pictures; for another, each has to be described in words."""
        return self._gateway.catalogue.sees(group.model)

    @reads(asset)
    def get(self, asset: Asset) -> Asset:
        """The stimulus, without its content."""
        return asset

    @reads(asset)
    def text(self, asset: Asset) -> str:
        """All that was read of a document; empty for a picture."""
        return self._store.assets.text(asset.id)

    @reads(asset)
    def shown_text(self, asset: Asset) -> str:
        """The part that every participant is shown with every question: the whole, or an extract by the session's topic."""
        group = self._store.focus_groups.get(asset.focus_group_id)
        found = as_shown(self._store.assets.of(group), group.heard_topic, "", self._store.assets)
        return next(shown.text for shown in found if shown.name == asset.name)

    @reads(asset)
    def original(self, asset: Asset) -> bytes:
        """The file: a document as it was given, a picture upright and with nothing but its pixels."""
        return self._store.assets.original(asset.id)

    @changes(asset, "Described a stimulus", action="describe_stimulus")
    def describe(self, asset: Asset, description: str, base: Asset | int | None = None) -> Asset:
        """Puts a picture into words, for models that do not see.

        base: the picture as it was read, or its version: raises `EditConflict` where somebody described it since then.
        """
        assets, asset_id = self._store.assets, asset.id
        wanted, called = {"description": checked_description(asset, description)}, {"description": "the description"}

        def write(asset: Asset, changed: Collection[str]) -> bool:
            return assets.replace(replace(asset, described_by=""), (*changed, "described_by"))

        self._edited(asset, lambda: assets.get(asset_id), write, wanted, base, called)
        return assets.get(asset_id)

    @changes(asset, "Showed a stimulus with the next question", action="show_next_stimulus")
    def show_next(self, asset: Asset) -> None:
        """Shows a stimulus with the next message of a session that is moderated, instead of at its question of the guide."""
        if not self._store.focus_groups.placed.show_next(asset):
            raise InvalidInput(
                "This stimulus comes with the next question already, or was shown, or the session is not being moderated."
            )

    @changes(asset, "Removed a stimulus", action="remove_stimulus")
    def remove(self, asset: Asset) -> None:
        """Takes away what was not shown yet; raises `InvalidInput` for what was, because answers speak of it."""
        if not self._store.assets.remove(asset, self._clock()):
            raise InvalidInput(
                "Participants have already seen this, or the discussion is running, so it cannot be removed."
            )
