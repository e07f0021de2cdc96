"""A model that fails every fifth call, in each of the ways that models fail."""

import json
import random
import re
from dataclasses import dataclass, field, replace

from tests.scripted_server import Asked, Reply, chatter, sensible


@dataclass(frozen=True)
class Way:
    """One way to fail. status: what the event must say; charged: `nothing`, `reported` or `held`.

    of_json: the status where JSON was asked for, if it is another; of_notes: where notes of the discussion were.
    """

    reply: Reply
    status: str
    charged: str
    of_json: str = ""
    of_notes: str = ""

    def status_of(self, asked: Asked) -> str:
        if asked.schema is not None:
            return self.of_json or self.status
        is_speech = "Speak now as" in asked.prompt or "Put the next question" in asked.prompt
        return self.status if is_speech else self.of_notes or self.status


WAYS = {
    "401": Way(Reply("wrong key", status=401), "auth", "nothing"),
    "429": Way(Reply("slow down", status=429, headers={"retry-after": "0"}), "rate_limit", "nothing"),
    "500": Way(Reply("down", status=500), "server", "nothing"),
    "hang": Way(Reply(delay_s=20.0), "timeout", "held"),
    "drip": Way(Reply("x" * 8_000, drip_s=0.05), "timeout", "held"),
    "cut body": Way(Reply("x" * 400, cut=True), "connection", "held"),
    "malformed JSON": Way(Reply(body=b'{"choices": [{"mess'), "malformed", "held"),
    "empty choices": Way(Reply(choices=False), "empty", "reported"),
    "empty choices, no usage": Way(Reply(choices=False, usage=False), "empty", "held"),
    "null content": Way(Reply(None), "empty", "reported"),
    "all thought": Way(Reply(None, finish_reason="length", reasoning=50), "truncated", "reported"),
    "truncated": Way(Reply("I was going to say", finish_reason="length"), "ok", "reported", of_json="truncated"),
    "missing usage": Way(Reply("Fine by me, as far as it goes.", usage=False), "ok", "counted"),
    "in parts": Way(Reply("Fine by me.", in_parts=True), "ok", "reported"),
    "thought beside the answer": Way(Reply("Fine by me.", reasoning=40, beside=True), "ok", "reported"),
    "paid for and unreadable": Way(
        Reply(body=b'{"choices": [{"message": 7}], "usage": {"prompt_tokens": 70, "completion_tokens": 9}}'),
        "malformed",
        "reported",
    ),
    "an argument refused": Way(Reply("temperature is not supported", status=400), "bad_request", "nothing"),
    "content filter": Way(Reply("…", finish_reason="content_filter"), "content_filter", "reported"),
    "refusal": Way(Reply(None, refusal="I cannot help with that."), "refusal", "reported"),
    "error inside the choice": Way(
        Reply("I was going", finish_reason="error", error={"code": 502, "message": "Gone"}), "server", "reported"
    ),
    "thinking without an end": Way(Reply("<think>They want it short, so"), "empty", "reported"),
    "empty object": Way(Reply("{}"), "not_speech", "reported", of_json="schema"),
    "other people's lines": Way(Reply("User: And you?\nBot: I see."), "not_speech", "reported", "malformed", "ok"),
    "argument refused": Way(Reply("temperature is not supported", status=400), "bad_request", "nothing"),
    "wait told in the body": Way(Reply("Quota exceeded. Please retry in 0s.", status=429), "rate_limit", "nothing"),
}


def fitting(asked: Asked) -> Reply:
    """JSON of the form asked for; codes quote what was said, and themes are made of the codes."""
    if asked.feature == "code_transcript":
        said = re.findall(r"^\[(\d+)\] (\w[^:]*): (.+)$", asked.prompt, re.MULTILINE)[-4:]
        quotes = [{"seq": int(seq), "speaker": name, "quote": text[:40]} for seq, name, text in said]
        return Reply(
            json.dumps({"codes": [{"label": f"Idea {quote['seq']}", "verbatims": [quote]} for quote in quotes]})
        )
    if asked.feature == "build_themes":
        return Reply(json.dumps({"themes": [{"name": "Ideas", "summary": "They have some.", "code_ids": [0, 1]}]}))
    return sensible(asked)


@dataclass
class Storm:
    """Fails every fifth call in one of these ways; remembers in which, and what the event must say."""

    ways: list[Way]
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    left: list[Way] = field(default_factory=list)
    injected: list[Way] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        wants_json = asked.schema is not None
        if asked.number % 5 != 4:
            return fitting(asked) if wants_json else Reply(chatter(asked.number, 30))
        if not self.left:  # each way once before any comes again
            self.left = self.rng.sample(self.ways, len(self.ways))
        way = self.left.pop()
        self.injected.append(way)
        self.expected.append(way.status_of(asked))
        if way.status != "ok":
            return way.reply
        said = fitting(asked).text if wants_json else chatter(-asked.number, 12).rstrip(".")
        return replace(way.reply, text=said)
