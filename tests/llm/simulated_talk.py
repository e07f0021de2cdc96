"""Panels and discussions that the simulator makes, for its tests to look at."""

import json
import math
import random
import re
from statistics import NormalDist
from typing import Any

from semblance_core.llm.simulator import answer

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


def panel(brief: str, size: int = 6, seed: int = 3) -> list[dict[str, Any]]:
    asked = {"brief": brief, "size": size, "cells": [{} for _ in range(size)]}
    sketched = json.loads(answer("recruit_sketch", asked, 2_000, seed))["personas"]
    people = []
    for place, each in enumerate(sketched):
        others = [other["sketch"] for other in sketched if other is not each]
        text = answer("recruit_persona", {"brief": brief, "cell": {}, **each, "others": others}, 2_000, seed)
        people.append({**json.loads(text), "id": f"p{place}"})
    return people


def session(brief: str, turns: int = 40, seed: int = 1) -> list[dict[str, Any]]:
    """An autonomous session: whoever comes next at random, lengths log-normal with a median of 40 words."""
    topic, questions = TOPICS[brief]
    people, rng = panel(brief), random.Random(seed)
    lengths = [round(40 * math.exp(0.7 * NormalDist().inv_cdf((turn + 0.5) / turns))) for turn in range(turns)]
    rng.shuffle(lengths)
    said: list[dict[str, Any]] = []
    last = None
    for turn in range(turns):
        question = questions[turn * len(questions) // turns]
        if not said or said[-1]["question"] != question:
            said.append(
                {
                    "seq": len(said) + 1,
                    "role": "moderator",
                    "speaker": "Moderator",
                    "text": question,
                    "question": question,
                }
            )
        last = rng.choice([person for person in people if person is not last])
        context = {
            "persona": last, "topic": topic, "question": question, "section": "", "transcript": said, "summary": "",
            "words": max(3, min(200, lengths[turn])), "mode": "autonomous",
            "others": [person["name"] for person in people if person is not last],
        }  # fmt: skip
        text = answer("reply", context, 400, seed * 1_000 + turn)
        said.append(
            {
                "seq": len(said) + 1,
                "role": "persona",
                "speaker": last["name"],
                "text": text,
                "question": question,
                "words": context["words"],
            }
        )
    return said


def turns_of(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in said if message["role"] == "persona"]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def named(said: list[dict[str, Any]]) -> list[bool]:
    firsts = {turn["speaker"].split()[0] for turn in turns_of(said)}
    return [
        any(re.search(rf"\b{name}\b", turn["text"]) for name in firsts - {turn["speaker"].split()[0]})
        for turn in turns_of(said)
    ]


def asked(question: str, topic: str, brief: str, seeds: int = 8, words: int = 30) -> list[str]:
    """What a panel answers when nobody has said anything before."""
    people = panel(brief)
    return [
        answer("reply", {
            "persona": person, "topic": topic, "question": question, "transcript": [], "words": words, "mode": "moderated",
            "others": [other["name"] for other in people if other is not person],
        }, 400, seed) for seed in range(seeds) for person in people
    ]  # fmt: skip
