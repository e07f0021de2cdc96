"""Simulates autonomous discussions without a model and prints how their turns are shared: the table in docs/measures.md.

python -m tools.talk_figures [seeds]
"""

import random
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import mean, median

from semblance_core.analysis.balance import gini
from semblance_core.conversation.acts import Place, draw_acts
from semblance_core.conversation.addressing import Asked
from semblance_core.conversation.allotment import allotted_turns
from semblance_core.conversation.turn_policy import after_question, turn_seed
from semblance_core.conversation.turn_taking import Heard, is_silent, next_speaker
from semblance_core.domain.discussion.discussion_state import SpeakerStats
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Guide, Section
from semblance_core.domain.personas.persona import Persona

SIZES, LENGTHS = (4, 6, 8, 12), (20, 40, 80)
TURNS_A_QUESTION = 8
QUESTIONS_A_SECTION = 2
DIRECT_QUESTIONS = 0.06
"""Share of turns that ask a peer directly."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How the turns of one discussion are shared.

    Attributes:
        previous_but_one: share of transitions after which the speaker before the last speaks again.
        least_recent: share after which the one speaks, of those who spoke before, who was silent longest.
        most_talkative: share after which the one speaks who has said the most words, the last speaker left out.
        words_gini: Gini of words a speaker.
        answered_next: share of direct questions whose addressee speaks next; None where there was none.
        answered_late: direct questions not answered within three turns.
        third_first: turns that were a third one on a question while somebody waited for a first.
        unheard: participants who were silent in a section and did not draw silence in all of it.
        median_words, share_short: of turns; short ones have fewer than 25 words.
    """

    previous_but_one: float
    least_recent: float
    most_talkative: float
    words_gini: float
    answered_next: float | None
    answered_late: int
    third_first: int
    unheard: int
    median_words: float
    share_short: float


def simulated(people: int, turn_limit: int, seed: int) -> Figures:
    """Plays one discussion with lengths and direct questions drawn as the product draws them."""
    rng = random.Random(f"{people}/{turn_limit}/{seed}")
    panel = tuple(Persona(f"Person {at}", talkativeness=rng.randint(10, 90), id=f"p{at}") for at in range(people))
    questions = max(2, round(turn_limit / (TURNS_A_QUESTION + 1)))
    asked = [f"Question {number}?" for number in range(questions)]
    steps = range(0, questions, QUESTIONS_A_SECTION)
    guide = Guide(tuple(Section(f"S{at}", tuple(asked[at : at + QUESTIONS_A_SECTION])) for at in steps))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    group = FocusGroup("g", "p", "o", "T", "T", guide, panel, "m", turn_limit, seed, now)
    played = _Played()
    for question in range(questions):
        if question % QUESTIONS_A_SECTION == 0:
            played.end_section(group)
        group = replace(group, course=after_question(group, question), next_seq=group.next_seq + 1)
        played.begin_question(group)
        for _ in range(allotted_turns(group, question)):
            group = played.turn(group, rng)
    played.end_section(group)
    return played.figures()


class _Played:
    def __init__(self) -> None:
        self.order: list[str] = []
        self.lengths: list[int] = []
        self.waiting: list[Asked] = []
        self.hits = {"pair": 0, "recent": 0, "most": 0}
        self.transitions = self.asked = self.next = self.late = self.third = self.silent = 0
        self.words: dict[str, int] = {}
        self.section: set[str] = set()
        self.under: dict[str, int] = {}

    def begin_question(self, group: FocusGroup) -> None:
        self.under = {person.id: 0 for person in group.participants}

    def end_section(self, group: FocusGroup) -> None:
        self.silent += len(group.participants) - len(self.section) if self.order else 0
        self.section = set()

    def turn(self, group: FocusGroup, rng: random.Random) -> FocusGroup:
        ids = [person.id for person in group.participants]
        draw = turn_seed(group, group.next_seq, "speaker")
        chosen = next_speaker(group, Heard((), tuple(self.waiting)), draw)
        self._count(group, chosen, ids)
        place = Place(self.under[chosen], any(self.under.values()))
        words = draw_acts(group.participant(chosen), place, rng).words
        self.words[chosen] = self.words.get(chosen, 0) + words
        self.lengths.append(words)
        self.under[chosen] += 1
        self.section.add(chosen)
        self.order.append(chosen)
        self.waiting = [
            Asked(each.persona_id, each.turns_ago + 1) for each in self.waiting if each.persona_id != chosen
        ]
        self.late += sum(each.turns_ago >= 3 for each in self.waiting)
        self.waiting = [each for each in self.waiting if each.turns_ago < 3]
        if rng.random() < DIRECT_QUESTIONS:
            self.waiting.append(Asked(rng.choice([one for one in ids if one != chosen]), 0))
        course = group.course
        floor = course.floors.get(chosen, SpeakerStats())
        spoken = SpeakerStats(floor.words + words, floor.turns + 1, group.next_seq)
        course = replace(
            course,
            question_turns=course.question_turns + 1,
            turns=course.turns + 1,
            persona_turns=course.persona_turns + 1,
            speakers=(*course.speakers, chosen)[-80:],
            floors=course.floors | {chosen: spoken},
        )
        return replace(group, course=course, next_seq=group.next_seq + 1)

    def _count(self, group: FocusGroup, chosen: str, ids: list[str]) -> None:
        if newest := [each for each in self.waiting if each.turns_ago == 0]:
            self.asked += 1
            self.next += chosen == newest[0].persona_id
        waits = [
            person.id
            for person in group.participants
            if not self.under[person.id] and not is_silent(group, person, group.course.question)
        ]
        self.third += self.under[chosen] >= 2 and bool(waits)
        if len(self.order) < 2:
            return
        self.transitions += 1
        others = [one for one in ids if one != self.order[-1]]
        self.hits["pair"] += chosen == self.order[-2]
        last = {one: len(self.order) - 1 - self.order[::-1].index(one) for one in others if one in self.order}
        self.hits["recent"] += last.get(chosen) == min(last.values())
        self.hits["most"] += self.words.get(chosen, 0) == max(self.words.get(one, 0) for one in others)

    def figures(self) -> Figures:
        people = list(self.under)
        share = {name: hits / self.transitions for name, hits in self.hits.items()}
        return Figures(
            share["pair"],
            share["recent"],
            share["most"],
            gini([self.words.get(one, 0) for one in people]),
            self.next / self.asked if self.asked else None,
            self.late,
            self.third,
            self.silent,
            float(median(self.lengths)),
            sum(length < 25 for length in self.lengths) / len(self.lengths),
        )


def row(people: int, turn_limit: int, seeds: int) -> dict[str, float]:
    """Means of the figures over so many seeds."""
    played = [simulated(people, turn_limit, seed) for seed in range(seeds)]
    answered = [each.answered_next for each in played if each.answered_next is not None]
    names = [name for name in Figures.__slots__ if name != "answered_next"]
    return {name: mean(getattr(each, name) for each in played) for name in names} | {"answered_next": mean(answered)}


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("people turns | pair recent most gini | asked late third unheard | median short")
    for people in SIZES:
        for turn_limit in LENGTHS:
            of = row(people, turn_limit, seeds)
            print(
                f"{people:6} {turn_limit:5} | {of['previous_but_one']:.2f} {of['least_recent']:6.2f} {of['most_talkative']:.2f} "
                f"{of['words_gini']:.2f} | {of['answered_next']:.2f} {of['answered_late']:6.2f} {of['third_first']:.2f} "
                f"{of['unheard']:.2f} | {of['median_words']:5.1f} {of['share_short']:.2f}"
            )


if __name__ == "__main__":
    main()
