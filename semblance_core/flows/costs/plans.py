"""Plans the calls of a run before it begins, with the sizes of their prompts: the start of an estimate."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.usage.forecast import PlannedCalls
from semblance_core.conversation.allotment import allotted_turns
from semblance_core.conversation.language import usual_tokens
from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.conversation.window import HIGH_TOKENS, LOW_TOKENS
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.personas.persona import Persona
from semblance_core.flows.discussion.stimuli import MODERATOR_TOKENS
from semblance_core.flows.recruit import MOST_REDRAWN
from semblance_core.flows.requests.checking import CHECK_TOKENS
from semblance_core.flows.requests.codebook import CODE_TOKENS, CODEBOOK_TOKENS, MOST_PROPOSED
from semblance_core.flows.requests.coding import CHUNK_TOKENS, CODES_A_BATCH, CODES_A_CHUNK, MOST_THEMES
from semblance_core.flows.requests.fitting import usual_prompt_tokens
from semblance_core.flows.requests.recruiting import Brief, prompt_sizes, sketches_at_once
from semblance_core.flows.requests.replies import (
    SUMMARY_WORDS,
    question_request,
    reply_request,
    samples,
    summary_request,
)
from semblance_core.llm.gateway import Gateway
from semblance_core.llm.request import PICTURE_TOKENS

WORDS_A_TURN, NAME_TOKENS = 58, 8
"""A turn as prompts quote it: mean of `draw_words` over talkativeness 10–90, and the number and name before it."""
TOKENS_A_CODE, MESSAGES_A_THEME = 100, 12
"""A code with its quotes as the prompt for themes has it, and messages by which a theme's summary is checked: as analyses had them."""
LEAST_TOKENS_A_CODE = 30
"""A code of the codebook with its name and a short definition, as a prompt has it."""
LEAST_SHARE = 0.8
"""A discussion may end before its guide does: nothing new, goodbyes, repetition."""


def turn_tokens(group: FocusGroup) -> int:
    """Tokens of a usual turn in the session's language."""
    return usual_tokens(WORDS_A_TURN, *samples(group)) + NAME_TOKENS


