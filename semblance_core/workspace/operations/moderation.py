"""Operations of a moderator who steers: discussions between questions, changes to the guide, follow-ups, whispers."""

from collections.abc import Callable
from dataclasses import replace

from semblance_core.analysis.text import normalised
from semblance_core.conversation.hybrid import waiting_whispers
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.moderation.guide_change import (
    MOST_CHANGES,
    ChangeKind,
    GuideChange,
    moved_plan,
    with_inserted,
    without_question,
)
from semblance_core.domain.discussion.moderation.whisper import MOST_WAITING, MOST_WHISPERS, Whisper, checked_whisper
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks import suggest
from semblance_core.engine.tasks.stored import request_of, result_of, to_stored
from semblance_core.flows.discussion.discussing import check_discussable, let_discuss
from semblance_core.flows.discussion.suggest import check_suggestable
from semblance_core.flows.queued import check_askable, enqueue_discussion
from semblance_core.flows.simulated import check_words
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_session, room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import discussing_estimate, steering_estimate, suggesting_estimate
from semblance_core.workspace.posting import posted
from semblance_core.workspace.subjects import focus_group, focus_group_id

TRIES = 20
RUNNING = "The discussion is running by itself; pause it first."
Changed = tuple[Guide, StimulusPlan | None, str]
"""The guide and plan after a change, and the question that it is about."""


