"""Opinion shift of a session: each question of its ballot before → after, beside the control. The same for page, files, API. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from semblance_core.analysis.shift.compared import Compared, Placed, changed, compared
from semblance_core.analysis.shift.measures import Anchoring, Dissent, anchoring, dissent
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import Answer, AnswerState
from semblance_core.domain.instruments.ballot import Cast, Wave, read_ballot
from semblance_core.domain.instruments.flags import LOW_SHARE, REFUSED_SHARE, SMALL_N, Flag
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.questions import NumberQuestion, OpenText, Question, Rated
from semblance_core.domain.usage.events import is_simulated
from semblance_core.reports.shift.heard import Meetings, first_speaker, meetings, public_stances

FEWEST_STANCES = 3
"""Participants whose words can be rated below which ballots before stand for public stances."""


@dataclass(frozen=True, slots=True)
class PersonsAnswers:
    """One participant's answers to one question; None for a ballot that is not there. stance: what they said, in points."""

    persona_id: str
    name: str
    answers: dict[Wave, Answer]
    stance: float | None = None

    def usable(self, wave: Wave) -> Answer | None:
        """The answer in this wave, where it can be counted."""
        answer = self.answers.get(wave)
        return answer if answer and answer.state is AnswerState.ANSWERED else None


@dataclass(frozen=True, slots=True)
class QuestionShift:
    """One question. counted: participants in its figures, who answered before and after, and in the control where there is one.

    figures: with a control. anchoring: None where it cannot be told who spoke first; anchoring_control: of the ballots of the control.
    stances_said: public stances come from what was said; else ballots before stand for them. dissent: None without points.
    """

    place: int
    question: Question
    people: tuple[PersonsAnswers, ...]
    counted: int
    has_control: bool
    figures: tuple[Compared, ...]
    stances_said: bool
    anchoring: Anchoring | None
    anchoring_control: Anchoring | None
    dissent: Dissent | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class OpinionShift:
    """A session's ballots and what they come to. through: the last message before the ballot after; 0 where there is none.

    counts: ballots by wave. first: the participant who spoke first; empty where that cannot be told.
    """

    group: FocusGroup
    ballot: Questionnaire
    casts: tuple[Cast, ...]
    questions: tuple[QuestionShift, ...]
    through: int
    first: str

    @property
    def counts(self) -> dict[Wave, int]:
        return {wave: sum(cast.wave is wave for cast in self.casts) for wave in Wave}

    @property
    def has_control(self) -> bool:
        return any(each.has_control for each in self.questions)

    @property
    def simulated(self) -> bool:
        return is_simulated(self.group.model)


def opinion_shift(group: FocusGroup, casts: Sequence[Cast], messages: Sequence[Message]) -> OpinionShift:
    """The opinion shift of a session; raises `InvalidInput` where it has no ballot. Of several ballots after, the last one counts."""
    if not group.ballot:
        raise InvalidInput("This session has no ballot, so no shift of opinion is known.")
    ballot = read_ballot(group.ballot)
    through = max((cast.through for cast in casts if cast.wave is Wave.AFTER), default=0)
    counted = tuple(cast for cast in casts if cast.wave is not Wave.AFTER or cast.through == through)
    heard = [message for message in messages if message.seq <= through] if through else list(messages)
    met, first = meetings(heard, group.participants), first_speaker(heard)
    questions = tuple(
        _question(group, place, question, counted, heard, met, first) for place, question in enumerate(ballot.questions)
    )
    name = next((person.name for person in group.participants if person.id == first), "")
    return OpinionShift(group, ballot, counted, questions, through, name)


