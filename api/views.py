"""The domain's values as the API answers them. Names are the domain's."""

from typing import Any, Self

from pydantic import Field

from api.values import Usd, View, When
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState, MessageStatus
from semblance_core.domain.people import Role
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
    """From the median to the 90th percentile; US dollars are null where the model has no known price."""

    model: str
    p50_usd: Usd | None
    p90_usd: Usd | None
    p50_tokens: int
    p90_tokens: int
    calls: int
    past_calls: int
    at: When


class Quota(View):
    """What may be used in a calendar month (UTC); null is no limit."""

    usd: Usd | None
    tokens: int | None


class QuotaStatus(View):
    """Where somebody stands this month: spent is settled, held is under way."""

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


class Section(View):
    title: str
    questions: list[str]


class FocusGroupLine(View):
    """A session, as lists have it. is_busy: somebody is still to speak. reason: why it does not run any more.

    version: of its set-up, one more with each edit.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    model: str
    simulated: bool
    state: FocusGroupState
    is_busy: bool
    is_waiting: bool
    reason: str
    reason_in_words: str
    pending: int
    last_seq: int
    created_at: When
    updated_at: When | None
    ended_at: When | None
    version: int

    @classmethod
    def of(cls, value: FocusGroup) -> Self:
        own = {
            name: getattr(value, name, None)
            for name in cls.model_fields
            if name not in ("guide_left_out", "guide_read_as")
        }
        return cls.model_validate(own | {"last_seq": value.next_seq - 1, "guide": value.guide.sections})


class GuideLine(View):
    """A line of a guide, and why it was not taken in or how it was read. number: from 1."""

    number: int
    text: str
    why: str


class FocusGroupView(FocusGroupLine):
    """A session with its set-up. participants are as they were when it was set up. guide_left_out: lines of the guide that this
    request sent and that were not taken in; they are not kept. guide_read_as: lines that were put together, or may mean something else."""

    topic: str
    guide: list[Section]
    participants: list[Persona]
    turn_limit: int
    seed: int
    estimate: Estimate | None
    guide_left_out: list[GuideLine] = Field(default_factory=list)
    guide_read_as: list[GuideLine] = Field(default_factory=list)


class Message(View):
    """One turn. reply_to: seq of the moderator's message that it answers. question: index into the guide's questions.

    stimuli: names of what participants were shown with it.
    """

    seq: int
    role: str
    speaker: str
    persona_id: str | None
    text: str
    status: MessageStatus
    error: str
    reply_to: int | None
    question: int | None
    stimuli: list[str]
    at: When
    model: str
    tokens: Tokens
    cost_usd: Usd | None
    simulated: bool


class Verbatim(View):
    """An exact quote; seq: the message that it stands in. sentiment: the model's judgement, null where it gave none.

    by_hand: a person picked it, not the model.
    """

    seq: int
    speaker: str
    quote: str
    sentiment: str | None
    by_hand: bool


class Theme(View):
    name: str
    summary: str
    verbatims: list[Verbatim]


class Findings(View):
    """One analysis. dropped_quotes: quotes that the model gave and that nobody said. through_seq: the last message read.

    version: 0 as the model found it, and one more with each edit by a person; editor: who made the last one.
    """

    themes: list[Theme]
    summary: str
    dropped_quotes: int
    dropped_themes: int
    model: str
    through_seq: int
    created_at: When
    simulated: bool
    analysis_id: str
    version: int
    editor: str
    edited_at: When | None


class Served(View):
    """How a call was served, as its provider says. model: that answered, where it is not the one asked for; tier: empty for the usual one.

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
