"""The request for the summary that stands above the themes, bounded whatever their length. Pure."""

from collections.abc import Sequence

from semblance_core.analysis.claims.told import told_of_theme, without_marked
from semblance_core.conversation.language import answer_tokens, asked_length
from semblance_core.conversation.tokens import shares, tokens_at_most, within
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.theme import Theme
from semblance_core.flows.requests.coding import LEAST_TOKENS, quoted_topic, topic_of
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.flows.requests.language import people as named_people
from semblance_core.flows.requests.language import setting, written
from semblance_core.flows.requests.replies import samples
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import as_data, render
from semblance_core.requests.analysis import SessionSummaryRequest

SESSION_TOKENS = 6_000
"""Most tokens that the prompt is estimated at."""
SUMMARY_LEAST, SUMMARY_MOST, QUOTES_A_THEME = 120, 220, 4
CITING_TOKENS = 200


def summary_of_session(
    group: FocusGroup, themes: Sequence[Theme], language: str, room: Room = any_room
) -> CompletionRequest:
    """Builds the request for the summary that stands above the themes.

    Args:
        group: the session, for its topic, participants, language and seed.
        themes: the themes, each with its quotes; the longest are cut where they do not fit. What is marked in
            their summaries, and sentences that refer to it, is left out, so that the summary above them does not repeat it.
        language: a sample of what was said.
        room: gives the tokens that the model takes for a prompt.
    """
    asked = SessionSummaryRequest(topic_of(group), tuple(themes), group.participants)
    answer = answer_tokens(SUMMARY_MOST, language, *samples(group)) + CITING_TOKENS
    people = ", ".join(f"{person.name} ({person.age or 'age not stated'})" for person in asked.participants)
    blocks = [_block(theme, len(asked.participants)) for theme in asked.themes]

    def prompt(blocks: Sequence[str]) -> str:
        text = render(
            "summarise_session",
            setting=setting(group),
            people=named_people(group),
            topic=quoted_topic(asked.topic),
            participants=as_data(people),
            themes=as_data("\n\n".join(blocks)),
            length=asked_length(SUMMARY_MOST, language, *samples(group), least=SUMMARY_LEAST),
        )
        return written(group, text)

    left = max(LEAST_TOKENS, room_for(room, answer, SESSION_TOKENS) - tokens_at_most(prompt(())))
    sizes = [tokens_at_most(block) + 2 for block in blocks]
    cut = [within(block, share - 2) for block, share in zip(blocks, shares(sizes, left), strict=True)]
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt(cut)),),
        max_tokens=answer,
        asked=asked,
        temperature=0.4,
        seed=group.seed,
    )


def _block(theme: Theme, people: int) -> str:
    said = without_marked(told_of_theme(theme, people))
    quotes = (f"- [{each.seq}] {each.speaker}: {each.quote}" for each in theme.verbatims[:QUOTES_A_THEME])
    quoted = f"Quoted: {len(theme.speakers)} of {people} participants."
    return "\n".join([theme.name, *([said] if said else []), quoted, *quotes])
