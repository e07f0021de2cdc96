"""The moderator of an autonomous session: welcomes, links, probes and thanks."""

import random
import re
from typing import Any

from semblance_core.llm.simulator.chance import dice
from semblance_core.llm.simulator.lexicon import sections
from semblance_core.llm.simulator.nouns import subject_of
from semblance_core.llm.simulator.raised import noun_raised
from semblance_core.llm.simulator.scene import Turn, turns_of
from semblance_core.llm.simulator.words import TOKENS_A_WORD, clip, grams, plain, word_count


def moderate(context: dict[str, Any], max_tokens: int, seed: int) -> str:
    """The moderator's words. kind: `open` welcomes and asks, `next` picks up what somebody said and asks, `probe` follows up
    on something said, `close` thanks. The question stands in the text as it is in the guide."""
    kind = str(context.get("kind") or "next")
    question = " ".join(str(context.get("question") or "").split())
    turns = turns_of(context.get("transcript"))
    rng = dice(seed, kind, question, len(turns), turns[-1].seq if turns else 0)
    topic = subject_of(plain(context.get("topic"), 300))[0].text
    said = [turn for turn in turns if turn.role == "persona" and turn.first]
    if kind == "close":
        return clip(_line("close", rng, turns, topic), max(int(max_tokens / TOKENS_A_WORD), 12))
    if kind == "probe" and said:
        return _line("probe", rng, turns, topic, _worth_following(said, rng))
    link = ""
    if kind == "open":
        link = _line("open", rng, turns, topic)
    elif said:
        link = _line("next", rng, turns, topic, _worth_following(said, rng))
    room = int(max_tokens / TOKENS_A_WORD) - word_count(question)
    return (
        " ".join(part for part in (clip(link, room) if link and room >= word_count(link) else "", question) if part)
        or "What do you think?"
    )


def _worth_following(said: list[Turn], rng: random.Random) -> Turn:
    """One of the last eight turns, rather one that named something than one that did not."""
    recent = said[-8:]
    naming = [turn for turn in recent if noun_raised(turn.text)]
    return rng.choice(naming or recent)


def _line(section: str, rng: random.Random, turns: tuple[Turn, ...], topic: str, about: Turn | None = None) -> str:
    noun = noun_raised(about.text) if about else ""
    frames = [frame.text for frame in sections("moderator")[section] if noun or "{noun}" not in frame.text]
    spent = {gram for turn in turns if turn.role == "moderator" for gram in grams(turn.text, 4)}
    rng.shuffle(frames)
    text = min(frames, key=lambda each: len(grams(re.sub(r"\{\w+\}", "\n", each), 4) & spent))
    values = {"name": about.first if about else "", "noun": noun, "topic": topic}
    return re.sub(r"\{(name|noun|topic)\}", lambda match: values[match[1]], text)
