"""The set-up of a session: what a researcher decides before it starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from semblance_core.analysis.alike import participants_of
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.editing import joined_by_id
from semblance_core.domain.instruments.ballot import kept_ballot, read_ballot
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import is_simulated
from semblance_core.flows.simulated import check_survey
from semblance_core.store.ids import new_id


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """The choices of a researcher about a session before it starts. model: empty for the platform's default.

    rotate_stimuli: stimuli at questions change places from group to group of the project. group_number: as for which group; 0
    counts the project's groups. A copy of the session is counted anew. private_first: each question is answered alone first. language:
    that participants and moderator speak, by its English name; empty for the guide's.
    ballot: a questionnaire as Markdown, answered in private before and after; empty for none. ballot_control: it is also put twice
    without the discussion.
    version: of the draft that it was read from, None for one that was written anew.
    """

    title: str
    topic: str
    guide: Guide
    participants: tuple[Persona, ...]
    model: str = ""
    turn_limit: int = 40
    seed: int = 0
    rotate_stimuli: bool = False
    group_number: int = 0
    probing: Probing = Probing.LIGHT
    private_first: bool = False
    language: str = ""
    ballot: str = ""
    ballot_control: bool = True
    version: int | None = field(default=None, compare=False)


CONFIG_FIELDS = {
    "title": "the title",
    "topic": "the topic",
    "guide": "the guide",
    "participants": "the participants",
    "model": "the model",
    "turn_limit": "the turn limit",
    "seed": "the seed",
    "rotate_stimuli": "the order of the stimuli",
    "probing": "the probing",
    "private_first": "private answers first",
    "language": "the language",
    "ballot": "the ballot",
    "ballot_control": "the ballot's control",
}
"""The fields of a set-up that are edited, with their names on screen."""


def config_of(group: FocusGroup) -> SessionConfig:
    """The set-up that a session has: its guide as it was before a moderator changed what was to come."""
    fields = {name: getattr(group, name) for name in CONFIG_FIELDS} | {"guide": group.first_guide or group.guide}
    return SessionConfig(**fields, version=group.version)


def drafted(project: Project, config: SessionConfig, model: str, at: datetime) -> FocusGroup:
    """A new session with this set-up; raises `InvalidInput` for a participant with the moderator's name."""
    return FocusGroup(
        id=new_id(),
        project_id=project.id,
        owner_id=project.owner_id,
        title=config.title.strip(),
        topic=config.topic.strip(),
        guide=config.guide,
        participants=identified(config.participants),
        model=model,
        turn_limit=config.turn_limit,
        seed=config.seed,
        rotate_stimuli=config.rotate_stimuli,
        group_number=config.group_number,
        probing=config.probing,
        private_first=config.private_first,
        language=" ".join(config.language.split()),
        ballot=checked_ballot(config.ballot, model),
        ballot_control=config.ballot_control,
        created_at=at,
        updated_at=at,
        simulated=is_simulated(model),
    )


def checked_ballot(text: str, model: str) -> str:
    """The ballot as it is kept; raises `InvalidInput` where it has mistakes, or the simulator cannot read it."""
    kept = kept_ballot(text)
    if kept:
        check_survey(model, read_ballot(kept))
    return kept


def identified(participants: Sequence[Persona]) -> tuple[Persona, ...]:
    """Participants that can be told apart, as snapshots: a persona that was never saved gets an id of its own, and one whose name
    somebody before has gets a number behind it.
    """
    people = participants_of(participants)
    return tuple(replace(person, id=person.id or new_id(), version=None, edits={}) for person in people)


def joined_participants(
    base: tuple[Persona, ...], theirs: tuple[Persona, ...], yours: tuple[Persona, ...]
) -> tuple[Persona, ...] | None:
    """The participants that two windows chose, as `joined_by_id`; where both added somebody of one name, with numbers."""
    joined = joined_by_id(base, theirs, yours)
    return None if joined is None else participants_of(joined)
