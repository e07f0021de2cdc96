"""Operations on tasks: work that outlives the request that began it."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.errors import Conflict
from semblance_core.domain.task import ATTACH, Task, TaskState
from semblance_core.domain.usage.events import Spent
from semblance_core.engine.tasks import analyse, analyse_interviews, code_session, example, recruit, suggest, survey
from semblance_core.engine.tasks.stored import request_of
from semblance_core.flows.delete import delete_task
from semblance_core.store.store import Store
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.news import EndedWork, WorkNews
from semblance_core.workspace.subjects import project, signed_in, task, task_id

WRITTEN_WITHIN = timedelta(seconds=60)


class Tasks(Operations):
    @reads(task_id, sums=True)
    def spent(self, task_id: str) -> Spent:
        """The tokens and cost of the task's calls so far."""
        return self._store.usage.spent(task_id=task_id)

    @reads(project)
    def of_project(self, project: Project, kinds: Sequence[str] = ()) -> list[Task]:
        """The project's newest tasks, or those of these kinds, newest first."""
        return self._store.tasks.of_project(project.id, kinds)

    @reads(signed_in)
    def mine(self) -> list[Task]:
        """The actor's tasks of all projects that are under way or failed within the last day, the newest first."""
        return self._store.tasks.under_way(self._actor.id, self._clock() - timedelta(days=1))

    @reads(signed_in, sums=True)
    def ended(self, since: datetime | None = None) -> WorkNews:
        """The actor's tasks and sessions that ended by themselves since then, or within the last minute."""
        now, me = self._clock(), self._actor.id
        # What is over is written after the time that it bears: in a moment, or in seconds under load.
        first = (since or now) - WRITTEN_WITHIN
        over = self._store.tasks.over(me, first)
        tasks = [_ended(task, self._store) for task in over if task.kind != suggest.KIND]  # who asked looks at them
        sessions = [
            EndedWork(f"{group.id}/{group.next_seq}", "session", group.title, False, group.reason_in_words)
            for group in self._store.session_lists.over(me, first)
        ]
        is_busy = bool(self._store.tasks.open_of_owner(me)) or self._store.open_work.sessions(me, besides="") > 0
        rounds = [
            EndedWork(
                f"{each}/{self._store.interviews.messages(each)}",
                "interviews",
                self._store.interviews.title(each),
                False,
                "",
            )
            for each in self._store.interviews.over(me, first)
        ]
        return WorkNews(now, (*tasks, *sessions, *rounds), is_busy)

    @reads(task)
    def get(self, task: Task) -> Task:
        """The task as it is now."""
        return task

    @changes(task_id, "Cancelled a task", action="cancel_task")
    def cancel(self, task_id: str) -> None:
        """Ends a task; raises `Conflict` for one that is over."""
        if not self._store.tasks.cancel(task_id, self._clock()):
            raise Conflict("This task has already finished.")
        self._store.uploads.remove(task_id)

    @changes(task_id, "Deleted a task", action="delete_task")
    def delete(self, task_id: str) -> None:
        """Ends a task and removes it with what it kept; personas, stimuli and themes that it made stay."""
        delete_task(self._store, task_id, self._clock)

    @changes(task, "Ran a task again", action="rerun_task")
    def rerun(self, task: Task) -> None:
        """Goes on with a task that failed or was cancelled, from where it stopped; one that is under way goes on as it does.

        Raises `Conflict` for one that is done.
        """
        if not task.state.is_over:
            return  # another click was quicker
        if task.kind == ATTACH and task.state is TaskState.CANCELLED:
            raise Conflict("Files are not kept after cancelling; add them again.")
        if model := self._model_of(task):
            self._check_quota(task.owner_id, model)
        with room_for_task(self._context, self._found.owner_id or "", task.kind) if task.project_id else nullcontext():
            if not self._store.tasks.rerun(task.id) and self._store.tasks.get(task.id).state.is_over:
                raise Conflict("Only a failed or cancelled task can be run again.")
        self._context.engine.submit("task", task.id)

    def _model_of(self, task: Task) -> str:
        """The model that a task asks; empty for one that asks none."""
        if task.kind in (analyse.KIND, suggest.KIND):
            return self._store.focus_groups.get(str(task.request.get("focus_group_id"))).model
        if task.kind in (recruit.KIND, example.KIND):
            return request_of(recruit.Request, task).model
        if task.kind == analyse_interviews.KIND:
            return request_of(analyse_interviews.Request, task).model
        if task.kind == code_session.KIND:
            return request_of(code_session.Request, task).model
        if task.kind == survey.KIND:
            return request_of(survey.Request, task).model
        return ""


def _ended(task: Task, store: Store) -> EndedWork:
    group_id = str(task.request.get("focus_group_id", ""))
    title = store.session_lists.title(group_id) if group_id else ""
    if task.kind == analyse_interviews.KIND:
        title = store.interviews.title(str(task.request.get("round_id", "")))
    if task.kind == survey.KIND:
        title = store.surveys.title(task.id)
    return EndedWork(task.id, task.kind, title, task.state is TaskState.FAILED, task.error)
