"""Operations on interview rounds: what one would cost, beginning it, reading it side by side, themes across all, deleting it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from semblance_core import prompts
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.interviews import (
    MOST_INTERVIEWS,
    Interviewee,
    InterviewRound,
    RoundConfig,
    RoundProgress,
)
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import Task
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import Spent
from semblance_core.engine.tasks.analyse_interviews import KIND, Request
from semblance_core.engine.tasks.stored import fingerprint_of, to_stored
from semblance_core.flows.delete import delete_round
from semblance_core.flows.interviews import as_one, drafted_round
from semblance_core.flows.simulated import TALK_READ, check_talk
from semblance_core.reports.interviews import HeldRound, Interview, may_go_on
from semblance_core.store.codec import to_document
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_sessions, room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import analysis_estimate, discussion_estimate, interviews_estimate
from semblance_core.workspace.starting import let_run
from semblance_core.workspace.subjects import interview_round, interview_round_id, project

SAME_REQUEST = timedelta(seconds=60)
"""The same request within this time is a second click, also where nothing of the first goes on."""


class Interviews(Operations):
    @reads(project)
    def of_project(self, project: Project) -> list[InterviewRound]:
        """The project's rounds, newest first."""
        return self._store.interviews.of_project(project.id)

    @reads(project, sums=True)
    def progress(self, project: Project) -> dict[str, RoundProgress]:
        """The state of each of the project's rounds, by its id."""
        return self._store.interviews.progress(project.id)

    @reads(project, sums=True)
    def estimate(
        self, project: Project, wanted_round: RoundConfig, persona_ids: Sequence[str] | None = None
    ) -> Estimate:
        """Forecasts the use of all interviews of such a round together; raises `InvalidInput` as `start` does."""
        _, groups = self._drafted(project, wanted_round, persona_ids)
        return interviews_estimate(self._context, groups, groups[0].model)

    @changes(project, "Began an interview round", action="begin_interviews")
    def start(
        self, project: Project, wanted_round: RoundConfig, persona_ids: Sequence[str] | None = None
    ) -> InterviewRound:
        """Interviews each of these personas alone, all at once: the same guide in a session of each one's own.

        Where a model moderates, all interviews run; where a person does, each waits for its first question in its session. Where
        the very same round was begun within the last minute or still runs, nothing is begun and that one is returned.

        Args:
            project: the project; callers hand over its id.
            wanted_round: guide, model, who moderates and how far answers are followed up.
            persona_ids: who is interviewed; None for all of the project's personas. They are kept as they are now.

        Returns:
            The round.

        Raises:
            InvalidInput: the guide, the personas or the model cannot be used.
            QuotaExceeded: nothing of the project owner's quota is left.
            Conflict: too many sessions of the owner are running.
        """
        held, groups = self._drafted(project, wanted_round, persona_ids)
        self._check_quota(project.owner_id, held.model)
        asked = {"round": to_document(wanted_round), "model": held.model, "people": [p.persona_id for p in held.people]}
        held = replace(held, request=fingerprint_of(asked))
        if not held.by_person:
            held = replace(held, estimate=interviews_estimate(self._context, groups, held.model))
            groups = [self._running(group) for group in groups]
        with room_for_sessions(self._context, project.owner_id, 0 if held.by_person else len(groups)) as check:
            if there := self._asked(held):
                return there
            check()
            self._store.interviews.add(held, groups)
        for group in groups if not held.by_person else ():
            self._context.engine.submit("focus_group", group.id)
        return held

    @reads(interview_round)
    def get(self, held: InterviewRound) -> InterviewRound:
        """The round as it was begun."""
        return held

    @reads(interview_round)
    def held(self, held: InterviewRound) -> HeldRound:
        """The round with every interview as it is now, from which answers side by side and files are made."""
        groups = {group.id: group for group in self._store.interviews.sessions(held)}
        return HeldRound(held, tuple(self._interview(each, groups.get(each.session_id)) for each in held.people))

    @reads(interview_round, sums=True)
    def spent(self, held: InterviewRound) -> Spent:
        """The tokens and cost of all interviews so far; what is found across them is not among it."""
        return self._store.usage.spent(focus_group_id=held.session_ids)

    @changes(interview_round, "Stopped all interviews of a round", action="stop_interviews")
    def stop_all(self, held: InterviewRound) -> int:
        """Stops every interview that runs; an answer that comes late is discarded, its cost kept. Returns how many were stopped."""
        ids, groups = self._store.interviews.session_ids(held.id), self._store.focus_groups
        return sum(groups.stop(each, self._clock(), reason="stopped") for each in ids)

    @changes(interview_round, "Let all interviews of a round go on", action="continue_interviews")
    def continue_all(self, held: InterviewRound) -> int:
        """Lets the model go on with every interview that is not over and does not run. Returns how many that is.

        Raises what `sessions.start` raises for the first one that cannot; those before it run.
        """
        waiting = [group for group in self._store.interviews.sessions(held) if may_go_on(group)]
        for group in waiting:
            let_run(self._context, self._actor, group)
        return len(waiting)

    @reads(interview_round, sums=True)
    def estimate_themes(self, held: InterviewRound) -> Estimate:
        """Forecasts the use of finding themes in all that was said so far."""
        return analysis_estimate(self._context, as_one(held, self._store.interviews.sessions(held)))

    @changes(interview_round, "Began an analysis of an interview round", action="analyse_interviews")
    def find_themes(self, held: InterviewRound, *, again: bool = False) -> Task:
        """Begins to find themes across all interviews; each quote names its interview and message.

        Nobody pays twice for one analysis: where it is under way, or there is one already of all that was said, by the same model
        and prompts, nothing is begun and its task is returned. again: makes another one all the same.

        Raises:
            InvalidInput: nobody has answered yet, or the simulator cannot read what was said.
            QuotaExceeded: nothing of the owner's quota is left.
            Conflict: too much of the owner's work is under way.
        """
        exclusive = f"{KIND}/{held.id}"
        whole = as_one(held, self._store.interviews.sessions(held))
        model = self._context.defaults.analysis_of(held.model)

        def analysed() -> Task | None:
            return None if again else self._analysed(held, model)

        if there := self._store.tasks.doing(exclusive) or analysed():
            return there
        said = [message for each in held.session_ids for message in self._store.focus_groups.messages(each)]
        if not any(message.role == "persona" and message.text for message in said):
            raise InvalidInput("Nobody has answered yet, so there are no themes to find.")
        check_talk(model, said[-TALK_READ:])
        owner_id = self._found.owner_id or ""
        self._check_quota(owner_id, model)
        request, estimate = to_stored(Request(held.id, model)), analysis_estimate(self._context, whole)
        task = Task(new_id(), KIND, owner_id, held.project_id, request, self._clock(), estimate=estimate)
        with room_for_task(self._context, owner_id, KIND, exclusive):
            return self._context.begin(replace(task, exclusive=exclusive), analysed)

    @reads(interview_round_id, sums=True)
    def newest_task(self, round_id: str) -> Task | None:
        """The newest task that finds themes across this round, or None where there was none."""
        return self._store.tasks.newest(KIND, round_id=round_id)

    @reads(interview_round_id)
    def themes(self, round_id: str) -> Findings | None:
        """The newest themes across all interviews, or None before the first analysis."""
        return self._store.themes.newest(round_id)

    @changes(interview_round_id, "Deleted an interview round", action="delete_interviews")
    def delete(self, round_id: str) -> None:
        """Ends all interviews of a round and removes it with them and its themes. What it cost stays on record."""
        delete_round(self._store, round_id, self._clock)

    def _drafted(
        self, project: Project, config: RoundConfig, persona_ids: Sequence[str] | None
    ) -> tuple[InterviewRound, list[FocusGroup]]:
        people = self._people(project, persona_ids)
        model = self._context.known_model(config.model)
        return drafted_round(config, people, model, project.id, project.owner_id, self._clock())

    def _people(self, project: Project, persona_ids: Sequence[str] | None) -> list[Persona]:
        personas = self._store.personas
        found = personas.of_project(project.id) if persona_ids is None else personas.some(project.id, persona_ids)
        if len(found) > MOST_INTERVIEWS:
            raise InvalidInput(
                f"A round interviews at most {MOST_INTERVIEWS} personas, not {len(found):,}; choose some."
            )
        return found

    def _running(self, group: FocusGroup) -> FocusGroup:
        estimate = discussion_estimate(self._context, group)
        return replace(group, state=FocusGroupState.AUTONOMOUS, estimate=estimate)

    def _asked(self, held: InterviewRound) -> InterviewRound | None:
        """The round that the same request began a moment ago, or that still runs."""
        there = self._store.interviews.asked(held.project_id, held.request)
        if there is None:
            return None
        is_new = held.created_at - there.created_at < SAME_REQUEST
        return there if is_new or self._store.interviews.is_busy(there.id) else None

    def _interview(self, person: Interviewee, group: FocusGroup | None) -> Interview:
        messages = tuple(self._store.focus_groups.messages(group.id)) if group else ()
        return Interview(person, group, messages)

    def _analysed(self, held: InterviewRound, model: str) -> Task | None:
        """The task of the newest analysis, where another one would read the same."""
        newest = self._store.themes.newest(held.id)
        if newest is None or (newest.model, newest.prompts_version) != (model, prompts.version()):
            return None
        read = {each.session_id: each.through_seq for each in newest.sessions}
        now = {group.id: group.next_seq - 1 for group in self._store.interviews.sessions(held) if group.next_seq > 1}
        return self._store.tasks.find(newest.analysis_id) if read == now else None
