"""What a run may use, before it begins, and what it did use, afterwards."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.forecast import PlannedCalls, forecast
from semblance_core.analysis.panel import Margin
from semblance_core.domain.asset import Picture, Stimulus
from semblance_core.domain.estimate import Estimate
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.domain.times import month_of
from semblance_core.domain.usage import QuotaStatus, Spent
from semblance_core.flows.plans import analysis_plan, discussion_plan, recruit_plan, round_plan
from semblance_core.flows.recruiting import Brief
from semblance_core.flows.stimuli import as_shown
from semblance_core.workspace.access import of_focus_group, of_project, of_task, operation
from semblance_core.workspace.bounds import Bounded

DISCUSSION = ("reply", "moderate", "summarise_window")


class Estimates(Bounded):
    @operation(of_focus_group)
    def estimate_discussion(self, group_id: str) -> Estimate:
        """What the rest of an autonomous discussion may use."""
        group = self.store.focus_groups.get(group_id)
        return self._forecast(discussion_plan(group, self.gateway, self._shown(group)), group.model)

    @operation(of_focus_group)
    def estimate_round(self, group_id: str, people: int | None = None) -> Estimate:
        """What one question to so many participants may use; None asks all."""
        group = self.store.focus_groups.get(group_id)
        asked = len(group.participants) if people is None else people
        return self._forecast(round_plan(group, asked, self.gateway, self._shown(group)), group.model)

    @operation(of_focus_group)
    def estimate_analysis(self, group_id: str) -> Estimate:
        """What finding themes in what was said so far may use."""
        group = self.store.focus_groups.get(group_id)
        return self._forecast(analysis_plan(group, self.gateway), group.model)

    @operation(of_project)
    def estimate_recruiting(
        self,
        project_id: str,  # noqa: ARG002 - its rule reads it
        brief: str,
        size: int,
        margins: Sequence[Margin] = (),
        model: str = "",
    ) -> Estimate:
        """What recruiting such a panel may use; an empty brief is taken for a usual one."""
        name = self._known_model(model)
        plan = recruit_plan(Brief(brief.strip() or "Who buys it, and why?", size, tuple(margins)), name, self.gateway)
        return self._forecast(plan, name)

    @operation(of_project)
    def project_quota(self, project_id: str) -> QuotaStatus:
        """What the project's owner, on whose account all in it counts, has used and may still use this month."""
        return self._status_of(self.store.projects.get(project_id).owner_id)

    @operation(of_focus_group)
    def session_quota(self, group_id: str) -> QuotaStatus:
        """What the session's owner, on whose account it counts, has used and may still use this month."""
        return self._status_of(self.store.focus_groups.owner_of(group_id))

    def _status_of(self, owner_id: str) -> QuotaStatus:
        owner = self.store.users.get(owner_id)
        return self.store.ledger.status(owner.id, owner.quota, month_of(self.clock()))

    @operation(of_focus_group)
    def session_spent(self, group_id: str) -> Spent:
        """What the session's calls used so far."""
        return self.store.usage.spent(focus_group_id=group_id)

    @operation(of_focus_group)
    def discussion_spent(self, group_id: str) -> Spent | None:
        """What the autonomous discussion used since it was estimated, to compare; None where it never was."""
        group = self.store.focus_groups.get(group_id)
        if group.estimate is None:
            return None
        return self.store.usage.spent(
            since=group.estimate.at, until=group.paused_at, features=DISCUSSION, focus_group_id=group_id
        )

    @operation(of_task)
    def task_spent(self, task_id: str) -> Spent:
        """What the task's calls used so far."""
        return self.store.usage.spent(task_id=task_id)

    def _shown(self, group: FocusGroup) -> tuple[Stimulus, ...]:
        """All stimuli as prompts will hold them; of a picture only that it is one, which is all that an estimate counts."""
        there = self.store.assets.of(group)
        question = group.guide.questions[0] if group.guide.questions else ""
        shown = as_shown(there, group.topic or group.title, question, self.store.assets)
        sees = self.gateway.may_see(group.model)
        pictures = [Picture(b"-", asset.media_type) if asset.is_picture and sees else None for asset in there]
        return tuple(replace(each, picture=picture) for each, picture in zip(shown, pictures, strict=True))

    def _forecast(self, plan: Sequence[PlannedCalls], model: str) -> Estimate:
        now = self.clock()
        past = self.store.usage.past_calls(model, [calls.feature for calls in plan])
        return forecast(plan, past, self.gateway.prices.price_of(model, now), model, now)
