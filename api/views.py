"""The domain's values as the API answers them. Names are the domain's."""

from typing import Any, Self

from api.values import Usd, View, When
from semblance_core.domain.accounts.account import Role
from semblance_core.domain.task import Task, TaskState


class Tokens(View):
    """cached is part of prompt, reasoning is part of completion."""

    prompt: int
    cached: int
    completion: int
    reasoning: int


class Spent(View):
    """cost_usd is null where the cost of any of the calls is not known."""

    calls: int
    tokens: Tokens
    cost_usd: Usd | None


class Estimate(View):
    """From the 10th to the 90th percentile; US dollars are null where the model has no known price, p10 in estimates of before."""

    model: str
    p10_usd: Usd | None
    p50_usd: Usd | None
    p90_usd: Usd | None
    p10_tokens: int | None
    p50_tokens: int
    p90_tokens: int
    calls: int
    past_calls: int
    at: When


class Quota(View):
    """Limit in a calendar month (UTC); null is no limit."""

    usd: Usd | None
    tokens: int | None


class QuotaStatus(View):
    """An account's month: spent is settled, held is under way."""

    quota: Quota
    spent_usd: Usd
    held_usd: Usd
    spent_tokens: int
    held_tokens: int
    unpriced_calls: int


class User(View):
    id: str
    name: str
    role: Role
    disabled: bool
    created_at: When
    quota: Quota
    version: int


class Project(View):
    id: str
    owner_id: str
    name: str
    created_at: When
    version: int


class BigFive(View):
    """0–100, where 50 is the population's middle."""

    openness: int
    conscientiousness: int
    extraversion: int
    agreeableness: int
    neuroticism: int


class Persona(View):
    """An empty text or list means: not stated. version: null for a participant, who is a snapshot that nobody edits."""

    id: str
    name: str
    age: int | None
    gender: str
    location: str
    occupation: str
    education: str
    household: str
    income_band: str
    values: list[str]
    goals: list[str]
    frustrations: list[str]
    media_habits: list[str]
    tech_comfort: str
    shopping_habits: str
    brands: list[str]
    big_five: BigFive
    talkativeness: int
    way_of_speaking: str
    quote: str
    backstory: str
    origin: str
    source_brief: str
    simulated: bool
    version: int | None


class TaskView(View):
    """done of total steps. result: once it is done, what came of it; its form is the kind's."""

    id: str
    kind: str
    project_id: str
    state: TaskState
    is_over: bool
    done: int
    total: int
    now: str
    error: str
    result: dict[str, Any] | None
    estimate: Estimate | None
    created_at: When
    finished_at: When | None

    @classmethod
    def of(cls, value: Task) -> Self:
        """A task that is not done keeps in its result what it has so far, for whoever goes on with it."""
        result = value.result if value.state is TaskState.DONE else None
        own = {name: getattr(value, name, None) for name in cls.model_fields}
        return cls.model_validate(own | {"is_over": value.state.is_over, "result": result})


class Served(View):
    """Service of a call by its provider. model: that answered, where it is not the one asked for; tier: empty for the usual one.

    written: prompt tokens that were written to a cache, written_hour of them for an hour. cost_usd: what the provider says it costs.
    """

    model: str
    tier: str
    written: int
    written_hour: int
    cost_usd: Usd | None


class UsageEvent(View):
    """One attempt at a model call. estimated: the counts are ours, not the provider's, or the provider's contradict one another."""

    id: str
    at: When
    user_id: str
    project_id: str | None
    focus_group_id: str | None
    task_id: str | None
    seq: int | None
    feature: str
    model: str
    tokens: Tokens
    cost_usd: Usd | None
    latency_s: float
    status: str
    estimated: bool
    error: str
    served: Served
