"""The simulator: what a demonstration session has to be worth watching."""

import re
from collections import Counter
from itertools import combinations

import pytest

from semblance_core.conversation.acts import Acts, Band
from semblance_core.conversation.window import Line
from semblance_core.domain.personas.persona import Persona
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.simulator import answer
from semblance_core.simulator.read.concerns import concerns_in
from semblance_core.simulator.words import content_words, sentences_of, word_count, words_of
from tests.simulator.simulated_talk import BRIEFS, HELD_OUT, TOPICS, Said, named, panel, session, share, turns_of

Talk = tuple[str, list[Said]]


def test_the_same_seed_gives_the_same_session_and_another_seed_another() -> None:
    once, again, other = (session(BRIEFS[0], 8, seed) for seed in (1, 1, 2))
    assert once == again
    assert [turn.text for turn in once] != [turn.text for turn in other]


def test_hardly_a_sentence_is_said_twice(talk: Talk) -> None:
    spoken = [
        sentence.lower()
        for turn in turns_of(talk[1])
        for sentence in sentences_of(turn.text)
        if word_count(sentence) >= 6
    ]
    assert len(spoken) - len(set(spoken)) <= 0.03 * len(spoken)


def test_hardly_a_sentence_frame_comes_back(talk: Talk) -> None:
    runs = Counter(
        gram for turn in turns_of(talk[1]) for sentence in sentences_of(turn.text)
        for gram in {tuple(words_of(sentence)[i : i + 7]) for i in range(word_count(sentence) - 6)}
    )  # fmt: skip
    repeated = [" ".join(gram) for gram, times in runs.items() if times > 1]
    assert len(repeated) <= 0.02 * len(runs), repeated[:5]


def test_turns_vary_in_length_and_keep_to_the_length_asked_for(talk: Talk) -> None:
    turns = turns_of(talk[1])
    assert 0.2 <= share([word_count(turn.text) < 25 for turn in turns]) <= 0.5
    assert share([abs(word_count(turn.text) - turn.words) <= max(4, turn.words * 0.25) for turn in turns]) >= 0.85


def several(talk: Talk) -> list[list[Said]]:
    """Three sessions on the brief: in one of them few turns name anybody, as among people."""
    brief = next(brief for brief, (topic, _) in (TOPICS | HELD_OUT).items() if topic == talk[0])
    return [talk[1], *(session(brief, seed=seed) for seed in (2, 3))]


def test_people_answer_one_another_by_name(talk: Talk) -> None:
    assert 0.04 <= share([each for said in several(talk) for each in named(said)]) <= 0.25


def test_people_disagree_now_and_then(talk: Talk) -> None:
    against = re.compile(
        r"disagree|differently from|opposite|push back|not so sure|can't (follow|agree)|cannot follow|reverse|I don't|but no\b|other way round"
        r"|part company|on its head|hasn't been my|isn't (how|what)|say no to|rather|I'd be careful|different planets|not in my house|to be wrong"
        r"|too far|wouldn't put|don't see it",
    )
    turns = [turn for said in several(talk) for turn in zip(named(said), turns_of(said), strict=True)]
    assert sum(by_name and bool(against.search(turn.text)) for by_name, turn in turns) >= 1


def test_most_turns_speak_about_the_question_or_the_topic(talk: Talk) -> None:
    topic, said = talk
    on_it = [bool(content_words(turn.text) & content_words(f"{turn.question} {topic}")) for turn in turns_of(said)]
    assert share(on_it) >= 0.6


def test_people_can_be_told_apart_by_what_they_talk_about(talk: Talk) -> None:
    words: dict[str, Counter[str]] = {}
    raised: dict[str, Counter[str]] = {}
    for turn in turns_of(talk[1]):
        words.setdefault(turn.speaker, Counter()).update(content_words(turn.text))
    overlaps = [len(set(a) & set(b)) / len(set(a) | set(b)) for a, b in combinations(words.values(), 2)]
    assert max(overlaps) < 0.35
    for turn in [turn for said in several(talk) for turn in turns_of(said)]:
        raised.setdefault(turn.speaker, Counter()).update(concerns_in(turn.text))
    assert len({counted.most_common(1)[0][0] for counted in raised.values()}) >= 3


def test_no_slot_and_no_broken_punctuation_is_left_in_a_turn(talk: Talk) -> None:
    for turn in turns_of(talk[1]):
        assert not re.search(r"[{}\[\]|@]|\s[,.;:?!]|,,|\.\.|\b(\w+) \1\b(?<!that that)|^[a-z]|[^.?!…]$", turn.text), (
            turn.text
        )


@pytest.mark.parametrize("brief", [*TOPICS, *HELD_OUT])
def test_answers_given_in_parallel_do_not_sound_alike(brief: str) -> None:
    topic, questions = (TOPICS | HELD_OUT)[brief]
    people = panel(brief)
    for question in questions:
        told = []
        for place, person in enumerate(people):
            asked = ReplyRequest(person, topic, question, Acts(Band.SENTENCES, 40), participants=tuple(people))
            told.append(answer(asked, 400, place))
        openings = [sentences_of(text)[0] for text in told]
        assert len({" ".join(words_of(opening)[:4]) for opening in openings}) == len(openings), openings
        sentences = [sentence for text in told for sentence in sentences_of(text)]
        assert len(sentences) - len(set(sentences)) <= 1, question


def test_a_very_short_turn_is_very_short_and_whole() -> None:
    asked = ReplyRequest(Persona("Ana"), "Oat milk", "Would you buy it?", Acts(Band.FEW_WORDS, 4))
    for seed in range(30):
        text = answer(asked, 100, seed)
        assert 1 <= word_count(text) <= 9
        assert text[-1] in ".?!"


def test_a_reply_stays_within_its_tokens() -> None:
    asked = ReplyRequest(panel(BRIEFS[0])[0], "Oat milk", "Why oat milk?", Acts(Band.STORY, 200))
    assert word_count(answer(asked, 60, 1)) <= 60 / 1.4


def test_a_persona_without_anything_but_a_name_can_speak() -> None:
    text = answer(ReplyRequest(Persona("Ana"), "Tea", "Why tea?", Acts(Band.SENTENCES, 60), autonomous=True), 300, 1)
    assert word_count(text) >= 40


def test_whoever_is_asked_by_name_answers_the_one_who_asked() -> None:
    said = (Line(1, "Tom Barker", "The small print worries me. Do you read it, Ana?", "persona"),)
    asked = ReplyRequest(
        Persona("Ana Silva"), "Car insurance", "What matters?", Acts(Band.SENTENCES, 45), lines=said, autonomous=True
    )
    assert all("Tom" in answer(asked, 300, seed) for seed in range(10))
