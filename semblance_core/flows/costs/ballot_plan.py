"""Plans the calls of a session's ballot before it begins: the start of an estimate."""

from statistics import fmean

from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.conversation.language import usual_tokens
from semblance_core.conversation.window import HIGH_TOKENS
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.ballot import Wave, read_ballot
from semblance_core.flows.costs.plans import turn_tokens
from semblance_core.flows.costs.survey_plan import ASKED_AGAIN, FORM_TOKENS, REASON_WORDS, USUAL_WORDS
from semblance_core.flows.requests.balloting import ballot_request, orders_for
from semblance_core.flows.requests.fitting import usual_prompt_tokens
from semblance_core.flows.requests.surveying import TextForm, form_for
from semblance_core.llm.gateway import Gateway


def ballot_plan(group: FocusGroup, waves: dict[Wave, int], gateway: Gateway) -> list[PlannedCalls]:
    """One call for each ballot that is left. waves: how many are left of each."""
    calls = sum(waves.values())
    if not group.ballot or not calls:
        return []
    ballot = read_ballot(group.ballot)
    orders = orders_for(ballot, 0, group.seed)
    prompt = fmean(
        usual_prompt_tokens(ballot_request(group, person, ballot, orders, "estimate")) for person in group.participants
    )
    said = max(group.next_seq - 1, group.turn_limit)
    heard = waves.get(Wave.AFTER, 0) * min(HIGH_TOKENS, said * turn_tokens(group)) / calls
    answer = 0
    for question in ballot.questions:
        words = USUAL_WORDS if form_for(question, RatingMethod.DIRECT) is TextForm else REASON_WORDS
        answer += usual_tokens(words, question.text) + FORM_TOKENS
    most = calls + max(1, round(calls * ASKED_AGAIN))
    return [PlannedCalls("ballot", calls, most, round(prompt + heard), answer, gateway.room_to_think(group.model))]
