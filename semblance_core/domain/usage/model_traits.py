"""Traits of a model that shape requests to it: listed ones, and those learned from its own answers."""

from dataclasses import dataclass
from datetime import timedelta

BELIEVED_FOR = timedelta(days=30)
"""Time after which learned traits are forgotten and learned anew: a server behind a name changes."""


@dataclass(frozen=True, slots=True)
class ModelTraits:
    """thinks: it spends completion tokens on thinking before it answers. sees: it takes pictures.

    takes_…: what may be sent with a request, by the names of `REFUSABLE`. thinking_tokens: room to think that one of its answers was
    seen to need, 0 where none did. context_tokens: the most that prompt and answer may have together; output_tokens: the most that an
    answer may have; None where neither is known. most_tokens: the most that may be asked for as the bound of an answer, where it
    refused more. answers_as: another model that was seen to answer in its place, by its own name. streams_usage: it reports tokens also
    where its answer is taken as a stream.
    """

    thinks: bool = False
    sees: bool = False
    takes_response_format: bool = True
    takes_temperature: bool = True
    takes_seed: bool = True
    thinking_tokens: int = 0
    context_tokens: int | None = None
    output_tokens: int | None = None
    takes_json_object: bool = True
    takes_max_tokens: bool = True
    takes_max_completion_tokens: bool = True
    takes_stream: bool = True
    takes_stream_options: bool = True
    takes_system_role: bool = True
    takes_repeated_roles: bool = True
    most_tokens: int | None = None
    answers_as: str = ""
    streams_usage: bool = True

    @property
    def refused(self) -> frozenset[str]:
        """Returns the parts of requests that the model refuses."""
        return frozenset(name for name in REFUSABLE if not getattr(self, f"takes_{name}"))


SOME = "some"
"""Stands for an argument that a refusal does not name."""
REFUSABLE = (
    *("response_format", "json_object", "temperature", "seed", "max_tokens", "max_completion_tokens"),
    *("stream", "stream_options", "system_role", "repeated_roles"),
)
"""Parts of a request that can be left out, or sent in another form.

response_format: one with a JSON schema; json_object: one that asks for any JSON, which is tried next. max_tokens, max_completion_tokens: the
names of the answer's bound, one for the other. system_role: rules that stand in a message of their own. repeated_roles: two messages of one
role in a row, which then become one. The others are arguments that are left out.
"""
