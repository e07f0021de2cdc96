"""A study file as a value: whom to ask, what, in which arms, how often and at what cost at most. Pure."""

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum

from semblance_core.domain.discussion.focus_group import MAX_PARTICIPANTS, MAX_TURNS, TITLE_CHARS
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.questionnaire import Questionnaire

FEWEST_ARMS, MOST_ARMS, MOST_RUNS = 2, 6, 10
ARM_CHARS = 60
RUNS_OF_ARMS = 2
"""Runs of each arm where nothing else is said: the second shows what the arm alone would do."""
MOST_ASKED = 500


class People(StrEnum):
    """same: everybody's copy takes part in every arm and run. new: each run of each arm has people of its own, of the same brief
    and shares. within: each person goes through all arms, in an order of a Latin square."""

    SAME = "same"
    NEW = "new"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class TargetShares:
    """Target shares of one field of personas, as counts, percents or parts of 1."""

    field: str
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that a discussion shows. words: a picture in words, for models that do not see; empty where there are none."""

    path: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm. None stands for what the study says. Fields are those of `StudyFile` with the same names."""

    name: str
    brief: str | None = None
    personas: str | None = None
    size: int | None = None
    margins: tuple[TargetShares, ...] | None = None
    guide: Guide | None = None
    text: str | None = None
    stimuli: tuple[ShownFile, ...] | None = None
    probing: Probing | None = None
    model: str | None = None

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the fields in which it differs from the study."""
        return tuple(each.name for each in fields(self) if each.name != "name" and getattr(self, each.name) is not None)


PANEL_FIELDS = frozenset({"brief", "personas", "size", "margins"})


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A study as a file says it.

    Attributes:
        title: its name.
        brief: the people to recruit; size: how many; margins: their target shares. Or personas: path of a file of them.
        guide: of the discussion; None where there is none.
        before, after: surveys that everybody answers alone before and after the discussion.
        text: read by everybody before each question of a survey, and shown in the discussion; such as a concept.
        stimuli: files that the discussion shows.
        arms: what is compared; empty where nothing is.
        people: who takes part in which arm.
        runs: of each arm.
        turns: limit of a discussion.
        probing: how far its moderator follows up.
        private_first: each question is answered alone before it is discussed.
        language: spoken in it, by its English name; empty for the guide's.
        scales: how points on scales are asked for.
        seed: of the first run; each further run has the next one.
        model: a litellm name; empty for the platform's default.
        budget: US dollars; nothing more is started once they are used. None for no bound of its own.
        notes: words for readers, as Markdown.

    Paths are relative to the file and stay in its folder.

    Raises:
        InvalidInput: the study could not be run as it stands.
    """

    title: str
    brief: str = ""
    personas: str = ""
    size: int = 8
    margins: tuple[TargetShares, ...] = ()
    guide: Guide | None = None
    before: Questionnaire | None = None
    after: Questionnaire | None = None
    text: str = ""
    stimuli: tuple[ShownFile, ...] = ()
    arms: tuple[Arm, ...] = ()
    people: People = People.SAME
    runs: int = 1
    turns: int = 40
    probing: Probing = Probing.LIGHT
    private_first: bool = False
    language: str = ""
    scales: tuple[RatingMethod, ...] = (RatingMethod.DIRECT,)
    seed: int = 0
    model: str = ""
    budget: Decimal | None = None
    notes: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.title.strip()) <= TITLE_CHARS - ARM_CHARS:
            raise InvalidInput(f"A study has a title of 1–{TITLE_CHARS - ARM_CHARS} characters.")
        if not 1 <= self.runs <= MOST_RUNS:
            raise InvalidInput(f"Each arm is run 1–{MOST_RUNS} times, not {self.runs}.")
        if not 1 <= self.turns <= MAX_TURNS:
            raise InvalidInput(f"The turn limit is a whole number from 1 to {MAX_TURNS:,}.")
        if self.budget is not None and not self.budget > 0:
            raise InvalidInput("A budget is more than 0 US dollars.")
        if not self.scales:
            raise InvalidInput(f"Say how scales are answered: {', '.join(RatingMethod)}.")
        self._check_arms()
        for arm in self.planned:
            arm._check()

    @property
    def planned(self) -> "tuple[StudyFile, ...]":
        """The study of each arm by itself, named `title`; the whole study where nothing is compared."""
        return tuple(self._of(arm) for arm in self.arms) or (replace(self, arms=()),) if self.arms else (self,)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arms; the study's title where nothing is compared."""
        return tuple(arm.name for arm in self.arms) or (self.title,)

    @property
    def paths(self) -> tuple[str, ...]:
        """All files that it names, each once."""
        named = [path for arm in self.planned for path in (arm.personas, *(each.path for each in arm.stimuli)) if path]
        return tuple(dict.fromkeys(named))

    def _of(self, arm: Arm) -> "StudyFile":
        own = {name: getattr(arm, name) for name in arm.varied}
        if "brief" in own:
            own.setdefault("personas", "")
        elif "personas" in own:
            own.setdefault("brief", "")
        return replace(self, arms=(), people=People.SAME, **own)

    def _check_arms(self) -> None:
        if not self.arms:
            if self.people is not People.SAME:
                raise InvalidInput(f"“people: {self.people}” is about arms, and there are none.")
            return
        if not FEWEST_ARMS <= len(self.arms) <= MOST_ARMS:
            raise InvalidInput(f"A study compares {FEWEST_ARMS}–{MOST_ARMS} arms, not {len(self.arms)}.")
        names = [arm.name.casefold() for arm in self.arms]
        if any(not 1 <= len(name.strip()) <= ARM_CHARS for name in names):
            raise InvalidInput(f"An arm has a name of 1–{ARM_CHARS} characters.")
        if len(set(names)) < len(names):
            raise InvalidInput("Two arms have the same name.")
        if (idle := [arm.name for arm in self.arms if not arm.varied]) and len(idle) > 1:
            raise InvalidInput(f"The arms {idle[0]} and {idle[1]} do not differ; runs repeat an arm.")
        panels = {name for arm in self.arms for name in arm.varied} & PANEL_FIELDS
        if panels and self.people is not People.NEW:
            raise InvalidInput(
                f"Arms differ in {', '.join(sorted(panels))}, so they have people of their own: “people: new”."
            )
        if self.people is People.WITHIN and (self.guide or any(arm.guide for arm in self.arms)):
            raise InvalidInput(
                "Within people, arms are compared by surveys: a group that has discussed one arm would carry it into the next. Take "
                "the guide out, or compare between people."
            )

    def _check(self) -> None:
        """Raises `InvalidInput` where this, the study of one arm, has nobody to ask or nothing to ask."""
        if bool(self.brief.strip()) == bool(self.personas):
            raise InvalidInput("Say who takes part: either “brief” or “personas”.")
        if self.margins and not self.brief:
            raise InvalidInput("“margins” are the target shares of people to recruit, so they need a “brief”.")
        if not (self.guide or self.before or self.after):
            raise InvalidInput("Say what is asked: a guide, a survey, or both.")
        if self.guide and not self.guide.questions:
            raise InvalidInput("The guide has no question.")
        if self.stimuli and not self.guide:
            raise InvalidInput(
                "Stimuli are shown in a discussion, and there is no guide; put a text to be rated under “text”."
            )
        most = MAX_PARTICIPANTS if self.guide else MOST_ASKED
        if self.brief and not (2 if self.guide else 1) <= self.size <= most:
            raise InvalidInput(f"“size” is a whole number from {2 if self.guide else 1} to {most}, not {self.size}.")
