"""Who sits round the table, and the writer that each of them speaks through."""

import random
from typing import Any

from semblance_core.llm.simulator.chance import digest
from semblance_core.llm.simulator.mind import Mind
from semblance_core.llm.simulator.scene import first_name
from semblance_core.llm.simulator.wording import Writer


def names_of(context: dict[str, Any], mind: Mind) -> frozenset[str]:
    others = context.get("others")
    named = [first_name(str(name)) for name in others] if isinstance(others, list | tuple) else []
    return frozenset(
        {
            *named,
            *(turn.first for turn in mind.scene.turns),
            *mind.facts.slots.get("place", ()),
            *mind.facts.slots.get("brand", ()),
        }
        - {""}
    )


def everyone(context: dict[str, Any], mind: Mind) -> list[str]:
    others = context.get("others")
    me = str(mind.persona.get("name") or "")
    return sorted({me, *(str(name) for name in others)} if isinstance(others, list | tuple) else {me})


def writer_for(mind: Mind, rng: random.Random, context: dict[str, Any]) -> Writer:
    company = everyone(context, mind)
    seats = 1 if mind.autonomous else len(company)
    return Writer(
        rng,
        {"T": mind.question.subject, "F": mind.question.focus},
        mind.flags,
        {},
        mind.scene.spent,
        mind.scene.own_spent,
        company.index(str(mind.persona.get("name") or "")),
        seats,
        digest(mind.question.text) % 997,
    )
