"""The plan of a whole study, checked before anything is paid for."""

from dataclasses import dataclass
from typing import Literal

from semblance_core.analysis.alike import participants_of
from semblance_core.domain.discussion.asset import MOST_ASSETS, Asset, check_size, safe_name
from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS, FocusGroup
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.discussion.shows import plan_of
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.times import utc_now
from semblance_core.flows.requests.recruiting import Brief
from semblance_core.workspace import SessionConfig

Mode = Literal["autonomous", "moderated"]


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """Plan of a study: a guide, and either a brief and a size, or personas.

    Attributes:
        brief: the people to recruit, such as "UK shoppers who buy oat milk"; size: how many.
        personas: participants, instead of a brief.
        mode: `moderated` puts the guide's questions once each, `autonomous` lets the participants discuss.
        turns: limit of an autonomous discussion.
        seed: makes frame, speakers and lengths repeatable.
        model: a litellm name; empty takes the platform's default.
        topic: empty takes the brief, or the title.
        stimuli: names and bytes of files that participants are shown: with the question of the guide that names one, the others
            with the first question.
        language: that participants and moderator speak, by its English name; empty for the guide's.
        private_first: each question is answered alone before the discussion of it.
        probing: how far the moderator of an autonomous discussion follows up.
        group_number: rotates the order of the stimuli as for this group, from 1; 0 keeps the order of the guide.

    Raises:
        InvalidInput: the plan would be refused only after a panel was recruited and paid for.
    """

    guide: Guide
    brief: str = ""
    size: int = 6
    personas: tuple[Persona, ...] = ()
    mode: Mode = "autonomous"
    turns: int = 40
    seed: int = 0
    model: str = ""
    title: str = "Focus group"
    topic: str = ""
    stimuli: tuple[tuple[str, bytes], ...] = ()
    group_number: int = 0
    probing: Probing = Probing.LIGHT
    language: str = ""
    private_first: bool = False

    def __post_init__(self) -> None:
        if not self.brief and not self.personas:
            raise InvalidInput("A study needs a brief or personas.")
        people = Brief(self.brief, self.size).size if self.brief else len(self.personas)
        if people > MAX_PARTICIPANTS:
            raise InvalidInput(f"A focus group has at most {MAX_PARTICIPANTS} participants, not {people}.")
        if people < 2 and self.mode == "autonomous":
            raise InvalidInput("A discussion needs at least two participants.")
        object.__setattr__(self, "personas", participants_of(self.personas))
        nobody = ("", "", "")
        now, spoken = utc_now(), self.language
        FocusGroup(
            *nobody, self.title, self.topic, self.guide, self.personas, "", self.turns, self.seed, now, language=spoken
        )
        self._check_stimuli()

    def set_up(self) -> SessionConfig:
        """The session's set-up, before anybody is recruited."""
        topic = self.topic or self.brief or self.title
        limits = (self.model, self.turns, self.seed)
        rotation = (self.group_number > 0, self.group_number)
        spoken = {"language": self.language, "private_first": self.private_first}
        return SessionConfig(self.title, topic, self.guide, (), *limits, *rotation, probing=self.probing, **spoken)  # type: ignore[arg-type]

    def _check_stimuli(self) -> None:
        if self.group_number < 0:
            raise InvalidInput("Groups are numbered from 1.")
        if len(self.stimuli) > MOST_ASSETS:
            raise InvalidInput(f"A session shows at most {MOST_ASSETS} stimuli, not {len(self.stimuli)}.")
        named: list[Asset] = []
        for given, content in self.stimuli:
            check_size(len(content))
            name = safe_name(given, tuple(asset.name for asset in named))
            named.append(Asset("", "", "", name, "", "", len(content), "", utc_now()))
        plan_of(self.guide, named)
