"""The failure of a model call, with what its attempts used."""

from functools import partial

from semblance_core.domain.errors import RunFailed
from semblance_core.domain.usage.events import Spent


class ModelFailed(RunFailed):
    """A model call gave no usable answer.

    kind: one of `auth`, `rate_limit`, `timeout`, `server`, `connection`, `unreachable`, `bad_request`, `too_long` (the
    prompt, for the model), `content_filter`, `empty`, `truncated`, `malformed`, `schema`, `not_speech`, `refusal`,
    `not_allowed`. transient: whether the same call may well succeed a little later. provider_said: what the provider
    sent, without keys, for administrators. answer: what the model did answer, where it answered at all. latency_s:
    seconds that the attempt took. spent: what all attempts used, once they are over. refused: what a `bad_request` may
    be about, as `REFUSABLE` names it. context_tokens: the most that the model takes, where a `too_long` said so.
    output_tokens: the most that may be asked for as the bound of an answer, where the failure said so; prompt_tokens:
    what it counted in the prompt. began: some of an answer had come already, so it was paid for.
    """

    def __init__(self, message: str, *, kind: str, transient: bool, retry_after_s: float | None = None):
        super().__init__(message)
        self.kind = kind
        self.transient = transient
        self.retry_after_s = retry_after_s
        self.answer: object = None
        self.provider_said = ""
        self.latency_s = 0.0
        self.spent: Spent | None = None
        self.refused: tuple[str, ...] = ()
        self.context_tokens: int | None = None
        self.output_tokens: int | None = None
        self.prompt_tokens: int | None = None
        self.began = False

    def __reduce__(self) -> tuple[object, ...]:
        """It travels between processes whole."""
        made = partial(ModelFailed, str(self), kind=self.kind, transient=self.transient)
        return made, (), self.__dict__
