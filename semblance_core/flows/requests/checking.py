"""Requests that hold a summary's sentences against the messages: one a theme, bounded whatever the messages' length. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field, model_validator

from semblance_core.conversation.tokens import shares, tokens_at_most, within
from semblance_core.conversation.window import Line, transcript_lines
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.language import setting
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render
from semblance_core.requests.analysis import ClaimsRequest

CHECK_TOKENS = 6_000
"""Most tokens that a prompt is estimated at."""
SENTENCES_AT_ONCE, SENTENCE_TOKENS = 30, 120
ANSWER_TOKENS, TOKENS_A_VERDICT = 100, 60
LEAST_TOKENS, TOPIC_TOKENS, LEAST_A_LINE = 300, 600, 12
VERDICTS = {"said": Check.SAID, "not_said": Check.INFERRED, "no_claim": Check.NO_CLAIM}


def _verdicts(schema: dict[str, Any]) -> None:
    schema["enum"] = [*VERDICTS]


class VerdictForm(BaseModel):
    number: int
    verdict: str = Field(json_schema_extra=_verdicts)
    messages: list[int] = Field(default_factory=list)


class VerdictsForm(BaseModel):
    sentences: list[VerdictForm]

    @model_validator(mode="after")
    def _says_something(self) -> "VerdictsForm":
        if not any(each.verdict in VERDICTS for each in self.sentences):
            raise ValueError(f"no sentence has one of the verdicts {', '.join(VERDICTS)}")
        return self


def check_request(
    group: FocusGroup, claims: Sequence[Claim], lines: Sequence[Line], room: Room = any_room
) -> CompletionRequest:
    """Builds the request for verdicts on a summary's sentences, which are numbered from 1.

    Args:
        group: the session, for its topic and seed.
        claims: the sentences; those beyond `SENTENCES_AT_ONCE` are left out, and stay unchecked.
        lines: the messages that the summary may rest on; the longest are cut where they do not fit.
        room: gives the tokens that the model takes for a prompt.
    """
    sentences = tuple(" ".join(claim.sentence.split()) for claim in claims[:SENTENCES_AT_ONCE])
    answer = ANSWER_TOKENS + TOKENS_A_VERDICT * len(sentences)
    numbered = "\n".join(f"{number}. {within(text, SENTENCE_TOKENS)}" for number, text in enumerate(sentences, start=1))
    topic = group.topic or group.title

    def prompt(lines: Sequence[Line]) -> str:
        return render(
            "check_claims",
            setting=setting(group),
            topic=as_data(within(topic, TOPIC_TOKENS)),
            messages=as_data(transcript_lines(lines)),
            sentences=as_data(numbered),
        )

    left = max(LEAST_TOKENS, room_for(room, answer, CHECK_TOKENS) - tokens_at_most(prompt(())))
    asked = ClaimsRequest(topic, tuple(_fitted(lines, left)), sentences)
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt(asked.lines)),),
        max_tokens=answer,
        asked=asked,
        temperature=0.0,
        seed=group.seed,
    )


def judged(claims: Sequence[Claim], form: VerdictsForm, speakers: Mapping[int, str]) -> tuple[Claim, ...]:
    """Returns the sentences as a model judged them, with the messages that it names.

    Said is only what rests on a message of a participant that was shown. Of two verdicts on one sentence the stricter holds. What
    has no verdict stays unchecked.

    Args:
        claims: the sentences that were asked about.
        form: the model's answer.
        speakers: names by message, of those that were shown.
    """
    strict = (Check.INFERRED, Check.NO_CLAIM, Check.SAID)
    found: dict[int, Claim] = {}
    for each in form.sentences:
        at = each.number - 1
        check = VERDICTS.get(each.verdict.strip().casefold())
        if check is None or not 0 <= at < min(len(claims), SENTENCES_AT_ONCE):
            continue
        seqs = tuple(dict.fromkeys(seq for seq in each.messages if seq in speakers))
        if check is Check.SAID and not seqs:
            check = Check.INFERRED
        claim = Claim(claims[at].sentence, check, seqs or tuple(seq for seq in claims[at].seqs if seq in speakers))
        if at not in found or strict.index(check) < strict.index(found[at].check):
            found[at] = claim
    return tuple(found.get(at, claim) for at, claim in enumerate(claims))


def _fitted(lines: Sequence[Line], budget: int) -> list[Line]:
    """The lines within so many tokens: the longest are cut, and where there are too many for that, evenly spread ones are left out."""
    most = max(1, budget // (2 * LEAST_A_LINE))
    lines = lines[:: -(-len(lines) // most)] if len(lines) > most else lines
    sizes = [tokens_at_most(transcript_lines([line])) + 1 for line in lines]
    if sum(sizes) <= budget:
        return list(lines)
    heads = [size - tokens_at_most(line.text) for size, line in zip(sizes, lines, strict=True)]
    return [
        Line(line.seq, line.speaker, within(line.text, max(1, share - head - 1)), line.role)
        for line, share, head in zip(lines, shares(sizes, budget), heads, strict=True)
        if share > head + 1
    ]
