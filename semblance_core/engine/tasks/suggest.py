"""The task that suggests follow-ups to a person who moderates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.discussion.stimuli import stimuli_at_hand
from semblance_core.flows.discussion.suggest import suggested
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.steering import SuggestionsForm
from semblance_core.llm.request import CompletionRequest

KIND = "suggest"


@dataclass(frozen=True, slots=True)
class Request:
    """through_seq: the last message when the suggestions were asked for."""

    focus_group_id: str
    through_seq: int


@dataclass(frozen=True, slots=True)
class Result:
    """questions: up to three, each as it can be asked."""

    questions: tuple[str, ...] = ()


def run(request: Request, run: TaskRun) -> Result:
    """Suggests follow-ups to what was said until they were asked for."""
    groups, gateway = run.store.focus_groups, run.gateway
    group = groups.get(request.focus_group_id)
    messages = groups.messages(group.id, first=group.course.window_from, last=request.through_seq)
    caller = replace(run.caller, project_id=group.project_id, focus_group_id=group.id)
    run.progress(0, 1, "Reading what was said")

    def ask(build: Callable[[], CompletionRequest]) -> SuggestionsForm:
        return fitting(build, lambda asked: gateway.structured(asked, SuggestionsForm, group.model, caller)).content

    shown = stimuli_at_hand(group, groups.assets, sees=gateway.may_see(group.model))
    return Result(suggested(group, messages, ask, partial(gateway.prompt_room, group.model), shown))
