"""An interview round: the same guide put to each of several people alone, in a session of their own. Pure values."""

from dataclasses import dataclass
from datetime import datetime

from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS, TITLE_CHARS, TOPIC_CHARS
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.estimate import Estimate

MOST_INTERVIEWS = MAX_PARTICIPANTS
"""People in one round: as many as in a group, so that one analysis names them all."""
CLOSING_MESSAGES = 3
"""The question what was missed, its answer, and the thanks."""


@dataclass(frozen=True, slots=True)
class RoundConfig:
    """The choices of a researcher about a round. model: empty for the platform's default.

    by_person: a person moderates each interview in its session; else the model does. probing: how far the model follows up.
    seed: of every interview, so that a person's does not depend on who else is asked. language: as of `FocusGroup`.
    """

    title: str
    guide: Guide
    topic: str = ""
    model: str = ""
    seed: int = 0
    probing: Probing = Probing.LIGHT
    by_person: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Interviewee:
    """One person of a round. session_id: where they are interviewed; the persona as they are asked is kept there."""

    session_id: str
    persona_id: str
    name: str


@dataclass(frozen=True, slots=True)
class InterviewRound:
    """A round as it was begun; how far it is, its sessions tell. people: in the order in which they are shown.

    Attributes:
        request: fingerprint of what was asked for, by which a second click is known.
        estimate: what was said of the use of all interviews when they began; None where a person moderates.
    """

    id: str
    project_id: str
    owner_id: str
    title: str
    topic: str
    guide: Guide
    people: tuple[Interviewee, ...]
    model: str
    seed: int
    created_at: datetime
    probing: Probing = Probing.LIGHT
    by_person: bool = False
    language: str = ""
    simulated: bool = False
    prompts: str = ""
    request: str = ""
    estimate: Estimate | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.title.strip()) <= TITLE_CHARS:
            raise InvalidInput(f"A round's title has 1–{TITLE_CHARS} characters.")
        if len(self.topic) > TOPIC_CHARS:
            raise InvalidInput(f"A topic has at most {TOPIC_CHARS:,} characters.")
        if not 1 <= len(self.people) <= MOST_INTERVIEWS:
            raise InvalidInput(f"A round has 1–{MOST_INTERVIEWS} people, not {len(self.people):,}; choose some.")

    @property
    def session_ids(self) -> tuple[str, ...]:
        return tuple(each.session_id for each in self.people)


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """The state of a round: numbers of its interviews that are there, over and at work, and of all their messages."""

    there: int = 0
    over: int = 0
    busy: int = 0
    messages: int = 0


def most_messages(guide: Guide, probing: Probing) -> int:
    """Returns the messages that one interview takes at most where a model moderates: the bound of its turns.

    >>> from semblance_core.domain.discussion.guide import parse_guide
    >>> most_messages(parse_guide("- Why?\\n- When?"), Probing.LIGHT)
    11
    """
    follow_ups = sum(max(probing.most_probes, len(each.probes)) for each in guide.asked) if probing.most_probes else 0
    closing = CLOSING_MESSAGES if probing is not Probing.NONE else 0
    return 2 * (len(guide.questions) + follow_ups) + closing
