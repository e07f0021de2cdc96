"""Operations on findings: finding themes in a session, reading them, editing them."""

from collections.abc import Collection
from dataclasses import replace

from semblance_core import prompts
from semblance_core.analysis.agreement.analyses import Recurrence, TwoAnalyses, compared, recurrence
from semblance_core.analysis.grounding import exact_quote
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.findings.theme_edits import AddQuote, Change, CutSentences, RewriteSummary
from semblance_core.domain.task import Task
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks.analyse import Request
from semblance_core.engine.tasks.stored import to_stored
from semblance_core.flows.simulated import TALK_READ, check_talk
from semblance_core.reports.deliverables.content import ALL_PARTS, Part
from semblance_core.reports.deliverables.kinds import FileKind, MadeFile, made_file
from semblance_core.reports.deliverables.making import CodedMaterial, Material
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import analysis_estimate
from semblance_core.workspace.subjects import focus_group, focus_group_id

MOST_OTHERS, MOST_UNRELATED = 5, 20
"""Analyses that a theme is looked for in, and analyses of other sessions that show how alike unrelated themes are."""


class SessionFindings(Operations):
    @reads(focus_group, sums=True)
    def estimate(self, group: FocusGroup) -> Estimate:
        """Forecasts the use of finding themes in the messages so far."""
        return analysis_estimate(self._context, group)

    @changes(focus_group, "Began an analysis", action="analyse")
    def analyse(self, group: FocusGroup, *, again: bool = False, seen: str = "") -> Task:
        """Begins to find themes. Earlier analyses stay, with their edits.

        Nobody pays twice for one analysis: where it is under way, or there is one already of all that was said, by the same model
        and prompts, nothing is begun.

        Args:
            group: the session; callers hand over its id.
            again: makes another analysis all the same.
            seen: the id of the newest analysis that the caller knows of; another one is made unless somebody else has made one
                since.

        Returns:
            The task, which tells how far it is; that of the same analysis where there is one.

        Raises:
            InvalidInput: the simulator cannot read what was said.
            QuotaExceeded: nothing of the owner's quota is left.
            Conflict: too much of the owner's work is under way.
        """
        exclusive = f"analyse/{group.id}"

        def analysed() -> Task | None:
            return None if again else self._analysed(group, seen)

        if there := self._store.tasks.doing(exclusive) or analysed():
            return there
        owner_id = self._found.owner_id or ""
        model = self._context.defaults.analysis_of(group.model)
        check_talk(model, self._store.focus_groups.messages(group.id, first=max(1, group.next_seq - TALK_READ)))
        self._check_quota(owner_id, model)
        request, estimate = to_stored(Request(group.id, model)), analysis_estimate(self._context, group)
        task = Task(new_id(), "analyse", owner_id, group.project_id, request, self._clock(), estimate=estimate)
        with room_for_task(self._context, owner_id, task.kind, exclusive):
            return self._context.begin(replace(task, exclusive=exclusive), analysed)

    @changes(focus_group, "Decided whether themes are found when a session ends", action="themes_at_end")
    def at_end(self, group: FocusGroup, on: bool) -> None:
        """Has themes found by themselves once the session ends, by the model that analyses now; `on` false takes that back."""
        self._store.themes_due.set(group.id, self._context.defaults.analysis_of(group.model) if on else "")

    @reads(focus_group_id, sums=True)
    def newest_task(self, group_id: str) -> Task | None:
        """The session's newest analysis task, or None where there was none."""
        return self._store.tasks.newest("analyse", focus_group_id=group_id)

    @reads(focus_group_id)
    def get(self, group_id: str, analysis_id: str = "", version: int | None = None) -> Findings | None:
        """The newest themes and summary as they were last edited, or None before the first analysis.

        analysis_id: another analysis of this session than the newest; version: of that analysis, where 0 is what the model
        found. Raises `NotFound` for one that there is not.
        """
        if analysis_id:
            return self._store.themes.get(group_id, analysis_id, version)
        return self._store.themes.newest(group_id)

    @reads(focus_group_id)
    def analyses(self, group_id: str) -> list[Findings]:
        """All analyses as they were last edited, newest first; without their codes."""
        return self._store.themes.analyses(group_id)

    @reads(focus_group)
    def file(
        self,
        group: FocusGroup,
        kind: FileKind,
        parts: Collection[Part] = ALL_PARTS,
        *,
        analysis_id: str = "",
        survey_id: str = "",
    ) -> MadeFile:
        """Makes a file to hand over: a deck, a report, a workbook, a transcript.

        Args:
            group: the session; callers hand over its id.
            kind: which file.
            parts: the sections of it; title, notice and method card it always has.
            analysis_id: whose themes; empty for the newest ones, as they were last edited.
            survey_id: a survey of the same project whose results stand beside the session; empty for none.

        Raises:
            NotFound: this project has no such survey, or the session no such analysis.
        """
        store, survey = self._store, None
        if survey_id:
            found = store.surveys.get(survey_id)
            if found.project_id != group.project_id:
                raise NotFound("This project has no such survey.")
            given = tuple(store.surveys.answers(survey_id))
            survey = AnsweredSurvey(found, found.read(), tuple(store.surveys.respondents(survey_id)), given)
        themes = store.themes
        material = Material(
            group,
            store.focus_groups.messages(group.id),
            themes.get(group.id, analysis_id) if analysis_id else themes.newest(group.id),
            [event.for_researchers() for event in store.usage.events(focus_group_id=group.id)],
            survey,
            self._coded(group) if kind in (FileKind.QDPX, FileKind.CODINGS_CSV) else CodedMaterial(),
        )
        return made_file(kind, material, parts, store.projects.get(group.project_id).accent)

    @reads(focus_group)
    def agreement(self, group: FocusGroup, analysis_id: str, other_id: str) -> TwoAnalyses:
        """Compares two analyses of the session as they were last edited: themes found by both, and agreement turn by turn.

        Raises `NotFound` for an analysis that there is not.
        """
        first, second = (self._store.themes.get(group.id, each) for each in (analysis_id, other_id))
        return compared(first, second, self._turns(group.id), self._unrelated(group))

    @reads(focus_group)
    def recurrence(self, group: FocusGroup, analysis_id: str) -> Recurrence:
        """Counts in how many other analyses of the same transcript, of the newest few, each theme was found again.

        Raises `NotFound` for an analysis that there is not.
        """
        findings = self._store.themes.get(group.id, analysis_id)
        others = [each for each in self._store.themes.analyses(group.id) if each.analysis_id != analysis_id]
        return recurrence(findings, others[:MOST_OTHERS], self._turns(group.id), self._unrelated(group))

    @changes(focus_group_id, "Edited themes", action="edit_themes")
    def edit(self, group_id: str, analysis_id: str, version: int, change: Change) -> Findings:
        """Changes the themes that are in this version; raises `Conflict` where somebody changed them meanwhile.

        A quote that is added has to stand in the message that it cites: `InvalidInput` otherwise.
        """
        before = self._unchanged(group_id, analysis_id, version)
        if isinstance(change, AddQuote):
            change = replace(change, verbatim=self._grounded(group_id, change.verbatim))
        now, written = before.version + 1, before.summary_at if before.is_edited else 0
        cuts = isinstance(change, CutSentences) and change.at is None and not before.summary_is_outdated
        summary_at = now if isinstance(change, RewriteSummary) or cuts else written
        return self._save(replace(change.of(before), same_as=now, summary_at=summary_at), change.words)

    @changes(focus_group_id, "Restored an earlier version of themes", action="restore_themes")
    def restore(self, group_id: str, analysis_id: str, version: int, back_to: int) -> Findings:
        """Makes an earlier version of the themes the newest again, 0 for what the model found.

        It is one more version, so it can be undone too. Raises `Conflict` where somebody changed them meanwhile.
        """
        before = self._unchanged(group_id, analysis_id, version)
        if not 0 <= back_to < before.version:
            raise InvalidInput("There is no earlier version to go back to.")
        earlier = self._store.themes.get(group_id, analysis_id, back_to)
        words = f"went back to version {back_to}" if back_to else "went back to what the model found"
        after = replace(before, themes=earlier.themes, summary=earlier.summary, same_as=earlier.same_as)
        return self._save(replace(after, summary_at=earlier.summary_at), words)

    def _analysed(self, group: FocusGroup, seen: str) -> Task | None:
        """The task of the newest analysis, where another one would read the same and was not asked for knowing of it."""
        newest = self._store.themes.newest(group.id)
        if newest is None or newest.analysis_id == seen:
            return None
        same = (newest.through_seq, newest.model, newest.prompts_version)
        if same != (group.next_seq - 1, self._context.defaults.analysis_of(group.model), prompts.version()):
            return None
        task = self._store.tasks.find(newest.analysis_id)
        if task is None or self._store.transcripts.is_changed_since(group.id, task.created_at):
            return None
        return task

    def _coded(self, group: FocusGroup) -> CodedMaterial:
        codings, project_id = self._store.codings, group.project_id
        memos = [*codings.memos(project_id, group.id), *codings.memos(project_id, "")]
        return CodedMaterial(codings.codes(project_id), codings.of_session(group.id), memos)

    def _turns(self, group_id: str) -> list[int]:
        """The numbers of the participants' messages."""
        return self._store.transcripts.spoken(group_id)

    def _unrelated(self, group: FocusGroup) -> list[tuple[Theme, ...]]:
        """Themes of other sessions of the project, by session."""
        by_session = {each.focus_group_id: each.themes for each in self._store.themes.unrelated(group, MOST_UNRELATED)}
        return [themes for themes in by_session.values() if themes]

    def _unchanged(self, group_id: str, analysis_id: str, version: int) -> Findings:
        found = self._store.themes.get(group_id, analysis_id)
        if found.version != version:
            raise Conflict(_changed_by(found))
        return found

    def _save(self, findings: Findings, words: str) -> Findings:
        me = self._actor
        after = replace(
            findings, version=findings.version + 1, edited_by=me.id, editor=me.name, edited_at=self._clock(), edit=words
        )
        if not self._store.themes.add_version(after):
            raise Conflict(_changed_by(self._store.themes.get(after.focus_group_id, after.analysis_id)))
        return self._store.themes.get(after.focus_group_id, after.analysis_id, after.version)

    def _grounded(self, group_id: str, verbatim: Verbatim) -> Verbatim:
        cited = self._store.focus_groups.messages(group_id, first=verbatim.seq, last=verbatim.seq)
        return exact_quote(verbatim, {message.seq: message for message in cited})


def _changed_by(now: Findings) -> str:
    return (
        f"{now.editor or 'Somebody'} changed these themes meanwhile ({now.edit or 'an edit'}), so nothing was changed now. "
        "Close this and look at them as they are."
    )
