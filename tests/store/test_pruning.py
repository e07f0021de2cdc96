"""What is removed by age: kept results, tasks that are over, entries of the audit log; and what stays."""

from datetime import timedelta
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.accounts.audit_log import AuditEntry
from semblance_core.domain.task import Task, TaskState
from semblance_core.domain.times import utc_now
from semblance_core.store.pruning import Pruned, Pruning, Retention

NOW = utc_now()
DAY = timedelta(days=1)


def over(semblance: Semblance, name: str, kind: str, state: TaskState, days_ago: float, result: dict[str, Any]) -> None:
    at = NOW - days_ago * DAY
    project_id = semblance.workspace("user").projects.mine()[0].id
    semblance.store.tasks.add(Task(name, kind, "user", project_id, {}, at, state=state, result=result, finished_at=at))


def test_partial_results_leave_a_week_after_and_the_tasks_after_ninety_days(semblance: Semblance) -> None:
    texts = {"answers": {"k": "what a participant said"}}
    over(semblance, "new-failed", "analyse", TaskState.FAILED, 6.9, texts)
    over(semblance, "failed", "analyse", TaskState.FAILED, 7.1, texts)
    over(semblance, "cancelled", "recruit", TaskState.CANCELLED, 30, {"written": {"0": {"name": "Maya"}}})
    over(semblance, "gone", "analyse", TaskState.FAILED, 91, texts)
    over(semblance, "done-gone", "attach", TaskState.DONE, 91, {"files": {}})
    over(semblance, "panel", "recruit", TaskState.DONE, 400, {"persona_ids": ["a"]})
    project_id = semblance.workspace("user").projects.mine()[0].id
    semblance.store.tasks.add(Task("waiting", "recruit", "user", project_id, {}, NOW - 400 * DAY, result=texts))
    pruning = Pruning(semblance.connection.database)

    assert pruning.prune(NOW, Retention()) == Pruned(partial_results=3, tasks=2)

    tasks = {task.id: task for task in semblance.store.tasks.of_project(project_id, limit=100)}
    assert set(tasks) == {"new-failed", "failed", "cancelled", "panel", "waiting"}
    assert tasks["new-failed"].result == tasks["waiting"].result == texts
    assert tasks["failed"].result == tasks["cancelled"].result == {}
    assert tasks["panel"].result == {"persona_ids": ["a"]}
    assert not pruning.prune(NOW, Retention())


def test_the_audit_log_is_kept_for_as_long_as_set(semblance: Semblance) -> None:
    for name, days in (("new", 729), ("old", 731)):
        semblance.store.audit_log.begin(AuditEntry(name, NOW - days * DAY, "admin", "set_quota", "user", "user", ()))
    pruning = Pruning(semblance.connection.database)
    assert not pruning.prune(NOW, Retention(audit_log=None))
    assert pruning.prune(NOW, Retention()) == Pruned(audit_entries=1)
    assert pruning.prune(NOW, Retention(audit_log=DAY)) == Pruned(audit_entries=1)
