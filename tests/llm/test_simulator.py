"""The simulator: what a demonstration session has to be worth watching."""

import json
import math
import random
import re
from collections import Counter
from itertools import combinations
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semblance_core.llm.simulator import answer
from semblance_core.llm.simulator.concerns import concerns_in
from semblance_core.llm.simulator.nouns import subject_of
from semblance_core.llm.simulator.question import read_question
from semblance_core.llm.simulator.words import content_words, sentences_of, word_count, words_of

TOPICS = {
    "UK shoppers who buy oat milk": ("Oat milk", (
        "Tell us about yourself and how oat milk fits into your day.", "What do you think of the packaging?",
        "How much would you pay for it?", "What would make you switch brand?", "Any last thoughts?")),
    "UK drivers with car insurance": ("Car insurance", (
        "When did you last think about your car insurance?", "How do you choose an insurer?", "What frustrates you about renewal letters?",
        "Price or service: what matters more?", "Any last thoughts?")),
    "Residents of Leeds and their public library": ("A public library's opening hours", (
        "How often do you visit the library?", "What do you think of the opening hours?", "Would you come on Sundays?",
        "Imagine the ideal library. What is it like?", "Anything else we should know?")),
    "Managers who use a B2B payroll app": ("A B2B payroll app for small firms", (
        "How do you handle payroll today?", "What is your first impression of the app?", "What puts you off new software?",
        "Who would you ask before buying?", "Final thoughts?")),
    "Commuters in Berlin who cycle to work": ("Cycling to work in Berlin", (
        "Why do you cycle?", "What worries you about cycling in winter?", "What would make you cycle more often?",
        "How do you feel about helmets?", "Last thoughts?")),
}  # fmt: skip
BRIEFS = list(TOPICS)


def panel(brief: str, size: int = 6, seed: int = 3) -> list[dict[str, Any]]:
    asked = {"brief": brief, "size": size, "cells": [{} for _ in range(size)]}
    sketched = json.loads(answer("recruit_sketch", asked, 2_000, seed))["personas"]
    people = []
    for place, each in enumerate(sketched):
        others = [other["sketch"] for other in sketched if other is not each]
        text = answer("recruit_persona", {"brief": brief, "cell": {}, **each, "others": others}, 2_000, seed)
        people.append({**json.loads(text), "id": f"p{place}"})
    return people


def session(brief: str, turns: int = 40, seed: int = 1) -> list[dict[str, Any]]:
    """An autonomous session: whoever comes next at random, lengths log-normal with a median of 40 words."""
    topic, questions = TOPICS[brief]
    people, rng = panel(brief), random.Random(seed)
    lengths = [round(40 * math.exp(0.7 * NormalDist().inv_cdf((turn + 0.5) / turns))) for turn in range(turns)]
    rng.shuffle(lengths)
    said: list[dict[str, Any]] = []
    last = None
    for turn in range(turns):
        question = questions[turn * len(questions) // turns]
        if not said or said[-1]["question"] != question:
            said.append(
                {
                    "seq": len(said) + 1,
                    "role": "moderator",
                    "speaker": "Moderator",
                    "text": question,
                    "question": question,
                }
            )
        last = rng.choice([person for person in people if person is not last])
        context = {
            "persona": last, "topic": topic, "question": question, "section": "", "transcript": said, "summary": "",
            "words": max(3, min(200, lengths[turn])), "mode": "autonomous",
            "others": [person["name"] for person in people if person is not last],
        }  # fmt: skip
        text = answer("reply", context, 400, seed * 1_000 + turn)
        said.append(
            {
                "seq": len(said) + 1,
                "role": "persona",
                "speaker": last["name"],
                "text": text,
                "question": question,
                "words": context["words"],
            }
        )
    return said


@pytest.fixture(scope="module", params=BRIEFS)
def talk(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, Any]]]:
    return TOPICS[request.param][0], session(request.param)


def turns_of(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in said if message["role"] == "persona"]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def named(said: list[dict[str, Any]]) -> list[bool]:
    firsts = {turn["speaker"].split()[0] for turn in turns_of(said)}
    return [
        any(re.search(rf"\b{name}\b", turn["text"]) for name in firsts - {turn["speaker"].split()[0]})
        for turn in turns_of(said)
    ]


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


