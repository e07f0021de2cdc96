"""The moderator of an autonomous session: opens it, follows up, links the next question to what was said, and closes."""

import json
import random
import re

from semblance_core.conversation.probing import Reason
from semblance_core.requests.discussion import BoundaryRequest, OpeningRequest, QuestionRequest
from semblance_core.simulator.chance import dice
from semblance_core.simulator.lexicon import sections
from semblance_core.simulator.read.raised import noun_raised
from semblance_core.simulator.read.scene import Turn, first_name, turns_of
from semblance_core.simulator.words import TOKENS_A_WORD, clip, grams, plain, word_count


def moderate(asked: QuestionRequest, max_tokens: int, seed: int, *, interview: bool = False) -> str:
    """The moderator's words: a link to what somebody said, and the question as it is in the guide. interview: to one person."""
    question = " ".join(asked.question.split())
    turns = turns_of(asked.lines)
    rng = dice(seed, "next", question, len(turns), turns[-1].seq if turns else 0)
    said = [turn for turn in turns if turn.role == "persona" and turn.first]
    frames = "one_next" if interview else "next"
    link = _link(rng, turns, _worth_following(said, rng), frames) if said else ""
    room = int(max_tokens / TOKENS_A_WORD) - word_count(question)
    return (
        " ".join(part for part in (clip(link, room) if link and room >= word_count(link) else "", question) if part)
        or "What do you think?"
    )


def opened(asked: OpeningRequest) -> str:
    """The moderator's welcome with the first question."""
    question = " ".join(asked.question.split())
    topic = " ".join(asked.topic.split()).rstrip(".!?")
    frame = sections("moderator")["one_open" if asked.interview else "open"][0].text
    welcome = frame.replace("{topic}", topic).replace("{name}", first_name(asked.names[0]) if asked.names else "")
    return f"{welcome} {question}"


def decided(asked: BoundaryRequest, max_tokens: int, seed: int) -> str:
    """The moderator's decision as JSON: follows up on the most pressing point where it may, else moves on or closes."""
    turns = turns_of(asked.lines)
    rng = dice(seed, "decide", asked.question, len(turns))
    if asked.may_probe and asked.planned and turns:
        said = [turn for turn in turns if turn.role == "persona" and turn.first]
        about = asked.to_follow[0].name if asked.to_follow else said[-1].speaker if said else asked.names[0]
        words = _as_question(asked.planned[0])
        words = words[:1].upper() + words[1:] if asked.interview else f"{first_name(about)}, {words}"
        return json.dumps({"decision": "probe", "to": about, "words": words, "planned": 1})
    if asked.may_probe and asked.to_follow:
        noticed = asked.to_follow[0]
        follow = "invite" if noticed.reason is Reason.UNHEARD else "probe"
        frames = sections("moderator")
        kinds = [f"one_{noticed.reason}" if asked.interview else "", noticed.reason]
        if asked.stimuli and noticed.reason in (Reason.THIN, Reason.VAGUE):
            kinds = ["one_shown" if asked.interview else "shown"]
        chosen = next(frames[each] for each in kinds if each in frames)
        words = (
            rng.choice(chosen)
            .text.replace("{name}", first_name(noticed.name))
            .replace("{other}", first_name(noticed.other))
        )
        words = words.replace("{stimulus}", plain(asked.stimuli[-1].name, 80) if asked.stimuli else "")
        return json.dumps({"decision": follow, "to": noticed.name, "words": words})
    if asked.next_question:
        put = QuestionRequest(asked.topic, asked.next_question, asked.lines)
        words = moderate(put, max_tokens, seed, interview=asked.interview)
        return json.dumps({"decision": "move_on", "to": "", "words": words})
    which = "one_" if asked.interview else ""
    close, thanks = (sections("moderator")[f"{which}{part}"][0].text for part in ("close", "thanks"))
    return json.dumps({"decision": "close", "to": "", "words": close, "thanks": thanks})


def _as_question(probe: str) -> str:
    """A planned probe as it is put: one in keywords becomes a question about them."""
    probe = " ".join(probe.split())
    return probe if probe.endswith("?") else f"could you say something about this: {probe.rstrip('.')}?"


def _worth_following(said: list[Turn], rng: random.Random) -> Turn:
    """One of the last eight turns, rather one that named something than one that did not."""
    recent = said[-8:]
    naming = [turn for turn in recent if noun_raised(turn.text)]
    return rng.choice(naming or recent)


def _link(rng: random.Random, turns: tuple[Turn, ...], about: Turn, name: str) -> str:
    noun = noun_raised(about.text)
    frames = [frame.text for frame in sections("moderator")[name] if noun or "{noun}" not in frame.text]
    spent = {gram for turn in turns if turn.role == "moderator" for gram in grams(turn.text, 4)}
    rng.shuffle(frames)
    text = min(frames, key=lambda each: len(grams(re.sub(r"\{\w+\}", "\n", each), 4) & spent))
    values = {"name": about.first, "noun": noun}
    return re.sub(r"\{(name|noun)\}", lambda match: values[match[1]], text)
