"""Forecasts of what a run may use, and the quota that is left for it."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.domain.discussion.asset import Asset, Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import QuotaStatus
from semblance_core.flows.ballots.asking import puts_left
from semblance_core.flows.costs.ballot_plan import ballot_plan
from semblance_core.flows.costs.forecasting import forecast_of, shown_stimuli
from semblance_core.flows.costs.hybrid_plans import discussing_plan, steering_plan, suggesting_plan
from semblance_core.flows.costs.interview_plan import interview_plan, interviews_plan
from semblance_core.flows.costs.plans import analysis_plan, coding_plan, discussion_plan, recruit_plan, round_plan
from semblance_core.flows.costs.survey_plan import survey_plan
from semblance_core.flows.discussion.stimuli import placed_so_far, showing
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.workspace.context import OperationContext


def discussion_estimate(context: OperationContext, group: FocusGroup) -> Estimate:
    """Forecasts the use of the rest of an autonomous discussion."""
    if group.is_interview:
        return _forecast(context, interview_plan(group, context.gateway), group.model)
    there = context.store.assets.of(group)
    return _forecast(context, discussion_plan(group, context.gateway, _shown(context, group, there)), group.model)


def interviews_estimate(context: OperationContext, groups: Sequence[FocusGroup], model: str) -> Estimate:
    """Forecasts the use of all these interviews together."""
    return _forecast(context, interviews_plan(groups, context.gateway), model)


def round_estimate(
    context: OperationContext, group: FocusGroup, people: int | None, *, in_turn: bool = False
) -> Estimate:
    """Forecasts the use of one question to so many participants; None asks all. in_turn: they hear one another."""
    asked = len(group.participants) if people is None else people
    plan, _ = placed_so_far(group, context.store.focus_groups)
    next_one = showing(replace(group, stimulus_plan=plan), group.next_question, context.store.assets)
    shown = next_one.stimuli[: next_one.count]
    there = [asset for asset in context.store.assets.of(group) if asset.id in shown]
    plan_of_round = round_plan(group, asked, context.gateway, _shown(context, group, there), in_turn=in_turn)
    return _forecast(context, plan_of_round, group.model)


def discussing_estimate(context: OperationContext, group: FocusGroup, turns: int) -> Estimate:
    """Forecasts the use of so many turns that participants are let discuss."""
    shown = _shown(context, group, _shown_already(context, group))
    return _forecast(context, discussing_plan(group, turns, context.gateway, shown), group.model)


def steering_estimate(context: OperationContext, group: FocusGroup) -> Estimate:
    """Forecasts the use of a whisper to the moderator."""
    shown = _shown(context, group, _shown_already(context, group))
    return _forecast(context, steering_plan(group, context.gateway, shown), group.model)


def suggesting_estimate(context: OperationContext, group: FocusGroup) -> Estimate:
    """Forecasts the use of suggested follow-ups."""
    shown = _shown(context, group, _shown_already(context, group))
    return _forecast(context, suggesting_plan(group, context.gateway, shown), group.model)


def analysis_estimate(context: OperationContext, group: FocusGroup) -> Estimate:
    """Forecasts the use of finding themes in the messages so far."""
    model = context.defaults.analysis_of(group.model)
    return _forecast(context, analysis_plan(replace(group, model=model), context.gateway), model)


def coding_estimate(context: OperationContext, group: FocusGroup, codes: int, *, propose: bool) -> Estimate:
    """Forecasts the use of coding the messages so far with so many codes. propose: further codes are proposed first."""
    model = context.defaults.analysis_of(group.model)
    plan = coding_plan(replace(group, model=model), codes, context.gateway, propose=propose)
    return _forecast(context, plan, model)


def recruiting_estimate(context: OperationContext, brief: Brief, model: str) -> Estimate:
    """Forecasts the use of recruiting such a panel with this model."""
    return _forecast(context, recruit_plan(brief, model, context.gateway), model)


def survey_estimate(
    context: OperationContext,
    questionnaire: Questionnaire,
    personas: Sequence[Persona],
    methods: tuple[RatingMethod, ...],
    model: str,
) -> Estimate:
    """Forecasts the use of asking these personas."""
    return _forecast(context, survey_plan(questionnaire, personas, methods, model, context.gateway), model)


def branches_estimate(context: OperationContext, group: FocusGroup, branches: int) -> Estimate:
    """Forecasts the use of one question to all participants in each of so many branches."""
    plan = round_plan(group, len(group.participants) * branches, context.gateway)
    return _forecast(context, plan, group.model)


def ballots_estimate(context: OperationContext, group: FocusGroup, *, control: bool) -> Estimate:
    """Forecasts the use of the session's ballots that are not there yet. control: the same ballot twice without the discussion, too."""
    wanted = [Wave.AFTER, *([Wave.FIRST, Wave.AGAIN] if control else [])]
    if not context.store.focus_groups.turns.has_spoken(group.id):
        wanted.append(Wave.BEFORE)
    left = {wave: puts_left(group, (wave,), context.store) for wave in wanted} if group.ballot else {}
    return _forecast(context, ballot_plan(group, left, context.gateway), group.model)


def quota_status(context: OperationContext, owner_id: str) -> QuotaStatus:
    """The account's use this month, and its quota."""
    owner = context.store.users.get(owner_id)
    return context.store.ledger.status(owner.id, owner.quota, month_of(context.clock()))


def _shown_already(context: OperationContext, group: FocusGroup) -> list[Asset]:
    seen = group.stimuli[: group.course.stimuli_shown]
    return [asset for asset in context.store.assets.of(group) if asset.id in seen]


def _shown(context: OperationContext, group: FocusGroup, there: Sequence[Asset]) -> tuple[Stimulus, ...]:
    return shown_stimuli(context.store, context.gateway, group, there)


def _forecast(context: OperationContext, plan: Sequence[PlannedCalls], model: str) -> Estimate:
    return forecast_of(context.store, context.gateway, plan, model, context.clock())