def test_questions_are_read_for_kind_focus_and_options():
    asked = read_question("Price or service: what matters more to you?", "Car insurance")
    assert (asked.kind, asked.options) == ("compare", ("the price", "the service"))
    assert read_question("What do you think of the packaging?", "Oat milk").focus.text == "the packaging"
    assert read_question("How often do you drink oat milk?", "Oat milk").kind == "habit"
    assert [noun.text for noun in subject_of("A public library's opening hours")] == [
        "the public library",
        "the opening hours",
    ]


def asked(question: str, topic: str, brief: str, seeds: int = 8, words: int = 30) -> list[str]:
    """What a panel answers when nobody has said anything before."""
    people = panel(brief)
    return [
        answer("reply", {
            "persona": person, "topic": topic, "question": question, "transcript": [], "words": words, "mode": "moderated",
            "others": [other["name"] for other in people if other is not person],
        }, 400, seed) for seed in range(seeds) for person in people
    ]  # fmt: skip


AMOUNT = re.compile(
    r"coffees|lunch out|per cent|cheapest|wouldn't go past|what I pay now|a fifth more|limit for|all in\b|than I pay"
)
TIME = re.compile(
    r"ago\b|last Thursday|before last|yesterday|this spring|last Monday|fortnight|couple of weeks|of the month|holidays",
    re.I,
)


@pytest.mark.parametrize(("question", "kind"), [
    ("Have you ever talked with your family about paying for a funeral?", "ever"),
    ("Tell us about the last time a pay run went wrong.", "lasttime"),
    ("Tell us about a time you paid too much.", "lasttime"),
    ("What do you think of an app that costs per employee?", "impression"),
])  # fmt: skip
def test_paying_alone_does_not_make_a_question_about_the_price(question, kind):
    assert read_question(question, "Funeral plans").kind == kind
    told = asked(question, "Funeral plans", "People over 60 in Wales", 4)
    assert not [text for text in told if AMOUNT.search(text)]


@pytest.mark.parametrize(
    "question",
    [
        "How much would you pay for it?",
        "What does it cost you?",
        "How do you feel about the price?",
        "What would you pay?",
    ],
)
def test_an_amount_asked_for_makes_a_question_about_the_price(question):
    assert read_question(question, "Oat milk").kind == "price"


def test_have_you_ever_is_answered_with_yes_or_no_first():
    told = asked("Have you ever talked with your family about it?", "Funeral plans", "People over 60 in Wales")
    yes_no = re.compile(r"\b(yes|no|not|never|once|I have|I haven't|can't say)\b", re.I)
    assert all(yes_no.search(" ".join(sentences_of(text)[:2])) for text in told)


def test_who_is_involved_does_not_ask_for_a_type_of_person():
    told = asked(
        "How do you run payroll at the moment, and who is involved?", "Payroll app", "Owners of small firms in Germany"
    )
    helpers = re.compile(r"accountant|colleague|adviser|books|payroll office|spreadsheet", re.I)
    assert share([bool(helpers.search(text)) for text in told]) > 0.9
    assert not [text for text in told if re.search(r"All sorts|fridge|fashionable|two people who fit|neighbour", text)]


@pytest.mark.parametrize(("topic", "subject"), [
    ("Owners and payroll managers of small firms in Germany", "payroll"), ("How pensioners use buses", "buses"),
    ("People over 60 in Wales", "all this"), ("Switching brand of oat milk", "oat milk"), ("Opening hours of libraries", "libraries"),
])  # fmt: skip
def test_people_verbs_and_places_are_never_the_subject(topic, subject):
    assert subject_of(topic)[0].text == subject


@pytest.mark.parametrize(
    "question",
    ["When do you save the most?", "Tell us when it went wrong.", "What do you think of the opening on Sundays?"],
)
def test_a_verb_or_an_adjective_is_never_the_focus(question):
    assert not set(words_of(read_question(question, "Energy tariff").focus.text)) & {"save", "wrong", "opening"}


def test_a_use_is_named_when_asked_what_for():
    told = asked("What do you use it for?", "Oat milk", "UK shoppers who buy oat milk")
    uses = re.compile(
        r"breakfast|cooking|friends come|quick in the evening|happy|break at work|treat|in the house|coffee|cereal|pancakes"
    )
    assert all(uses.search(text) for text in told)


