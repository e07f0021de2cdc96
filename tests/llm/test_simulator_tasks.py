"""The simulator: panels, moderation, themes and summaries, and hostile text in all of them."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semblance_core.llm.simulator import answer
from semblance_core.llm.simulator.words import content_words, word_count
from tests.llm.simulated_talk import BRIEFS, panel, session, turns_of


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
