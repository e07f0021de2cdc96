"""An interview round made: the sessions of its people, and the round as one, which a single analysis reads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from semblance_core.analysis.alike import participants_of
from semblance_core.domain.discussion.focus_group import MAX_TURNS, TITLE_CHARS, FocusGroup, FocusGroupState
from semblance_core.domain.discussion.interviews import Interviewee, InterviewRound, RoundConfig, most_messages
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import is_simulated
from semblance_core.flows.discussion.converse import check_startable
from semblance_core.prompts import version
from semblance_core.store.ids import new_id

NO_STIMULI = (
    "An interview round shows no stimuli yet; take the lines “show: …” out of the guide, or hold a focus group."
)


def drafted_round(
    config: RoundConfig, people: Sequence[Persona], model: str, project_id: str, owner_id: str, at: datetime
) -> tuple[InterviewRound, list[FocusGroup]]:
    """A new round and its sessions, which nothing runs yet.

    Args:
        config: what the researcher decided.
        people: who is interviewed, as they are now.
        model: that asks and answers.
        project_id: the project.
        owner_id: its owner.
        at: the time.

    Raises:
        InvalidInput: the guide has no question or shows stimuli, nobody or too many are asked, one has the moderator's name, or the model
            does not speak the language.
    """
    if not config.guide.questions:
        raise InvalidInput("An interview follows a guide; give it at least one question.")
    if config.guide.shows_stimuli:
        raise InvalidInput(NO_STIMULI)
    if not people:
        raise InvalidInput(
            "Nobody is there to be interviewed: choose personas, or recruit, write or import some first."
        )
    people = participants_of(people)
    held = InterviewRound(
        id=new_id(),
        project_id=project_id,
        owner_id=owner_id,
        title=config.title.strip(),
        topic=config.topic.strip(),
        guide=config.guide,
        people=tuple(Interviewee(new_id(), person.id, person.name) for person in people),
        model=model,
        seed=config.seed,
        created_at=at,
        probing=config.probing,
        by_person=config.by_person,
        language=" ".join(config.language.split()),
        simulated=is_simulated(model),
        prompts=version(),
    )
    snapshots = [replace(person, version=None, edits={}) for person in people]
    groups = [_interview(held, each, person) for each, person in zip(held.people, snapshots, strict=True)]
    for group in groups:
        check_startable(group)
    return held, groups


def as_one(held: InterviewRound, groups: Sequence[FocusGroup]) -> FocusGroup:
    """The round as one session that everybody took part in: what an analysis of all interviews reads beside the transcripts."""
    people = tuple(person for group in groups for person in group.participants)
    messages = sum(group.next_seq - 1 for group in groups)
    whole = _session(held, held.id, held.title, people)
    return replace(whole, next_seq=messages + 1)


def _interview(held: InterviewRound, each: Interviewee, person: Persona) -> FocusGroup:
    title = f"{person.name} · {held.title}"[:TITLE_CHARS]
    whole = _session(held, each.session_id, title, (person,))
    return replace(whole, stimulus_plan=StimulusPlan())


def _session(held: InterviewRound, group_id: str, title: str, people: tuple[Persona, ...]) -> FocusGroup:
    return FocusGroup(
        id=group_id,
        project_id=held.project_id,
        owner_id=held.owner_id,
        title=title,
        topic=held.topic,
        guide=held.guide,
        participants=people,
        model=held.model,
        turn_limit=min(MAX_TURNS, most_messages(held.guide, held.probing)),
        seed=held.seed,
        created_at=held.created_at,
        updated_at=held.created_at,
        state=FocusGroupState.MODERATED,
        simulated=held.simulated,
        probing=held.probing,
        language=held.language,
        round_id=held.id,
    )