class Moderation(Operations):
    @changes(focus_group, "Let participants discuss a question", action="let_discuss")
    def let_discuss(self, group: FocusGroup, turns: int = 6) -> FocusGroup:
        """Lets participants discuss the question at hand among themselves; then it is the moderator's turn again.

        Args:
            group: the session; callers hand over its id.
            turns: 1–40.

        Returns:
            The session, in which they discuss, or will as soon as those have answered who are asked now.

        Raises:
            Conflict: the session runs along its guide, or too much runs or waits.
            InvalidInput: nothing was asked yet, one participant alone, or another number of turns.
            QuotaExceeded: nothing of the owner's quota is left.
        """
        groups = self._store.focus_groups
        check_discussable(group, turns)
        if group.is_busy and (group.is_discussing or group.state is FocusGroupState.MODERATED):
            if enqueue_discussion(group, self._actor, turns, groups, self._clock()):
                return groups.get(group.id)
            group = groups.get(group.id)
        if group.state is FocusGroupState.AUTONOMOUS:
            raise Conflict(RUNNING)
        check_askable(group, self._actor, self._store, self._gateway, self._clock())
        estimate = discussing_estimate(self._context, group, turns)
        group = replace(let_discuss(group, turns, groups), estimate=estimate)
        with room_for_session(self._context, group):
            if not groups.start(group, self._clock()):
                raise Conflict("The participants are answering, or somebody changed the session just now. Try again.")
        self._context.engine.submit("focus_group", group.id)
        return groups.get(group.id)

    @changes(focus_group, "Skipped a question of the guide", action="skip_question")
    def skip(self, group: FocusGroup, text: str) -> FocusGroup:
        """Takes a question that is still to come out of the guide; the session keeps on record that it was skipped.

        Args:
            group: the session; callers hand over its id.
            text: the question's words, so that nothing is skipped twice.

        Raises:
            Conflict: it is not to come any more, or the session runs along its guide or has not begun.
        """

        def skipped(now: FocusGroup) -> Changed | None:
            to_come = enumerate(now.guide.questions[now.next_question :], start=now.next_question)
            at = next((at for at, question in to_come if normalised(question) == normalised(text)), None)
            if at is None:
                raise Conflict("This question is not among those still to come: it was asked or skipped already.")
            own = now.guide.questions[at]
            return without_question(now.guide, at), moved_plan(now.stimulus_plan, at, -1), own

        return self._changed(group, ChangeKind.SKIPPED, skipped)

    @changes(focus_group, "Inserted a question into the guide", action="insert_question")
    def insert(self, group: FocusGroup, text: str) -> FocusGroup:
        """Makes this the guide's next question; the session keeps on record that it was inserted.

        Args:
            group: the session; callers hand over its id.
            text: the question, of at most 500 characters. One that comes next already is not inserted again.

        Raises:
            Conflict: the session runs along its guide, or has not begun.
            InvalidInput: the question is empty or too long, the simulator cannot read it, or the guide is full.
        """
        check_words(group, text)

        def inserted(now: FocusGroup) -> Changed | None:
            at = now.next_question
            if now.guide.questions[at : at + 1] and normalised(now.guide.questions[at]) == normalised(text):
                return None
            return with_inserted(now.guide, at, text), moved_plan(now.stimulus_plan, at, 1), " ".join(text.split())

        return self._changed(group, ChangeKind.INSERTED, inserted)

    @changes(focus_group, "Went back to a question of the guide", action="go_back")
    def go_back(
        self, group: FocusGroup, question: int, to: list[str] | None = None, *, in_turn: bool = False
    ) -> FocusGroup:
        """Puts a question again that was put before. What comes next in the guide stays the same.

        Args:
            group: the session; callers hand over its id.
            question: its index in the guide.
            to: ids of those who are asked; None asks everyone.
            in_turn: they answer one after the other, and hear the answers before theirs.

        Raises:
            InvalidInput: it was not put yet. Besides, all that `Sessions.post` raises; while others answer it waits.
        """
        if not 0 <= question < group.next_question or question >= len(group.guide.questions):
            raise InvalidInput("One can go back only to a question that was asked before.")
        text = group.guide.questions[question]
        return posted(self._context, self._actor, group, text, to, queues=True, question=question, in_turn=in_turn)

    @changes(focus_group, "Asked for suggested follow-ups", action="suggest_follow_ups")
    def suggest(self, group: FocusGroup, *, again: bool = False) -> Task:
        """Begins to think of three follow-ups to what was said: one call.

        Args:
            group: the session; callers hand over its id.
            again: asks for others, where there are some for all that was said already.

        Returns:
            The task, or the one that does or did the same.

        Raises:
            InvalidInput: nobody has answered yet.
            QuotaExceeded: nothing of the owner's quota is left.
        """
        exclusive, last = f"{suggest.KIND}/{group.id}", group.next_seq - 1

        def done() -> Task | None:
            newest = self._store.tasks.newest(suggest.KIND, focus_group_id=group.id)
            if again or newest is None or newest.state is not TaskState.DONE:
                return None
            return newest if request_of(suggest.Request, newest).through_seq == last else None

        if there := self._store.tasks.doing(exclusive) or done():
            return there
        check_suggestable(self._store.focus_groups.messages(group.id, first=group.course.window_from))
        owner_id = self._found.owner_id or ""
        self._check_quota(owner_id, group.model)
        request, estimate = to_stored(suggest.Request(group.id, last)), suggesting_estimate(self._context, group)
        task = Task(new_id(), suggest.KIND, owner_id, group.project_id, request, self._clock(), estimate=estimate)
        with room_for_task(self._context, owner_id, task.kind, exclusive):
            return self._context.begin(replace(task, exclusive=exclusive), done)

    @reads(focus_group_id)
    def newest_suggestions(self, group_id: str) -> Task | None:
        """The newest task that suggests follow-ups, or None where there was none."""
        return self._store.tasks.newest(suggest.KIND, focus_group_id=group_id)

    @reads(focus_group)
    def suggestions(self, group: FocusGroup) -> tuple[str, ...]:
        """The follow-ups that were suggested for all that was said; empty where somebody has spoken since, or there are none."""
        task = self._store.tasks.newest(suggest.KIND, focus_group_id=group.id)
        if task is None or task.state is not TaskState.DONE:
            return ()
        is_current = request_of(suggest.Request, task).through_seq == group.next_seq - 1
        return result_of(suggest.Result, task).questions if is_current else ()

    @changes(focus_group, "Whispered to a moderator", action="whisper")
    def whisper(self, group: FocusGroup, text: str) -> FocusGroup:
        """Tells the moderator of a running discussion what to steer to. The moderator speaks next; participants never read it.

        Raises:
            Conflict: no moderator runs the discussion, or 50 whispers were sent, or five wait.
            InvalidInput: it is empty or longer than 500 characters.
        """
        words, groups = checked_whisper(text), self._store.focus_groups
        if len(waiting_whispers(group)) >= MOST_WAITING:
            raise Conflict(f"{MOST_WAITING} whispers wait for the moderator. Wait until they were taken up.")
        whisper = Whisper(self._actor.id, self._actor.name, words, self._clock(), group.next_seq - 1)
        if not groups.running.whisper(group.id, whisper):
            if len(groups.get(group.id).whispers) >= MOST_WHISPERS:
                raise Conflict(f"A session takes {MOST_WHISPERS} whispers, and they were sent.")
            raise Conflict("No moderator runs this discussion now. Ask the participants yourself.")
        return groups.get(group.id)

    @reads(focus_group, sums=True)
    def estimate_discussing(self, group: FocusGroup, turns: int = 6) -> Estimate:
        """Forecasts the use of so many turns between questions."""
        return discussing_estimate(self._context, group, turns)

    @reads(focus_group, sums=True)
    def estimate_suggesting(self, group: FocusGroup) -> Estimate:
        """Forecasts the use of three follow-ups."""
        return suggesting_estimate(self._context, group)

    @reads(focus_group, sums=True)
    def estimate_whisper(self, group: FocusGroup) -> Estimate:
        """Forecasts the use of a whisper: the moderator's call, and the turns that the question may bring besides."""
        return steering_estimate(self._context, group)

    def _changed(
        self, group: FocusGroup, kind: ChangeKind, change: Callable[[FocusGroup], Changed | None]
    ) -> FocusGroup:
        """Writes a change to what is to come, again where somebody spoke in between."""
        for _ in range(TRIES):
            if group.state is FocusGroupState.DRAFT:
                raise Conflict("This session has not begun; change the guide in its set-up.")
            if not group.takes_questions:
                raise InvalidInput("This session has ended.")
            if group.state is FocusGroupState.AUTONOMOUS and not group.is_discussing:
                raise Conflict(RUNNING)
            if len(group.guide_changes) >= MOST_CHANGES:
                raise Conflict(f"A session takes {MOST_CHANGES} changes to its guide, and they were made.")
            made = change(group)
            if made is None:
                return group
            guide, plan, question = made
            actor, at = self._actor, self._clock()
            note = GuideChange(kind, question, actor.id, actor.name, at, group.next_seq - 1)
            if after := self._store.focus_groups.guide_changes.write(group, guide, plan, note):
                return after
            group = self._store.focus_groups.get(group.id)
        raise Conflict("The session is changing all the time. Try again.")
