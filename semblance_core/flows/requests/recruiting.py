"""The brief that a panel is recruited from, and the requests for it: sketches and details, each bounded. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field, model_validator

from semblance_core.analysis.ages import drawn_ages
from semblance_core.analysis.panel import Margin, frame
from semblance_core.analysis.sentences import whole_sentences
from semblance_core.conversation.language import SLACK_TOKENS, answer_tokens, asked_length
from semblance_core.conversation.tokens import tokens_at_most, within
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import LIST_FIELDS
from semblance_core.flows.importing.persona_form import TEXTS, PersonaForm
from semblance_core.flows.requests.fitting import Room, any_room, room_for
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.llm.structured import schema_of
from semblance_core.prompts import as_data, render
from semblance_core.requests.recruiting import Cell, PersonaRequest, SketchRequest

BRIEF_CHARS = 4_000
MAX_SIZE = 100
FEWEST_FIELDS = 3
"""Of what is stated of a person besides name and age: with fewer, there is nobody to play."""
PLACEHOLDERS = frozenset(
    {
        "string",
        "null",
        "none",
        "n/a",
        "unknown",
        "tbd",
        "todo",
        "not stated",
        "not specified",
        "unspecified",
        "placeholder",
        "undefined",
    }
)
SKETCH_WORDS, PERSONA_WORDS = 30, 320
FIELDS_TOKENS = 20
"""A sketch's part of the JSON around it."""
LEAST_PERSONA_TOKENS = 1_200
SKETCHES_ANSWER, SKETCHES_SLACK = 12_000, 200
PERSONA_TOKENS, LEAST_TOKENS = 10_000, 100
SCHEMA_TOKENS = 1_500
SKETCH_CHARS, OTHER_CHARS, OTHERS, CELL_CHARS = 600, 200, 30, 300


class Sketch(BaseModel):
    name: str = ""
    sketch: str = ""


class Sketches(BaseModel):
    personas: list[Sketch] = Field(default_factory=list)

    @model_validator(mode="after")
    def _say_something(self) -> "Sketches":
        if all(is_blank(each.name) and is_blank(each.sketch) for each in self.personas):
            raise ValueError("the sketches of the personas are empty")
        return self


class RecruitedForm(PersonaForm):
    """A persona as a model writes it: it has to say something of the person, and what only holds a place counts as not stated."""

    @model_validator(mode="after")
    def _says_something(self) -> "RecruitedForm":
        for name in ("name", *TEXTS):
            if is_blank(getattr(self, name)):
                setattr(self, name, "")
        for name in LIST_FIELDS:
            setattr(self, name, [text for text in getattr(self, name) if not is_blank(text)])
        if sum(bool(getattr(self, name)) for name in (*TEXTS, *LIST_FIELDS)) < FEWEST_FIELDS:
            raise ValueError("the persona is empty")
        return self


def is_blank(text: str) -> bool:
    """True where a text says nothing: it has no letter or digit, or it is a word that only holds a place.

    >>> is_blank("string"), is_blank(" – "), is_blank("Nurse")
    (True, True, False)
    """
    plain = text.strip().strip("<>[]{}()*_.").casefold()
    return plain in PLACEHOLDERS or not any(map(str.isalnum, plain))


