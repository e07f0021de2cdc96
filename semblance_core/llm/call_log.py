"""A model call as a line of the log."""

import logging

from semblance_core.domain.usage.events import UsageEvent

log = logging.getLogger(__name__)


def log_call(event: UsageEvent) -> None:
    """One line a call: what it was for and how it went, without what was asked or answered.

    What a provider said of its own failure stands here, without keys, because no page but an administrator's shows it.
    """
    facts = {
        "call_id": event.id,
        "user_id": event.user_id,
        "project_id": event.project_id,
        "focus_group_id": event.focus_group_id,
        "task_id": event.task_id,
        "seq": event.seq,
        "feature": event.feature,
        "model": event.model,
        "status": event.status,
        "latency_s": round(event.latency_s, 3),
        "prompt_tokens": event.tokens.prompt,
        "completion_tokens": event.tokens.completion,
        "cost_usd": None if event.cost_usd is None else f"{event.cost_usd:f}",
        "estimated": event.estimated,
    }
    level = logging.INFO if event.status == "ok" else logging.WARNING
    log.log(level, "model call", extra={name: value for name, value in facts.items() if value is not None})
