"""Questionnaires and panels for tests of surveys, and a scripted model that answers them."""

import json
import re
from collections.abc import Callable
from typing import Any

from semblance_core.bootstrap import Semblance
from semblance_core.domain.instruments.survey import Survey
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import Task
from semblance_core.reports.exports import personas_json
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply
from tests.studies import NAMES, finished

SHORT = """# Oat milk

A carton of oat milk at 1.80.

## Which do you drink most?
type: single choice
- Oat milk
- Cow's milk
- None

## How likely are you to buy it?
type: scale
low: I would never buy it
high: I would buy it today
anchors: purchase intent
"""
EVERY = (
    SHORT
    + """
## Which have you tried?
type: multiple choice
- Oat
- Soy
- Rice

## How likely are you to recommend it?
type: nps

## Put these in order
type: ranking
- Price
- Taste
- Packaging

## What would you pay?
type: number
least: 0
most: 10
unit: euros

## How much does each count?
type: allocation
- Price
- Taste

## Why?
type: open
"""
)


STUDY = f"""---
title: Two texts
personas: people.json
model: simulator/instant
arms:
- name: Plain
  text: Oat milk, 1.80.
- name: Warm
  text: Oat milk, made with care, 1.80.
---

```survey
{SHORT}
```
"""


def asked_person(asked: Asked) -> str:
    """The name on the card of a prompt."""
    found = re.search(r"^Name: (.+)$", asked.prompt, re.M)
    assert found
    return found[1]


def asked_question(asked: Asked) -> str:
    found = re.search(r"<question>\n(.+)\n</question>", asked.prompt)
    assert found
    return found[1]


def fitting(asked: Asked) -> dict[str, Any]:
    """Some answer that fits the question of a prompt."""
    prompt = asked.prompt
    letters = re.findall(r"^([A-T])\. ", prompt, re.M)
    if "“parts”" in prompt:
        names = letters or ["1", "2", "3", "4", "5"]
        return {"parts": [{"name": name, "points": 100 / len(names)} for name in names], "because": "So."}
    if "“number”" in prompt:
        return {"number": 4, "because": "So."}
    if "“text”" in prompt:
        return {"text": "I think I would buy this."}
    return {"chosen": letters if "every letter once" in prompt else letters[:1], "because": "So."}


def answering(answer: Callable[[Asked], dict[str, Any]] = fitting, **reply: Any) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(json.dumps(answer(asked)), **reply)


def _person(number: int) -> Persona:
    name = NAMES[number] if number < len(NAMES) else f"Person{number} Test"
    gender = "woman" if number % 2 else "man"
    home = f"Lives in house number {number} and shops on the way home."
    return Persona(name, age=20 + number % 60, gender=gender, occupation="nurse", backstory=home)


def project_with(workspace: Workspace, size: int) -> str:
    """A new project with so many personas."""
    project = workspace.projects.create("Oat milk", numbered=True)
    people = [_person(number) for number in range(size)]
    workspace.personas.import_file(project.id, personas_json(people))
    return project.id


def surveyed(semblance: Semblance, workspace: Workspace, survey: Survey) -> Task:
    """The survey's task once it is over."""
    return finished(semblance, workspace, workspace.tasks.get(survey.id))
