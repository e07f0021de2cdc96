"""Requests that propose codes for a part of a transcript, and that apply a codebook to it; each bounded, whatever its length. Pure."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from semblance_core.conversation.tokens import tokens_at_most, within
from semblance_core.conversation.window import Line, transcript_lines
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.flows.requests.coding import chunks_of, quoted_topic, topic_of
from semblance_core.flows.requests.fitting import Room, any_room
from semblance_core.flows.requests.language import setting, written
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render
from semblance_core.requests.codebook import ApplyRequest, AskedCode, ProposeRequest

CODEBOOK_TOKENS = 2_500
"""Most tokens of codes in one prompt; a longer codebook is applied in parts."""
CODE_TOKENS, NAME_TOKENS, TEXT_TOKENS = 160, 40, 40
ANSWER_TOKENS, PROPOSAL_TOKENS = 4_000, 1_500
MOST_PROPOSED = 10
"""Codes that are proposed for one part of a transcript."""


class AppliedForm(BaseModel):
    code: int = 0
    seq: int = 0
    speaker: str = ""
    quote: str = ""


class AppliedCodesForm(BaseModel):
    codings: list[AppliedForm] = Field(default_factory=list)


class ProposedForm(BaseModel):
    name: str = ""
    definition: str = ""
    when: str = ""
    when_not: str = ""


class ProposedCodesForm(BaseModel):
    codes: list[ProposedForm] = Field(default_factory=list)


def parts_of(group: FocusGroup, lines: Sequence[Line], room: Room = any_room) -> list[list[Line]]:
    """The transcript in parts that leave room for the codebook beside them."""

    def beside(answer: int) -> int | None:
        there = room(answer)
        return None if there is None else max(1, there - _codebook_tokens(room))

    return chunks_of(group, lines, beside)


def batches_of(codes: Sequence[AskedCode], room: Room = any_room) -> list[list[AskedCode]]:
    """The codes in parts that one prompt can hold."""
    batches: list[list[AskedCode]] = [[]]
    size = 0
    for code in codes:
        tokens = tokens_at_most(_line_of(0, code)) + 2
        if batches[-1] and size + tokens > _codebook_tokens(room):
            batches.append([])
            size = 0
        batches[-1].append(code)
        size += tokens
    return batches


def apply_request(group: FocusGroup, chunk: Sequence[Line], codes: Sequence[AskedCode]) -> CompletionRequest:
    """Builds the request for the places in a part of the transcript that these codes apply to."""
    asked = ApplyRequest(topic_of(group), tuple(chunk), tuple(codes))
    told = "\n".join(_line_of(number, code) for number, code in enumerate(asked.codes, start=1))
    return _request(group, asked, "apply_codebook", told, ANSWER_TOKENS)


def propose_request(group: FocusGroup, chunk: Sequence[Line], there: Sequence[str]) -> CompletionRequest:
    """Builds the request for codes that a part of the transcript asks for. there: names of the codes that there are."""
    names: list[str] = []
    size = 0
    for name in there:
        short = within(" ".join(name.split()), NAME_TOKENS)
        size += tokens_at_most(short) + 2
        if size > CODEBOOK_TOKENS:
            break
        names.append(short)
    asked = ProposeRequest(topic_of(group), tuple(chunk), tuple(names), MOST_PROPOSED)
    told = "\n".join(f"- {name}" for name in names) or "(none yet)"
    return _request(group, asked, "propose_codes", told, PROPOSAL_TOKENS)


def _request(
    group: FocusGroup, asked: ApplyRequest | ProposeRequest, prompt: str, codes: str, answer: int
) -> CompletionRequest:
    more = {"most": asked.most} if isinstance(asked, ProposeRequest) else {}
    text = render(
        prompt,
        setting=setting(group),
        topic=quoted_topic(asked.topic),
        transcript=as_data(transcript_lines(asked.lines)),
        codes=as_data(codes),
        **more,
    )
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", written(group, text)),),
        max_tokens=answer,
        asked=asked,
        temperature=0.2,
        seed=group.seed,
    )


def _codebook_tokens(room: Room) -> int:
    there = room(0)
    return CODEBOOK_TOKENS if there is None else max(CODE_TOKENS, min(CODEBOOK_TOKENS, there // 4))


def _line_of(number: int, code: AskedCode) -> str:
    def short(text: str, most: int) -> str:
        return within(" ".join(text.split()), most)

    parts = [f"{number}. {short(code.name, NAME_TOKENS)}"]
    if code.definition:
        parts.append(f": {short(code.definition, TEXT_TOKENS)}")
    if code.when:
        parts.append(f" – use it: {short(code.when, TEXT_TOKENS)}")
    if code.when_not:
        parts.append(f" – not: {short(code.when_not, TEXT_TOKENS)}")
    return "".join(parts)