def test_a_channel_is_named_when_asked_how_they_find_out():
    told = asked("How do you find out when it is open?", "Public library in Leeds", "parents and students in Leeds")
    channels = re.compile(
        r"website|phone|noticeboard|asking|word of mouth|neighbour|friends post|paper|leaflet|colleague|parents|partner|podcast|radio|BBC"
        r"|Instagram|TikTok|YouTube|Reddit|WhatsApp|Guardian|Facebook",
        re.I,
    )
    assert all(channels.search(text) for text in told)


@pytest.mark.parametrize(("question", "options"), [
    ("Would you prefer Sundays instead of Mondays?", ("Sundays", "Mondays")), ("Would you rather have an app or a card?", ("app", "card")),
])  # fmt: skip
def test_a_choice_is_answered_with_one_of_the_two(question, options):
    told = asked(question, "Public library in Leeds", "parents and students in Leeds")
    assert all(any(option in text for option in options) for text in told)
    assert not [text for text in told if re.search("either-or|On a good day", text)]
    assert len({next(option for option in options if option in text) for text in told}) == 2


def test_when_did_you_last_is_answered_with_a_time():
    told = asked("When did you last buy oat milk?", "Oat milk", "UK shoppers who buy oat milk")
    assert all(TIME.search(text) for text in told)


def test_a_panel_mixes_the_groups_that_its_brief_names():
    people = panel("parents, pensioners, students, shift workers in Leeds", 8)
    assert [sum(bool(test(person)) for person in people) for test in (
        lambda p: re.search(r"child|kids|toddler|parent with", p["household"]) and 27 <= p["age"] <= 52 and "student" not in p["occupation"],
        lambda p: p["occupation"].startswith("retired") and p["age"] >= 66, lambda p: "student" in p["occupation"] and p["age"] <= 25,
        lambda p: re.search("night|shift|early", p["occupation"]),
    )] >= [2, 2, 2, 2]  # fmt: skip
    assert {person["location"] for person in people} == {"Leeds, UK"}


def test_a_panel_lives_where_and_works_as_its_brief_says():
    wales = {person["location"] for person in panel("People over 60 in Wales", 10)}
    assert all(place.endswith(", Wales") for place in wales)
    assert {person["location"] for person in panel("Dog owners in Hebden Bridge", 3)} == {"Hebden Bridge, UK"}
    modest = panel("working-class voters in Yorkshire", 10)
    assert not [
        person["income_band"]
        for person in modest
        if "45,000–" in person["income_band"] or "over" in person["income_band"]
    ]
    german = panel("Owners and payroll managers of small firms in Germany", 8)
    assert all(re.search("owner|founder|payroll manager", person["occupation"]) for person in german)
    assert all(person["location"].endswith(", Germany") for person in german)


def test_who_likes_what_is_new_does_not_speak_of_habit():
    keen = {
        "name": "Ana Silva",
        "shopping_habits": "An early adopter",
        "values": ["comfort", "loyalty"],
        "household": "lives alone",
    }
    for seed in range(40):
        context = {
            "persona": keen,
            "topic": "Oat milk",
            "question": "What do you think of it?",
            "words": 90,
            "mode": "moderated",
        }
        text = answer("reply", context, 400, seed)
        assert not re.search(
            "creature of habit|leave it alone|what I'm used to|don't change|My partner|my other half", text
        ), text


def test_a_theme_claims_a_direction_only_with_a_clear_majority():
    def code(quotes: list[str]) -> dict[str, Any]:
        said = [{"seq": i, "speaker": f"P{i} X", "quote": quote} for i, quote in enumerate(quotes)]
        return {"id": 1, "label": "The price", "verbatims": said}

    def theme(*quotes: str) -> dict[str, Any]:
        return json.loads(answer("build_themes", {"topic": "Tea", "codes": [code(list(quotes))]}, 900, 1))["themes"][0]

    assert (
        theme("It is far too expensive.", "A poor deal.", "An annoying hassle.")["name"]
        == "The price: mostly criticised"
    )
    assert theme("A poor deal.", "A bad joke.", "I love it.", "It is great.")["name"] == "The price: opinions divided"
    assert theme("It is far too expensive.", "I bought two.", "I went there.")["name"] == "The price"


def test_a_margins_label_becomes_a_persons_gender():
    for label, gender in (("women", "female"), ("men", "male"), ("non-binary", "non-binary")):
        text = answer(
            "recruit_persona", {"brief": "Tea", "cell": {"gender": label}, "name": "Ana Silva", "sketch": ""}, 900, 1
        )
        assert json.loads(text)["gender"] == gender


