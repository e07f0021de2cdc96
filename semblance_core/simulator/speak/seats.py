"""The participants of a session, and the writer that each of them speaks through."""

import random

from semblance_core.requests.discussion import ReplyRequest
from semblance_core.simulator.chance import digest
from semblance_core.simulator.read.scene import first_name
from semblance_core.simulator.speak.mind import Mind
from semblance_core.simulator.speak.wording import Writer


def names_of(asked: ReplyRequest, mind: Mind) -> frozenset[str]:
    """Words that keep their capital in the middle of a sentence: people, places and brands."""
    return frozenset(
        {
            *map(first_name, asked.others),
            *(turn.first for turn in mind.scene.turns),
            *mind.facts.slots.get("place", ()),
            *mind.facts.slots.get("brand", ()),
        }
        - {""}
    )


def everyone(asked: ReplyRequest) -> list[str]:
    """The names of all participants, in alphabetical order."""
    return sorted({asked.persona.name, *asked.others})


def writer_for(asked: ReplyRequest, mind: Mind, rng: random.Random) -> Writer:
    """The writer of this persona's seat at the table."""
    company = everyone(asked)
    seats = 1 if mind.autonomous else len(company)
    return Writer(
        rng,
        {"T": mind.question.subject, "F": mind.question.focus},
        mind.flags,
        {},
        mind.scene.spent,
        mind.scene.own_spent,
        company.index(asked.persona.name),
        seats,
        digest(mind.question.text) % 997,
    )
