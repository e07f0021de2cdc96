"""Operations on what a session brought: finding themes, reading them, editing them."""

from dataclasses import replace

from semblance_core import prompts
from semblance_core.analysis.grounding import exact_quote
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.task import Task
from semblance_core.domain.theme import Findings, Verbatim
from semblance_core.domain.theme_edits import AddQuote, Change
from semblance_core.engine.tasks import analyse_request
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import of_focus_group, operation
from semblance_core.workspace.estimates import Estimates


class SessionFindings(Estimates):
    @operation(of_focus_group)
    def analyse(self, group_id: str, *, again: bool = False, seen: str = "") -> Task:
        """Begins to find themes; its task tells how far it is. Earlier analyses stay, with what was edited in them.

        Nobody pays twice for one analysis: where it is under way, or there is one already of all that was said, by the same model
        and prompts, the task of that one is returned. again: makes another one all the same. seen: the id of the newest analysis
        that whoever asks knows of, which makes another one unless somebody else has made one since.
        """
        group = self.store.focus_groups.get(group_id)
        exclusive = f"analyse/{group_id}"

        def analysed() -> Task | None:
            return None if again else self._analysed(group, seen)

        if there := self.store.tasks.doing(exclusive) or analysed():
            return there
        owner_id = self.store.focus_groups.owner_of(group_id)
        self._check_quota(owner_id, group.model)
        request, estimate = analyse_request(group_id), self.estimate_analysis(group_id)
        task = Task(new_id(), "analyse", owner_id, group.project_id, request, self.clock(), estimate=estimate)
        with self._room_for_task(owner_id, task.kind, exclusive):
            return self._begun(replace(task, exclusive=exclusive), analysed)

    def _analysed(self, group: FocusGroup, seen: str) -> Task | None:
        """The task of the newest analysis, where another one would read the same and was not asked for knowing of it."""
        newest = self.store.themes.newest(group.id)
        if newest is None or newest.analysis_id == seen:
            return None
        same = (newest.through_seq, newest.model, newest.prompts_version)
        if same != (group.next_seq - 1, group.model, prompts.version()):
            return None
        task = self.store.tasks.find(newest.analysis_id)
        if task is None or self.store.transcripts.is_changed_since(group.id, task.created_at):
            return None
        return task

    @operation(of_focus_group)
    def analysis_under_way(self, group_id: str) -> Task | None:
        """The session's newest analysis task, or None where there was none."""
        return self.store.tasks.newest("analyse", focus_group_id=group_id)

    @operation(of_focus_group)
    def findings(self, group_id: str, analysis_id: str = "", version: int | None = None) -> Findings | None:
        """The newest themes and summary as they were last edited, or None before the first analysis.

        analysis_id: another analysis of this session than the newest; version: of that analysis, where 0 is what the model
        found. Raises `NotFound` for one that there is not.
        """
        if analysis_id:
            return self.store.themes.get(group_id, analysis_id, version)
        return self.store.themes.newest(group_id)

    @operation(of_focus_group)
    def analyses(self, group_id: str) -> list[Findings]:
        """All analyses as they were last edited, newest first; without their codes."""
        return self.store.themes.analyses(group_id)

    @operation(of_focus_group)
    def edit_themes(self, group_id: str, analysis_id: str, version: int, change: Change) -> Findings:
        """Changes the themes that are in this version; raises `Conflict` where somebody changed them meanwhile.

        A quote that is added has to stand in the message that it cites: `InvalidInput` otherwise.
        """
        before = self._unchanged(group_id, analysis_id, version)
        if isinstance(change, AddQuote):
            change = replace(change, verbatim=self._grounded(group_id, change.verbatim))
        return self._save(replace(change.of(before), same_as=before.version + 1), change.words)

    @operation(of_focus_group)
    def restore_themes(self, group_id: str, analysis_id: str, version: int, back_to: int) -> Findings:
        """Makes an earlier version of the themes the newest again, 0 for what the model found.

        It is one more version, so it can be undone too. Raises `Conflict` where somebody changed them meanwhile.
        """
        before = self._unchanged(group_id, analysis_id, version)
        if not 0 <= back_to < before.version:
            raise InvalidInput("There is no earlier version to go back to.")
        earlier = self.store.themes.get(group_id, analysis_id, back_to)
        words = f"went back to version {back_to}" if back_to else "went back to what the model found"
        after = replace(before, themes=earlier.themes, summary=earlier.summary, same_as=earlier.same_as)
        return self._save(after, words)

    def _unchanged(self, group_id: str, analysis_id: str, version: int) -> Findings:
        found = self.store.themes.get(group_id, analysis_id)
        if found.version != version:
            raise Conflict(_changed_by(found))
        return found

    def _save(self, findings: Findings, words: str) -> Findings:
        me = self._actor()
        after = replace(
            findings, version=findings.version + 1, edited_by=me.id, editor=me.name, edited_at=self.clock(), edit=words
        )
        if not self.store.themes.add_version(after):
            raise Conflict(_changed_by(self.store.themes.get(after.focus_group_id, after.analysis_id)))
        return self.store.themes.get(after.focus_group_id, after.analysis_id, after.version)

    def _grounded(self, group_id: str, verbatim: Verbatim) -> Verbatim:
        cited = self.store.focus_groups.messages(group_id, first=verbatim.seq, last=verbatim.seq)
        return exact_quote(verbatim, {message.seq: message for message in cited})


def _changed_by(now: Findings) -> str:
    return (
        f"{now.editor or 'Somebody'} changed these themes meanwhile ({now.edit or 'an edit'}), so nothing was changed now. "
        "Close this and look at them as they are."
    )
