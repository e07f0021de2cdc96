"""Recruiting a panel: an exact frame first, then one call that sketches all, then one call each for the detail.

All sketches come out of one call so that the personas differ; the details are written side by side. So a panel waits for
two model latencies, whatever its size.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from semblance_core.analysis.alike import numbered_names
from semblance_core.conversation.ending import cosine
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.personas.vocabulary import gender_word
from semblance_core.domain.task import is_waited_for
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.contradictions import contradictions
from semblance_core.flows.importing.persona_form import PersonaForm
from semblance_core.flows.requests.fitting import TOO_MUCH, fitting, prompt_tokens
from semblance_core.flows.requests.recruiting import (
    Brief,
    RecruitedForm,
    Sketch,
    Sketches,
    cells_of,
    is_blank,
    persona_request,
    sketch_request,
    sketches_at_once,
)
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.requests.recruiting import Cell
from semblance_core.store.server.failures import DatabaseFailed

MOST_REDRAWN = 0.5
SAME_TEXT = 0.9


@dataclass(frozen=True, slots=True)
class Recruitment:
    """A panel so far: sketches by cell, and the personas written, by cell index.

    notes: what to know about the panel. redrawn: how many were written again because they repeated an earlier one.
    """

    sketches: tuple[Sketch, ...] = ()
    written: dict[int, Persona] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    redrawn: int = 0

    @property
    def personas(self) -> list[Persona]:
        return [self.written[index] for index in sorted(self.written)]


def recruit(
    brief: Brief,
    model: str,
    gateway: Gateway,
    caller: Caller,
    *,
    simulated: bool,
    so_far: Recruitment,
    report: Callable[[Recruitment, str], None],
) -> Recruitment:
    """The panel that the brief asks for; `report` hears of every step and may raise to stop.

    so_far: what an earlier worker left, which is not paid for again. Raises what the gateway raises; personas written up to
    then were reported.
    """
    cells = cells_of(brief)
    so_far = replace(so_far, notes=so_far.notes or contradictions(brief.text, brief.margins))
    while len(so_far.sketches) < brief.size:
        report(so_far, "Sketching the panel")
        so_far = _sketched(brief, cells, so_far, model, gateway, caller)
    missing = [index for index in range(brief.size) if index not in so_far.written]
    so_far = _written(brief, cells, missing, so_far, model, gateway, caller, simulated, report)
    alike = _near_duplicates(so_far.personas)
    if alike and len(alike) <= MOST_REDRAWN * brief.size:
        so_far = _written(brief, cells, alike, so_far, model, gateway, caller, simulated, report)
        so_far = replace(so_far, redrawn=len(alike))
        alike = _near_duplicates(so_far.personas)
    if alike:
        note = f"{len(alike)} of {brief.size} personas are nearly the same text; a stronger model would write a more varied panel."
        so_far = replace(so_far, notes=(*so_far.notes, note))
    return replace(so_far, written=dict(enumerate(numbered_names(so_far.personas))))


def _sketched(
    brief: Brief, cells: Sequence[Cell], so_far: Recruitment, model: str, gateway: Gateway, caller: Caller
) -> Recruitment:
    """With further sketches: of all that are missing where that fits into one answer, else of as many as do."""
    start = len(so_far.sketches)
    count = min(brief.size - start, sketches_at_once(brief, gateway.traits.of(model).output_tokens))
    while True:
        request = sketch_request(brief, cells, so_far.sketches, count)
        there = gateway.prompt_room(model, request.max_tokens)
        if count > 1 and there is not None and prompt_tokens(request) > there:
            count //= 2
            continue
        try:
            sketched = gateway.structured(request, Sketches, model, caller).content.personas
        except ModelFailed as failed:
            if failed.kind not in TOO_MUCH or count < 2:
                raise
            count //= 2
        else:
            return replace(so_far, sketches=(*so_far.sketches, *[*sketched, *[Sketch()] * count][:count]))


def _written(
    brief: Brief,
    cells: Sequence[Cell],
    indices: Sequence[int],
    so_far: Recruitment,
    model: str,
    gateway: Gateway,
    caller: Caller,
    simulated: bool,
    report: Callable[[Recruitment, str], None],
) -> Recruitment:
    """Writes the personas of these cells side by side; those there already give the cells of a redraw a new seed."""
    report(so_far, "Writing personas")
    room = partial(gateway.prompt_room, model)

    def write(index: int) -> Persona:
        form = fitting(
            lambda: persona_request(
                brief, cells[index], so_far.sketches, index, redraw=index in so_far.written, room=room
            ),
            lambda request: gateway.structured(request, RecruitedForm, model, caller),
        ).content
        return _persona(form, cells[index], so_far.sketches[index], brief, index, simulated)

    written = dict(so_far.written)
    executor = gateway.side_by_side(caller, waited_for=is_waited_for("recruit", 1 + brief.size))
    calls = {executor.submit(write, index): index for index in indices}
    failure: Exception | None = None
    try:
        for call in as_completed(calls):
            if call.cancelled():
                continue
            try:
                persona = call.result()
            except (SemblanceError, DatabaseFailed) as failed:
                failure = failure or failed
                _call_off(calls)  # those in flight are paid for: they are waited for and kept
                continue
            written[calls[call]] = persona
            report(replace(so_far, written=dict(written)), f"Wrote {persona.name}")
    finally:
        _call_off(calls)
    if failure:
        raise failure
    return replace(so_far, written=written)


def _call_off(calls: Iterable[Future[Persona]]) -> None:
    """Cancels those that have not begun."""
    for call in calls:
        call.cancel()


def _persona(form: PersonaForm, cell: Cell, sketch: Sketch, brief: Brief, index: int, simulated: bool) -> Persona:
    named = f"Participant {index + 1}" if is_blank(sketch.name) else sketch.name.strip()
    persona = form.persona(fallback_name=named)
    fixed: dict[str, Any] = {field: gender_word(value) if field == "gender" else value for field, value in cell.facts}
    age = persona.age
    if cell.ages and (age is None or not cell.ages[0] <= age <= cell.ages[1]):
        age = cell.ages[0]  # drawn for this persona (`cells_of`)
    return replace(persona, **fixed, age=age, origin="generated", source_brief=brief.text, simulated=simulated)


def _near_duplicates(personas: Sequence[Persona]) -> list[int]:
    """Indices of personas whose text repeats an earlier one's (cosine ≥ .9)."""
    texts = [" ".join([person.backstory, person.quote, *person.goals, *person.frustrations]) for person in personas]
    return [
        index
        for index, text in enumerate(texts)
        if text.strip() and any(cosine(text, earlier) >= SAME_TEXT for earlier in texts[:index])
    ]
