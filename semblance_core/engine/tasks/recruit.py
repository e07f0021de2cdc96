"""The task that recruits a panel of personas."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from semblance_core.analysis.panel import Margin, MarginFit, panel_fit
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import is_simulated
from semblance_core.engine.tasks.run import TaskRun
from semblance_core.flows.recruit import Recruitment, recruit
from semblance_core.flows.requests.recruiting import Brief, Sketch
from semblance_core.store.codec import from_document, to_document

KIND = "recruit"


def _persona(stored: object) -> object:
    return from_document(Persona, stored) if isinstance(stored, dict) else stored


StoredPersona = Annotated[Persona, BeforeValidator(_persona), PlainSerializer(to_document)]
StoredIndex = Annotated[int, PlainSerializer(str)]
"""The database takes nothing but texts as keys."""


@dataclass(frozen=True, slots=True)
class Request:
    """The fields of a `Brief`, and the model that writes the personas."""

    text: str
    size: int
    margins: tuple[Margin, ...]
    seed: int
    model: str

    @classmethod
    def of(cls, brief: Brief, model: str) -> "Request":
        return cls(brief.text, brief.size, brief.margins, brief.seed, model)

    @property
    def brief(self) -> Brief:
        return Brief(self.text, self.size, self.margins, self.seed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Sketches by cell, the personas written by cell index, and notes on the panel."""

    sketches: tuple[Sketch, ...] = ()
    written: dict[StoredIndex, StoredPersona] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The saved personas. redrawn: how many near-duplicates were written anew, None where that is not known."""

    persona_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    redrawn: int | None = None
    fit: tuple[MarginFit, ...] = ()


def run(request: Request, run: TaskRun) -> Result:
    """Recruits the panel and saves it in the task's project."""
    brief, kept = request.brief, run.kept(Checkpoint)

    def report(so_far: Recruitment, now: str) -> None:
        # What was paid for first: a cancel between the two must not lose it.
        run.checkpoint(Checkpoint(so_far.sketches, so_far.written, so_far.notes))
        run.progress(len(so_far.written), brief.size, now)

    recruited = recruit(
        brief,
        request.model,
        run.gateway,
        run.caller,
        simulated=is_simulated(request.model),
        so_far=Recruitment(kept.sketches, kept.written, kept.notes),
        report=report,
    )
    report(recruited, "Saving")
    saved = run.store.personas.add(run.task.project_id, recruited.personas, run.clock(), task_id=run.task.id)
    ids = tuple(persona.id for persona in saved)
    return Result(ids, recruited.notes, recruited.redrawn, tuple(panel_fit(saved, request.margins)))
