"""The simulator: what a demonstration session has to be worth watching."""

import re
from collections import Counter
from itertools import combinations

import pytest

from semblance_core.llm.simulator import answer
from semblance_core.llm.simulator.concerns import concerns_in
from semblance_core.llm.simulator.words import content_words, sentences_of, word_count, words_of
from tests.llm.simulated_talk import BRIEFS, TOPICS, named, panel, session, share, turns_of


def test_the_same_seed_gives_the_same_session_and_another_seed_another():
    once, again, other = (session(BRIEFS[0], 8, seed) for seed in (1, 1, 2))
    assert once == again
    assert [turn["text"] for turn in once] != [turn["text"] for turn in other]


def test_hardly_a_sentence_is_said_twice(talk):
    spoken = [
        sentence.lower()
        for turn in turns_of(talk[1])
        for sentence in sentences_of(turn["text"])
        if word_count(sentence) >= 6
    ]
    assert len(spoken) - len(set(spoken)) <= 0.03 * len(spoken)


def test_hardly_a_sentence_frame_comes_back(talk):
    runs = Counter(
        gram for turn in turns_of(talk[1]) for sentence in sentences_of(turn["text"])
        for gram in {tuple(words_of(sentence)[i : i + 7]) for i in range(word_count(sentence) - 6)}
    )  # fmt: skip
    repeated = [" ".join(gram) for gram, times in runs.items() if times > 1]
    assert len(repeated) <= 0.02 * len(runs), repeated[:5]


def test_turns_vary_in_length_and_keep_to_the_length_asked_for(talk):
    turns = turns_of(talk[1])
    assert 0.2 <= share([word_count(turn["text"]) < 25 for turn in turns]) <= 0.5
    assert (
        share([abs(word_count(turn["text"]) - turn["words"]) <= max(4, turn["words"] * 0.25) for turn in turns]) >= 0.85
    )


def test_people_answer_one_another_by_name(talk):
    assert 0.08 <= share(named(talk[1])) <= 0.33


def test_people_disagree_now_and_then(talk):
    against = re.compile(
        r"disagree|differently from|opposite|push back|not so sure|can't (follow|agree)|cannot follow|reverse|I don't|but no\b|other way round"
        r"|part company|on its head|hasn't been my|isn't (how|what)|say no to|rather|I'd be careful|different planets|not in my house|to be wrong"
        r"|too far|wouldn't put|don't see it",
    )
    turns = zip(named(talk[1]), turns_of(talk[1]), strict=True)
    assert sum(by_name and bool(against.search(turn["text"])) for by_name, turn in turns) >= 1


def test_most_turns_speak_about_the_question_or_the_topic(talk):
    topic, said = talk
    on_it = [
        bool(content_words(turn["text"]) & content_words(f"{turn['question']} {topic}")) for turn in turns_of(said)
    ]
    assert share(on_it) >= 0.6


def test_people_can_be_told_apart_by_what_they_talk_about(talk):
    words: dict[str, Counter[str]] = {}
    raised: dict[str, Counter[str]] = {}
    for turn in turns_of(talk[1]):
        words.setdefault(turn["speaker"], Counter()).update(content_words(turn["text"]))
        raised.setdefault(turn["speaker"], Counter()).update(concerns_in(turn["text"]))
    overlaps = [len(set(a) & set(b)) / len(set(a) | set(b)) for a, b in combinations(words.values(), 2)]
    assert max(overlaps) < 0.35
    assert len({counted.most_common(1)[0][0] for counted in raised.values()}) >= 3


def test_no_slot_and_no_broken_punctuation_is_left_in_a_turn(talk):
    for turn in turns_of(talk[1]):
        assert not re.search(
            r"[{}\[\]|@]|\s[,.;:?!]|,,|\.\.|\b(\w+) \1\b(?<!that that)|^[a-z]|[^.?!…]$", turn["text"]
        ), turn["text"]


@pytest.mark.parametrize("brief", BRIEFS)
def test_answers_given_in_parallel_do_not_sound_alike(brief):
    topic, questions = TOPICS[brief]
    people = panel(brief)
    for question in questions:
        told = []
        for place, person in enumerate(people):
            context = {
                "persona": person, "topic": topic, "question": question, "transcript": [], "words": 40, "mode": "moderated",
                "others": [other["name"] for other in people if other is not person],
            }  # fmt: skip
            told.append(answer("reply", context, 400, place))
        openings = [sentences_of(text)[0] for text in told]
        assert len({" ".join(words_of(opening)[:4]) for opening in openings}) == len(openings), openings
        sentences = [sentence for text in told for sentence in sentences_of(text)]
        assert len(sentences) - len(set(sentences)) <= 1, question


def test_a_very_short_turn_is_very_short_and_whole():
    for seed in range(30):
        text = answer(
            "reply",
            {"persona": {"name": "Ana"}, "topic": "Oat milk", "question": "Would you buy it?", "words": 4},
            100,
            seed,
        )
        assert 1 <= word_count(text) <= 9
        assert text[-1] in ".?!"


def test_a_reply_stays_within_its_tokens():
    context = {"persona": panel(BRIEFS[0])[0], "topic": "Oat milk", "question": "Why oat milk?", "words": 200}
    assert word_count(answer("reply", context, 60, 1)) <= 60 / 1.4


def test_a_persona_without_anything_but_a_name_can_speak():
    bare = {"name": "Ana", "id": "", "age": None, "values": [], "goals": [], "big_five": {}, "quote": ""}
    text = answer(
        "reply", {"persona": bare, "topic": "Tea", "question": "Why tea?", "words": 60, "mode": "autonomous"}, 300, 1
    )
    assert word_count(text) >= 40


def test_whoever_is_asked_by_name_answers_the_one_who_asked():
    transcript = [
        {
            "seq": 1,
            "role": "persona",
            "speaker": "Tom Barker",
            "text": "The small print worries me. Do you read it, Ana?",
        }
    ]
    context = {
        "persona": {"name": "Ana Silva"}, "topic": "Car insurance", "question": "What matters?", "words": 45, "mode": "autonomous",
        "transcript": transcript,
    }  # fmt: skip
    assert all("Tom" in answer("reply", context, 300, seed) for seed in range(10))
