"""Puts a session's ballot to all of its participants, one call a person, side by side; what is stored is not asked again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from semblance_core.conversation.tokens import whole_within
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.instruments.answers import Answer, AnswerState
from semblance_core.domain.instruments.ballot import Cast, Wave, read_ballot
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.discussion.speak import OWN_TOKENS_A_TURN, OWN_TURNS
from semblance_core.flows.requests.balloting import (
    BallotForm,
    Heard,
    answers_in,
    ballot_request,
    checked_ballot,
    orders_for,
)
from semblance_core.flows.requests.fitting import fitting
from semblance_core.flows.requests.replies import lines_of
from semblance_core.flows.survey import NO_ANSWER, all_done
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.llm.request import CompletionRequest
from semblance_core.store.store import Store

CONTROL = (Wave.FIRST, Wave.AGAIN)


@dataclass(frozen=True, slots=True)
class Put:
    """The ballot put to one participant in one wave. number: their place, from 0. heard: None where they heard nothing."""

    wave: Wave
    number: int
    persona: Persona
    through: int
    heard: Heard | None = None

    @property
    def key(self) -> tuple[Wave, str, int]:
        return self.wave, self.persona.id, self.through


def put_before(group: FocusGroup, store: Store, gateway: Gateway) -> None:
    """Puts the ballot before a claimed session's first turn, where it has one and it is not answered yet.

    Raises what the gateway raises for a failure that concerns more than one person; ballots up to then are stored.
    """
    if not group.ballot or store.focus_groups.turns.has_spoken(group.id):
        return

    def check(_is_again: bool) -> None:
        store.focus_groups.check_wanted(group)

    def one_more(done: int, _total: int) -> None:
        if group.lost and done > there:  # a worker after one that died has stored something new
            store.focus_groups.claims.brought_on(group.id, group.epoch)

    there = len(store.ballots.keys(group.id))
    caller = Caller(group.owner_id, group.project_id, group.id, check=check)
    put_waves(group, (Wave.BEFORE,), store, gateway, caller, report=one_more)


def put_waves(
    group: FocusGroup,
    waves: Sequence[Wave],
    store: Store,
    gateway: Gateway,
    caller: Caller,
    *,
    through: int = 0,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Puts the ballot in each of these waves to each participant who has not answered it there.

    Args:
        group: the session, with its transcript as far as it is.
        waves: which of them; the one after is told what was heard.
        store: where ballots are kept.
        gateway: the way to the model.
        caller: whose account it counts on.
        through: seq of the last message that the ballot after is put behind.
        report: hears how many of how many ballots are there; may raise to stop.

    Raises:
        What the gateway raises for a failure that concerns more than one person; ballots up to then are stored.
    """
    ballot, there = read_ballot(group.ballot), store.ballots.keys(group.id)
    every = [each for wave in waves for each in _puts(group, wave, store, through)]
    left = [put for put in every if put.key not in there]
    done, total = len(every) - len(left), len(every)
    report(done, total)

    def ask(put: Put) -> None:
        answers = _answers(group, ballot, put, gateway, caller)
        at = store.clock()
        store.ballots.keep(group, Cast(put.wave, put.persona.id, answers, put.through, at), at)

    def one_more() -> None:
        nonlocal done
        done += 1
        report(done, total)

    executor = gateway.side_by_side(caller, waited_for=True)
    all_done([executor.submit(ask, put) for put in left], one_more)


def waves_at_end(group: FocusGroup, *, control: bool) -> tuple[Wave, ...]:
    """The waves that are put once a session has ended: the one after, and the control where it is wanted; before the end the control alone."""
    after = (Wave.AFTER,) if group.state is FocusGroupState.ENDED else ()
    return (*after, *(CONTROL if control else ()))


def puts_left(group: FocusGroup, waves: Sequence[Wave], store: Store) -> int:
    """The ballots of these waves that are not there yet."""
    there, through = store.ballots.keys(group.id), group.next_seq - 1
    wanted = (
        (wave, person.id, through if wave is Wave.AFTER else 0) for wave in waves for person in group.participants
    )
    return sum(key not in there for key in wanted)


def _puts(group: FocusGroup, wave: Wave, store: Store, through: int) -> list[Put]:
    if wave is not Wave.AFTER:
        return [Put(wave, number, person, 0) for number, person in enumerate(group.participants)]
    lines = tuple(lines_of(store.focus_groups.messages(group.id, first=group.course.window_from, last=through)))
    turns = store.focus_groups.turns

    def own(person: Persona) -> tuple[str, ...]:
        said = turns.words_before(group.id, person.id, lines[0].seq, OWN_TURNS) if lines else []
        alone = turns.written_alone(group.id, person.id, through + 1, OWN_TURNS)
        return tuple(whole_within(words, OWN_TOKENS_A_TURN) for words in (*said, *alone))

    return [
        Put(wave, number, person, through, Heard(lines, own(person)))
        for number, person in enumerate(group.participants)
    ]


def _answers(
    group: FocusGroup, ballot: Questionnaire, put: Put, gateway: Gateway, caller: Caller
) -> tuple[Answer, ...]:
    orders = orders_for(ballot, put.number, group.seed)
    draw = f"{group.seed}/{put.wave}/{put.through}/{put.number}"
    room, form = partial(gateway.prompt_room, group.model), checked_ballot(ballot, orders)

    def build() -> CompletionRequest:
        return ballot_request(group, put.persona, ballot, orders, draw, put.heard, room)

    try:
        found = fitting(build, lambda request: gateway.structured(request, form, group.model, caller))
    except ModelFailed as failed:
        if failed.kind not in NO_ANSWER:
            raise
        none = Answer(0, state=AnswerState.UNUSABLE, problem=str(failed), model=group.model)
        return tuple(replace(none, question=place, order=order) for place, order in enumerate(orders))
    answers = answers_in(BallotForm(answers=found.content.answers), ballot, orders)
    return tuple(replace(answer, model=found.model) for answer in answers)