def discussion_plan(group: FocusGroup, gateway: Gateway, shown: Sequence[Stimulus] = ()) -> list[PlannedCalls]:
    """The rest of an autonomous discussion, from where it stands. shown: all that it will have shown."""
    course, questions = group.course, group.guide.questions
    unasked = len(questions) - course.question - 1
    open_turns = sum(allotted_turns(group, number) for number in range(course.question + 1, len(questions)))
    if course.question >= 0:
        open_turns += max(0, allotted_turns(group, course.question) - course.question_turns)
    replies = min(open_turns, group.turn_limit - course.turns - unasked)
    if replies < 1:
        return []
    least = max(1, round(replies * LEAST_SHARE))
    said, turn = max(0, group.next_seq - 1), turn_tokens(group)
    prompt = reply_tokens(group, shown) + mean_window(said, said + replies, turn)
    extra = int(group.probing.extra_calls * replies)
    boundaries = unasked if course.question >= 0 else unasked - 1
    probes = 0 if group.probing is Probing.NONE else 2 + group.probing.most_probes * len(questions)
    linked = min(extra, boundaries + probes)
    alone = private_answers(group)
    plans = [planned_calls("reply", least + alone, replies + alone, prompt, turn, group, gateway)]
    if linked > 0:
        asking = usual_prompt_tokens(question_request(replace(group, course=replace(course, question=0)), (), 0))
        asking += moderator_stimuli_tokens(shown)
        window = mean_window(said, said + replies, turn)
        plans.append(
            planned_calls("moderate", 0, linked, asking + window, usual_tokens(30, *samples(group)), group, gateway)
        )
    if extra > max(0, linked) and said + replies > HIGH_TOKENS // turn:
        notes = (
            usual_prompt_tokens(summary_request(group, ())) + HIGH_TOKENS - LOW_TOKENS + moderator_stimuli_tokens(shown)
        )
        written = min(extra - max(0, linked), (said + replies) * turn // (HIGH_TOKENS - LOW_TOKENS))
        plans.append(
            planned_calls(
                "summarise_window", 0, written, notes, usual_tokens(SUMMARY_WORDS, *samples(group)), group, gateway
            )
        )
    return plans


def moderator_stimuli_tokens(shown: Sequence[Stimulus]) -> int:
    """Returns the tokens that stimuli take in a moderator's prompt at the most."""
    pictures = PICTURE_TOKENS * sum(bool(each.picture) for each in shown)
    return min(MODERATOR_TOKENS, sum(tokens_at_most(each.text) for each in shown)) + pictures


def private_answers(group: FocusGroup) -> int:
    """Returns the private answers that the questions to come ask for."""
    later = range(group.course.question + 1, len(group.guide.questions))
    return len(group.participants) * sum(map(group.answered_alone, later))


def round_plan(
    group: FocusGroup, people: int, gateway: Gateway, shown: Sequence[Stimulus] = (), *, in_turn: bool = False
) -> list[PlannedCalls]:
    """One question put to so many participants; in turn, each prompt holds the answers before it."""
    turn = turn_tokens(group)
    heard = (people - 1) / 2 if in_turn else 0
    window = min(HIGH_TOKENS, round((group.next_seq - group.course.window_from + heard) * turn))
    prompt = reply_tokens(group, shown) + window
    return [planned_calls("reply", people, people, prompt, turn, group, gateway)]


def recruit_plan(brief: Brief, model: str, gateway: Gateway) -> list[PlannedCalls]:
    """A whole panel: one call that sketches it, one each for the detail, some drawn again."""
    sketch, persona = (usual_prompt_tokens(request) for request in prompt_sizes(brief))
    room = gateway.room_to_think(model)
    redrawn = brief.size + int(brief.size * MOST_REDRAWN / 2)
    calls = -(-brief.size // sketches_at_once(brief, gateway.traits.of(model).output_tokens))
    sketched, written = usual_tokens(30, brief.text), usual_tokens(240, brief.text)
    return [
        PlannedCalls(
            "recruit_sketch", calls, calls, sketch // calls, (50 + (sketched + 16) * brief.size) // calls, room
        ),
        PlannedCalls("recruit_persona", brief.size, redrawn, persona, written + 60, room),
    ]


def analysis_plan(group: FocusGroup, gateway: Gateway) -> list[PlannedCalls]:
    """Codes, themes, a summary of what was said so far, and a check of each theme's summary and of that one."""
    transcript = max(1, group.next_seq - 1) * turn_tokens(group)
    parts = -(-transcript // CHUNK_TOKENS)
    batches = themes_calls(CODES_A_CHUNK * parts)
    check = min(CHECK_TOKENS, 400 + min(MESSAGES_A_THEME, group.next_seq) * turn_tokens(group))
    return [
        planned_calls("code_transcript", parts, parts, 500 + transcript // parts, 1_200, group, gateway),
        planned_calls(
            "build_themes",
            batches,
            batches,
            650 + TOKENS_A_CODE * min(CODES_A_CHUNK * parts, CODES_A_BATCH),
            450,
            group,
            gateway,
        ),
        planned_calls("summarise_session", 1, 1, 1_000, 350, group, gateway),
        planned_calls("check_claims", 2, MOST_THEMES + 1, check, 120, group, gateway),
    ]


def themes_calls(codes: int) -> int:
    """Returns the number of calls that form themes of so many codes: one a batch, and again for the groups of these.

    >>> themes_calls(14), themes_calls(560)
    (1, 11)
    """
    calls = batches = -(-codes // CODES_A_BATCH)
    while batches > 1:
        batches = -(-batches * MOST_THEMES // CODES_A_BATCH)
        calls += batches
    return max(1, calls)


def coding_plan(group: FocusGroup, codes: int, gateway: Gateway, *, propose: bool) -> list[PlannedCalls]:
    """Coding what was said so far with so many codes; with codes that are proposed first, part by part."""
    transcript = max(1, group.next_seq - 1) * turn_tokens(group)
    parts = -(-transcript // CHUNK_TOKENS)
    least, more = max(codes, 1) * LEAST_TOKENS_A_CODE, MOST_PROPOSED * parts if propose else 0
    most = (codes + more) * CODE_TOKENS
    batches = (-(-least // CODEBOOK_TOKENS), max(1, -(-most // CODEBOOK_TOKENS)))
    prompt = 500 + transcript // parts + min(CODEBOOK_TOKENS, (least + most) // 2)
    calls = [parts * each + (parts if propose else 0) for each in batches]
    return [planned_calls("code_transcript", calls[0], calls[1], prompt, 900, group, gateway)]


def planned_calls(
    feature: str, least: int, most: int, prompt: int, completion: int, group: FocusGroup, gateway: Gateway
) -> PlannedCalls:
    return PlannedCalls(feature, least, most, prompt, completion, gateway.room_to_think(group.model))


def reply_tokens(group: FocusGroup, shown: Sequence[Stimulus]) -> int:
    """A reply's prompt before anything was said."""
    person = group.participants[0] if group.participants else Persona("Participant")
    question = group.guide.questions[0] if group.guide.questions else group.topic
    return usual_prompt_tokens(reply_request(group, person, (), question, 1, shown))


def mean_window(first: int, last: int, turn: int) -> int:
    """Mean tokens of the transcript that prompts quote while message numbers run from first to last.

    It grows to its high mark and is then cut to its low mark, again and again.
    """
    sizes = []
    for said in range(first, max(first + 1, last)):
        size = said * turn
        over = size - HIGH_TOKENS
        sizes.append(size if over <= 0 else LOW_TOKENS + over % (HIGH_TOKENS - LOW_TOKENS))
    return round(sum(sizes) / len(sizes))
