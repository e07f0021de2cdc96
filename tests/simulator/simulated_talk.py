"""Panels and discussions that the simulator makes, for its tests to look at."""

import json
import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

from semblance_core.conversation.acts import Acts, Band, draw_acts, place_in
from semblance_core.conversation.window import Line
from semblance_core.domain.personas.persona import LIST_FIELDS, BigFive, Persona
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.requests.recruiting import Cell, PersonaRequest, SketchRequest
from semblance_core.simulator import answer

TOPICS = {
    "UK shoppers who buy oat milk": ("Oat milk", (
        "Tell us about yourself and how oat milk fits into your day.", "What do you think of the packaging?",
        "How much would you pay for it?", "What would make you switch brand?", "Any last thoughts?")),
    "UK drivers with car insurance": ("Car insurance", (
        "When did you last think about your car insurance?", "How do you choose an insurer?", "What frustrates you about renewal letters?",
        "Price or service: what matters more?", "Any last thoughts?")),
    "Residents of Leeds and their public library": ("A public library's opening hours", (
        "How often do you visit the library?", "What do you think of the opening hours?", "Would you come on Sundays?",
        "Imagine the ideal library. What is it like?", "Anything else we should know?")),
    "Managers who use a B2B payroll app": ("A B2B payroll app for small firms", (
        "How do you handle payroll today?", "What is your first impression of the app?", "What puts you off new software?",
        "Who would you ask before buying?", "Final thoughts?")),
    "Commuters in Berlin who cycle to work": ("Cycling to work in Berlin", (
        "Why do you cycle?", "What worries you about cycling in winter?", "What would make you cycle more often?",
        "How do you feel about helmets?", "Last thoughts?")),
}  # fmt: skip
BRIEFS = list(TOPICS)
HELD_OUT = {
    "People who keep bees in their garden": ("Keeping bees in a garden", (
        "Tell us about yourself and your bees.", "What do you think of the hives?", "How much would you pay for a hive?",
        "What worries you about it?", "Any last thoughts?")),
    "Tenants with a smart doorbell": ("Smart doorbells", (
        "When did you last use your doorbell?", "How did you choose it?", "What frustrates you about the alerts?",
        "A camera or a bell: what matters more?", "Any last thoughts?")),
    "Members of a choir in Bristol": ("A choir's rehearsals", (
        "How often do you sing?", "What do you think of the rehearsals?", "Would you come on Tuesdays?",
        "Imagine the ideal choir. What is it like?", "Anything else we should know?")),
    "Adults with a tattoo": ("Tattoos", (
        "What do you like most about your tattoo?", "Have you ever regretted it?", "Who would you ask before the next one?",
        "What would make you cover it?", "Final thoughts?")),
}  # fmt: skip
"""Topics whose things no word list of the simulator names; none of its frames was written for them."""


@dataclass(frozen=True)
class Said:
    """A message of a discussion. question: the one under discussion. words: how many were asked for, 0 of the moderator."""

    line: Line
    question: str
    words: int = 0

    @property
    def speaker(self) -> str:
        return self.line.speaker

    @property
    def text(self) -> str:
        return self.line.text


def panel(brief: str, size: int = 6, seed: int = 3) -> list[Persona]:
    sketched = json.loads(answer(SketchRequest(brief, (Cell(),) * size), 2_000, seed))["personas"]
    people = []
    for place, each in enumerate(sketched):
        others = tuple(other["sketch"] for other in sketched if other is not each)
        asked = PersonaRequest(brief, Cell(), each["name"], each["sketch"], others)
        people.append(persona_of(json.loads(answer(asked, 2_000, seed)), f"p{place}"))
    return people


def persona_of(written: dict[str, Any], id: str) -> Persona:
    """The persona that the simulator wrote."""
    lists = {name: tuple(written[name]) for name in LIST_FIELDS}
    return Persona(**{**written, **lists, "big_five": BigFive(**written["big_five"]), "id": id})


def lines_of(said: Sequence[Said]) -> tuple[Line, ...]:
    return tuple(message.line for message in said)


def session(brief: str, turns: int = 40, seed: int = 1) -> list[Said]:
    """An autonomous session: whoever comes next at random, lengths log-normal with a median of 40 words."""
    topic, questions = (TOPICS | HELD_OUT)[brief]
    people, rng = panel(brief), random.Random(seed)
    lengths = [round(40 * math.exp(0.7 * NormalDist().inv_cdf((turn + 0.5) / turns))) for turn in range(turns)]
    rng.shuffle(lengths)
    said: list[Said] = []
    last = None
    for turn in range(turns):
        question = questions[turn * len(questions) // turns]
        if not said or said[-1].question != question:
            said.append(Said(Line(len(said) + 1, "Moderator", question, "moderator"), question))
        last = rng.choice([person for person in people if person is not last])
        asked = ReplyRequest(
            last,
            topic,
            question,
            acts(last, max(3, min(200, lengths[turn])), said, people, rng),
            lines=lines_of(said),
            participants=tuple(people),
            autonomous=True,
        )
        text = answer(asked, 400, seed * 1_000 + turn)
        said.append(Said(Line(len(said) + 1, last.name, text, "persona"), question, asked.words))
    return said


def acts(person: Persona, words: int, said: Sequence[Said], people: Sequence[Persona], rng: random.Random) -> Acts:
    """What the product draws, at a length of our own."""
    drawn = draw_acts(person, place_in(lines_of(said), person, people, asks_all=False), rng)
    return replace(drawn, words=words)


def turns_of(said: Sequence[Said]) -> list[Said]:
    return [message for message in said if message.line.role == "persona"]


def share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def named(said: Sequence[Said]) -> list[bool]:
    firsts = {turn.speaker.split()[0] for turn in turns_of(said)}
    return [
        any(re.search(rf"\b{name}\b", turn.text) for name in firsts - {turn.speaker.split()[0]})
        for turn in turns_of(said)
    ]


def asked(question: str, topic: str, brief: str, seeds: int = 8, words: int = 30) -> list[str]:
    """What a panel answers when nobody has said anything before."""
    people = tuple(panel(brief))
    return [
        answer(ReplyRequest(person, topic, question, Acts(Band.SENTENCES, words), participants=people), 400, seed)
        for seed in range(seeds)
        for person in people
    ]
