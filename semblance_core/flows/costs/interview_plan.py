"""Plans the calls of interviews that a model holds, before they begin: the start of an estimate."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.conversation.language import usual_tokens
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.probing import Probing
from semblance_core.flows.costs.plans import NAME_TOKENS, mean_window, planned_calls, reply_tokens, turn_tokens
from semblance_core.flows.requests.fitting import usual_prompt_tokens
from semblance_core.flows.requests.moderating import boundary_request
from semblance_core.flows.requests.replies import samples
from semblance_core.llm.gateway import Gateway

DECISION_WORDS, QUESTION_WORDS = 35, 22
"""A decision with its words, and a question or follow-up as the transcript has it: every second message is one."""


def interview_plan(group: FocusGroup, gateway: Gateway) -> list[PlannedCalls]:
    """The rest of one interview: an answer to each question and follow-up, and a call for the interviewer after an answer."""
    course, asked = group.course, group.guide.asked
    left = asked[course.question + 1 :] if course.question >= 0 else asked
    probing = group.probing is not Probing.NONE
    follow_ups = sum(max(group.probing.most_probes, len(each.probes)) for each in left) if probing else 0
    most = min(max(0, group.turn_limit - course.turns), len(left) + follow_ups + probing)
    if not most:
        return []
    said, turn = max(0, group.next_seq - 1), turn_tokens(group)
    least = min(len(left), most)
    message = (turn + usual_tokens(QUESTION_WORDS, *samples(group)) + NAME_TOKENS) // 2
    prompt = reply_tokens(group, ()) + mean_window(said, said + least + most, message)
    plans = [planned_calls("reply", least, most, prompt, turn, group, gateway)]
    if probing:
        under = replace(group, course=replace(course, question=0))
        deciding = usual_prompt_tokens(boundary_request(under, (), (), may_probe=True)) + 2 * turn
        words = usual_tokens(DECISION_WORDS, *samples(group))
        plans.append(planned_calls("moderate", least, max(least, most - 1), deciding, words, group, gateway))
    return plans


def interviews_plan(groups: Sequence[FocusGroup], gateway: Gateway) -> list[PlannedCalls]:
    """All interviews of a round together: their calls by feature."""
    every = [planned for group in groups for planned in interview_plan(group, gateway)]
    every.sort(key=lambda planned: planned.feature)
    return [_together(list(same)) for _, same in groupby(every, key=lambda planned: planned.feature)]


def _together(plans: list[PlannedCalls]) -> PlannedCalls:
    most = sum(planned.most for planned in plans)
    prompt = sum(planned.prompt * planned.most for planned in plans) // max(1, most)
    return replace(plans[0], least=sum(planned.least for planned in plans), most=most, prompt=prompt)
