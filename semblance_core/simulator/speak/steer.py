"""The simulator where a person steers: the moderator's words for a whisper, and follow-ups to choose from."""

import json

from semblance_core.requests.steering import SteerRequest, SuggestRequest
from semblance_core.simulator.chance import dice
from semblance_core.simulator.lexicon import sections
from semblance_core.simulator.read.nouns import chunks, noun
from semblance_core.simulator.read.raised import noun_raised
from semblance_core.simulator.read.scene import turns_of

MOST_FOLLOW_UPS = 3


def steered(asked: SteerRequest, seed: int) -> str:
    """The moderator's words, which turn to the last thing that the whisper names.

    >>> steered(SteerRequest("Oat milk", "Why?", ("Get them to the price of the carton",)), 1)
    'Let me turn to the price. What do you think of it?'
    """
    whisper = asked.whispers[-1] if asked.whispers else ""
    found = chunks(whisper)
    rng = dice(seed, "steer", whisper, len(asked.lines))
    if not found:
        return sections("moderator")["steer_plain"][0].text
    named = next((each for each in found if each.determiner), found[-1])
    about = noun(named.words, named.determiner or "the").text
    return rng.choice(sections("moderator")["steer"]).text.replace("{noun}", about)


def suggested(asked: SuggestRequest, seed: int) -> str:
    """Three follow-ups as JSON: about things that were named, newest first, and plain ones where there are too few."""
    turns = [turn for turn in turns_of(asked.lines) if turn.role == "persona"]
    rng = dice(seed, "suggest", len(turns), turns[-1].seq if turns else 0)
    found: list[str] = []
    sorts = ("suggest_one", "suggest_all")
    for turn in reversed(turns):
        thing = noun_raised(turn.text)
        if not thing or len(found) == MOST_FOLLOW_UPS - 1:
            continue
        frame = rng.choice(sections("moderator")[sorts[len(found)]]).text
        values = {"{who}": f"@{turn.speaker}", "{first}": turn.first, "{noun}": thing}
        for slot, value in values.items():
            frame = frame.replace(slot, value)
        if frame not in found:
            found.append(frame)
    plain = [frame.text for frame in sections("moderator")["suggest_plain"]]
    return json.dumps({"questions": [*found, *plain][:MOST_FOLLOW_UPS]})