def _question(
    group: FocusGroup,
    place: int,
    question: Question,
    casts: Sequence[Cast],
    messages: Sequence[Message],
    met: Meetings,
    first: str | None,
) -> QuestionShift:
    stances = public_stances(messages, question)
    answers: dict[str, dict[Wave, Answer]] = {}
    for cast in casts:
        answers.setdefault(cast.persona_id, {}).update(
            (cast.wave, answer) for answer in cast.answers if answer.question == place
        )
    people = tuple(
        PersonsAnswers(person.id, person.name, answers.get(person.id, {}), stances.get(person.id))
        for person in group.participants
    )
    has_control = all(any(each.usable(wave) for each in people) for wave in (Wave.FIRST, Wave.AGAIN))
    waves = tuple(Wave) if has_control else (Wave.BEFORE, Wave.AFTER)
    whole = [each for each in people if all(each.usable(wave) for wave in waves)]
    figures: tuple[Compared, ...] = ()
    is_said, anchored, control, opposed = False, None, None, None
    if isinstance(question, Rated | NumberQuestion):
        is_said, stances = _stances(whole, stances)
        figures = compared([_placed(each, whole, stances, has_control) for each in whole])
        anchored = _anchored(whole, stances, first, Wave.AFTER)
        control = _anchored(whole, stances, first, Wave.AGAIN) if has_control else None
        if isinstance(question, Rated) and whole:
            width = question.values[-1] - question.values[0]
            opposed = dissent(
                {each.persona_id: _points(each, Wave.BEFORE) for each in whole}, width, met.met, met.disagreed
            )
    if not isinstance(question, OpenText):
        moves = [
            (_moves(each, Wave.BEFORE, Wave.AFTER), _moves(each, Wave.FIRST, Wave.AGAIN) if has_control else None)
            for each in whole
        ]
        share = changed(moves)
        figures = (*figures, *((share,) if share else ()))
    flags = tuple(_flags(group, people, len(whole), waves))
    return QuestionShift(
        place, question, people, len(whole), has_control, figures, is_said, anchored, control, opposed, flags
    )


def _stances(whole: Sequence[PersonsAnswers], stances: dict[str, float]) -> tuple[bool, dict[str, float]]:
    """Public stances of those who count, where enough of them spoke in words that can be rated; else their ballots before."""
    known = {each.persona_id for each in whole} & stances.keys()
    if len(known) >= FEWEST_STANCES:
        return True, stances
    return False, {each.persona_id: _points(each, Wave.BEFORE) for each in whole}


def _placed(
    person: PersonsAnswers, whole: Sequence[PersonsAnswers], stances: dict[str, float], has_control: bool
) -> Placed:
    others = [stances[each.persona_id] for each in whole if each is not person and each.persona_id in stances]
    mean = fmean(others) if others else None
    placed = Placed(_points(person, Wave.BEFORE), _points(person, Wave.AFTER), others=mean)
    if not has_control:
        return placed
    return replace(placed, first=_points(person, Wave.FIRST), again=_points(person, Wave.AGAIN))


def _anchored(
    whole: Sequence[PersonsAnswers], stances: dict[str, float], first: str | None, wave: Wave
) -> Anchoring | None:
    known = [each for each in whole if each.persona_id in stances]
    ids = [each.persona_id for each in known]
    if first not in ids:
        return None
    return anchoring([_points(each, wave) for each in known], [stances[one] for one in ids], ids.index(first))


def _points(person: PersonsAnswers, wave: Wave) -> float:
    answer = person.usable(wave)
    assert answer is not None
    return answer.value or 0.0


def _moves(person: PersonsAnswers, first: Wave, last: Wave) -> bool:
    one, other = person.usable(first), person.usable(last)
    assert one is not None
    assert other is not None
    return (one.options, one.value, one.shares) != (other.options, other.value, other.shares)


def _flags(group: FocusGroup, people: Sequence[PersonsAnswers], counted: int, waves: Sequence[Wave]) -> Iterator[Flag]:
    if counted < SMALL_N:
        yield Flag.SMALL_N
    after = [answer for each in people if (answer := each.usable(Wave.AFTER))]
    kinds = [
        (answer.options, answer.value, answer.shares, "" if answer.options or answer.value is not None else answer.text)
        for answer in after
    ]
    if kinds and max(map(kinds.count, kinds)) >= LOW_SHARE * len(kinds) and len(kinds) > 1:
        yield Flag.LOW_VARIANCE
    put = [answer for each in people for wave in waves if (answer := each.answers.get(wave))]
    if put and sum(answer.state is not AnswerState.ANSWERED for answer in put) >= REFUSED_SHARE * len(put):
        yield Flag.REFUSALS
    yield Flag.UNBENCHMARKED
    if is_simulated(group.model):
        yield Flag.SIMULATED