@dataclass(frozen=True, slots=True)
class Brief:
    """The brief that a panel is recruited from.

    text: describes the people who are looked for. size: how many personas. margins: target shares. seed: makes the frame
    repeatable.
    """

    text: str
    size: int
    margins: tuple[Margin, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidInput("Write a brief: who are the people you are looking for?")
        if len(self.text) > BRIEF_CHARS:
            raise InvalidInput(f"A brief has at most {BRIEF_CHARS:,} characters.")
        if not 1 <= self.size <= MAX_SIZE:
            raise InvalidInput(f"A panel has 1 to {MAX_SIZE} personas.")


def sketches_at_once(brief: Brief, output_tokens: int | None) -> int:
    """Sketches that fit into one answer in the brief's language. output_tokens: the most that the model writes, where it is known."""
    return max(1, min(SKETCHES_ANSWER, output_tokens or SKETCHES_ANSWER) // _sketch_tokens(brief))


def _sketch_tokens(brief: Brief) -> int:
    return (answer_tokens(10 * SKETCH_WORDS, brief.text) - SLACK_TOKENS) // 10 + FIELDS_TOKENS


def prompt_sizes(brief: Brief) -> tuple[CompletionRequest, CompletionRequest]:
    """A sketching and a detailing request of about the size that this brief's will have, for an estimate."""
    cells = cells_of(brief)
    sketches = [Sketch(name="First Lastname", sketch="A sentence or two on who they are. " * 4)] * brief.size
    return sketch_request(brief, cells, (), brief.size), persona_request(brief, cells[0], sketches, 0, redraw=False)


def cells_of(brief: Brief) -> list[Cell]:
    """Returns the frame's values as cells, one for each persona; in place of an age band, an age that is drawn within it."""
    values = frame(brief.margins, brief.size, brief.seed)
    facts = [tuple((field, value) for field, value in each.items() if field != "age") for each in values]
    if "age" not in values[0]:
        return [Cell(each) for each in facts]
    ages = drawn_ages([each["age"] for each in values], brief.seed)
    return [Cell(each, (age, age)) for each, age in zip(facts, ages, strict=True)]


def sketch_request(brief: Brief, cells: Sequence[Cell], before: Sequence[Sketch], count: int) -> CompletionRequest:
    """Builds the request for further sketches.

    Args:
        brief: the panel's brief.
        cells: the frame's cells, one for each persona of the panel.
        before: the sketches that are there already; the new ones take the cells after them, and are to differ from them.
        count: how many sketches to ask for.
    """
    own = tuple(cells[len(before) : len(before) + count])
    asked = SketchRequest(brief.text, own, tuple(_other(sketch) for sketch in before[-OTHERS:]))
    lines = "\n".join(f"{place}. {_cell_text(cell)}" for place, cell in enumerate(asked.cells, start=1))
    others = "\n".join(f"- {other}" for other in asked.others)
    prompt = render(
        "recruit_sketch",
        brief=as_data(asked.brief),
        size=count,
        cells=as_data(lines),
        others=as_data(f"\n\nOthers are in the group already; let these differ from them:\n{others}" if others else ""),
    )
    schema = schema_of(Sketches)
    schema["properties"]["personas"] |= {"minItems": count, "maxItems": count}  # type: ignore[index]
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt),),
        max_tokens=SKETCHES_SLACK + _sketch_tokens(brief) * count,
        asked=asked,
        schema=schema,
        temperature=1.0,
        seed=brief.seed + len(before),
    )


def persona_request(
    brief: Brief,
    cell: Cell,
    sketches: Sequence[Sketch],
    index: int,
    *,
    redraw: bool,
    room: Room = any_room,
) -> CompletionRequest:
    """Builds the request for one persona in detail.

    Args:
        brief: the panel's brief; it is cut where it does not fit.
        cell: the frame's cell of this persona.
        sketches: the sketches of the whole panel; as many of the others are named as there is room for.
        index: place of this persona in `sketches`.
        redraw: the persona was written before; another seed makes it anew.
        room: gives the tokens that the model takes for a prompt.
    """
    others = tuple(f"{other.name}: {other.sketch}" for place, other in enumerate(sketches) if place != index)
    asked = PersonaRequest(brief.text, cell, sketches[index].name, sketches[index].sketch, others)
    answer = max(LEAST_PERSONA_TOKENS, answer_tokens(PERSONA_WORDS, asked.brief, asked.sketch))

    def prompt(text: str, others: Sequence[str]) -> str:
        return render(
            "recruit_persona",
            brief=as_data(text),
            name=as_data(asked.name[:OTHER_CHARS] or "a person with a name of your choice"),
            sketch=as_data(asked.sketch[:SKETCH_CHARS]),
            cell=as_data(_cell_text(asked.cell)),
            others=as_data("\n".join(f"- {_briefly(other)}" for other in others) or "(nobody)"),
            length=asked_length(100, asked.brief, asked.sketch, least=60),
        )

    most = room_for(room, answer, PERSONA_TOKENS) - SCHEMA_TOKENS
    named = asked.others[:OTHERS]
    while named and tokens_at_most(prompt(asked.brief, named)) > most:
        named = named[: len(named) * 2 // 3]
    text = within(asked.brief, max(LEAST_TOKENS, most - tokens_at_most(prompt("", named))))
    return CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", prompt(text, named)),),
        max_tokens=answer,
        asked=asked,
        schema=schema_of(PersonaForm),
        temperature=1.0,
        seed=random.Random(f"{brief.seed}/{index}/{redraw}").randrange(2**31),
    )


def _other(sketch: Sketch) -> str:
    return _briefly(f"{sketch.name}: {sketch.sketch}")


def _briefly(text: str) -> str:
    return text if len(text) <= OTHER_CHARS else whole_sentences(text[:OTHER_CHARS])


def _cell_text(cell: Cell) -> str:
    facts = [f"{field.replace('_', ' ')} {value}" for field, value in cell.facts]
    if cell.ages:
        youngest, oldest = cell.ages
        facts.append(f"age {youngest}" if youngest == oldest else f"age {youngest}–{oldest}")
    return (", ".join(facts) or "nothing beyond the brief")[:CELL_CHARS]