def test_sketches_stand_in_the_order_of_their_cells_with_names_of_their_own():
    cells = [
        {"gender": "female", "age_min": 60, "age_max": 70},
        {"gender": "male", "age_min": 20, "age_max": 25},
        *({} for _ in range(28)),
    ]
    people = json.loads(
        answer("recruit_sketch", {"brief": "Germans who drive electric cars", "size": 30, "cells": cells}, 4_000, 5)
    )["personas"]
    assert len(people) == 30
    for part in (0, -1):
        assert len({person["name"].split()[part] for person in people}) == 30
    ages = [int(re.search(r", (\d\d),", person["sketch"])[1]) for person in people]
    assert 60 <= ages[0] <= 70
    assert 20 <= ages[1] <= 25


@pytest.mark.parametrize("brief", BRIEFS)
def test_a_persona_honours_its_cell_and_has_every_field(brief):
    cell = {"gender": "female", "age_min": 31, "age_max": 33, "location": "Whitby", "income_band": "£20k"}
    sketch = json.loads(answer("recruit_sketch", {"brief": brief, "size": 1, "cells": [cell]}, 900, 2))["personas"][0]
    persona = json.loads(answer("recruit_persona", {"brief": brief, "cell": cell, **sketch, "others": []}, 900, 2))
    assert persona.keys() == {
        "name", "age", "gender", "location", "occupation", "education", "household", "income_band", "values", "goals", "frustrations", "media_habits",
        "tech_comfort", "shopping_habits", "brands", "big_five", "talkativeness", "way_of_speaking", "quote", "backstory",
    }  # fmt: skip
    assert (persona["gender"], persona["location"], persona["income_band"]) == ("female", "Whitby", "£20k")
    assert 31 <= persona["age"] <= 33
    assert len(persona["values"]) == 3
    assert all(0 <= level <= 100 for level in [*persona["big_five"].values(), persona["talkativeness"]])
    assert content_words(f"{persona['quote']} {persona['backstory']}") & content_words(brief)


def test_ages_in_the_brief_hold_where_the_cell_is_silent():
    for brief, low, high in (
        ("Parents aged 30–40 who cook", 30, 40),
        ("Retired people and gardening", 65, 82),
        ("Students and bikes", 18, 25),
    ):
        ages = [int(re.search(r", (\d\d),", person["sketch"])[1]) for person in
                json.loads(answer("recruit_sketch", {"brief": brief, "size": 12, "cells": [{}] * 12}, 900, 1))["personas"]]  # fmt: skip
        assert all(low <= age <= high for age in ages), brief


@pytest.mark.parametrize("kind", ["open", "next"])
def test_the_moderator_asks_the_question_as_it_stands_in_the_guide(kind):
    said = session(BRIEFS[0], 6)
    context = {
        "topic": "Oat milk",
        "question": "What {else} do you *drink*?",
        "transcript": said,
        "participants": [],
        "kind": kind,
    }
    assert answer("moderate", context, 300, 1).endswith("What {else} do you *drink*?")


def test_a_link_and_a_probe_pick_up_what_somebody_really_said():
    said = [
        {
            "seq": 1,
            "role": "persona",
            "speaker": "Tom Barker",
            "text": "Nobody reads the small print, I certainly don't.",
        }
    ]
    for kind in ("next", "probe"):
        told = [
            answer("moderate", {"topic": "Insurance", "question": "And?", "transcript": said, "kind": kind}, 300, seed)
            for seed in range(12)
        ]
        assert all("Tom" in text or "small print" in text for text in told)
        assert any("small print" in text for text in told)


def test_every_quote_is_an_exact_part_of_what_its_speaker_said(talk):
    topic, said = talk
    by_seq = {message["seq"]: message for message in said}
    codes = json.loads(answer("code_transcript", {"topic": topic, "messages": said}, 4_000, 1))["codes"]
    assert 4 <= len(codes) <= 14
    assert len({code["label"] for code in codes}) == len(codes)
    for code in codes:
        for verbatim in code["verbatims"]:
            message = by_seq[verbatim["seq"]]
            assert verbatim["quote"] in message["text"]
            assert (message["speaker"], message["role"]) == (verbatim["speaker"], "persona")
            assert 4 <= word_count(verbatim["quote"]) <= 30
            assert verbatim["sentiment"] in ("positive", "neutral", "negative")


def test_a_quotes_sentiment_is_what_its_words_say():
    words = ("I love how easy it is.", "An annoying hassle every single week.", "The shop opens at nine o'clock.")
    said = [
        {"seq": seq, "speaker": f"Person {seq}", "role": "persona", "text": text, "question": ""}
        for seq, text in enumerate(words, start=1)
    ]
    codes = json.loads(answer("code_transcript", {"topic": "Shops", "messages": said}, 4_000, 1))["codes"]
    found = {quote["seq"]: quote["sentiment"] for code in codes for quote in code["verbatims"]}
    assert found == {1: "positive", 2: "negative", 3: "neutral"}


def test_themes_hold_every_code_once_and_lead_to_a_summary_that_says_it_is_simulated(talk):
    topic, said = talk
    codes = json.loads(answer("code_transcript", {"topic": topic, "messages": said}, 4_000, 1))["codes"]
    numbered = [{"id": 100 + place, **code} for place, code in enumerate(codes)]
    themes = json.loads(answer("build_themes", {"topic": topic, "codes": numbered}, 4_000, 1))["themes"]
    assert 3 <= len(themes) <= 6
    assert sorted(number for theme in themes for number in theme["code_ids"]) == [code["id"] for code in numbered]
    assert len({theme["name"] for theme in themes}) == len(themes)
    full = [
        {**theme, "verbatims": [v for code in numbered if code["id"] in theme["code_ids"] for v in code["verbatims"]]}
        for theme in themes
    ]
    people = [{"name": "Ana", "age": 30, "occupation": "nurse"}, {"name": "Ben", "age": 61, "occupation": "chef"}]
    text = answer("summarise_session", {"topic": topic, "themes": full, "participants": people}, 600, 1)
    assert 120 <= word_count(text) <= 220
    assert "These are simulated participants" in text


def test_a_running_summary_names_who_spoke_within_150_words(talk):
    said = talk[1][:20]
    text = answer("summarise_window", {"previous": "Zoe was against it.", "messages": said}, 400, 1)
    assert word_count(text) <= 150
    assert all(turn["speaker"].split()[0] in text for turn in turns_of(said))


def test_an_unknown_feature_is_an_error():
    with pytest.raises(ValueError, match="poll"):
        answer("poll", {}, 100, 1)


HOSTILE = st.one_of(
    st.text(max_size=120),
    st.sampled_from(
        [
            "{T} {peer}",
            "[a|b] **bold** `x`",
            '"""',
            "@Maya {",
            "\\1 \\g<0>",
            "a" * 5_000,
            "’s",
            "?" * 50,
            "The the THE",
            "# Title\n- item",
        ],
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(HOSTILE, min_size=9, max_size=9), words=st.integers(3, 200), mode=st.sampled_from(["moderated", "autonomous"]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_hostile_text_neither_crashes_it_nor_leaks_markup(texts, words, mode, seed):
    name, job, home, value, goal, topic, question, said, other = texts
    persona = {
        "name": name, "occupation": job, "household": home, "values": [value], "goals": [goal], "frustrations": [said], "brands": [job],
        "location": home,
    }  # fmt: skip
    transcript = [
        {"seq": 1, "role": "persona", "speaker": other, "text": said},
        {"seq": 2, "role": "moderator", "speaker": "M", "text": question},
    ]
    context = {
        "persona": persona,
        "topic": topic,
        "question": question,
        "transcript": transcript,
        "words": words,
        "mode": mode,
        "others": [other],
    }
    text = answer("reply", context, 400, seed)
    assert text.strip()
    assert not set("{}[]|*`#") & set(text)
    json.loads(answer("code_transcript", {"topic": topic, "messages": transcript}, 400, seed))
    sketched = json.loads(
        answer("recruit_sketch", {"brief": topic, "size": 1, "cells": [{"gender": value}]}, 400, seed)
    )["personas"][0]
    json.loads(
        answer(
            "recruit_persona",
            {"brief": topic, "cell": {}, "name": name, "sketch": said or sketched["sketch"], "others": []},
            400,
            seed,
        )
    )
    asked = answer(
        "moderate", {"topic": topic, "question": question, "transcript": transcript, "kind": "next"}, 8_000, seed
    )
    assert " ".join(question.split()) in asked
    answer("summarise_window", {"previous": said, "messages": transcript}, 400, seed)
    answer(
        "summarise_session",
        {"topic": topic, "themes": [{"name": value, "summary": said}], "participants": [{"name": name}]},
        400,
        seed,
    )
