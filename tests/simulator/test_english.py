"""The simulator reads English, and refuses in words what it cannot read instead of using its words."""

import json

import pytest

from semblance_core.conversation.acts import Acts, Band
from semblance_core.conversation.window import Line
from semblance_core.domain.personas.persona import Persona
from semblance_core.requests.analysis import CodeRequest
from semblance_core.requests.discussion import ReplyRequest
from semblance_core.requests.recruiting import Cell, PersonaRequest, SketchRequest
from semblance_core.simulator import CannotRead, answer, check_brief, check_question, check_talk
from tests.languages import TALK

REFUSED_BRIEFS = [
    "Österreichische Haushalte zwischen 30 bis 60, die über eine Wärmepumpe nachdenken",
    "Männer und Frauen ab 40 in Wien",
    "Acheteurs français de 25 à 45 ans qui achètent du lait d'avoine",
    "Consumidores españoles de 25 a 45 años que compran leche de avena",
    "Nederlandse huishoudens die over een warmtepomp nadenken en in een eigen huis wonen",
    "Donne tra 30 e 60 anni in Italia",
    "Kvinder i alderen 30-60 som bor i Oslo",
    "オーツミルクを買う25歳から45歳の日本の消費者",
    "日本の消費者について who buy oat milk",
    "مستهلكون تتراوح أعمارهم بين 25 و45 عاما",
    "Российские покупатели овсяного молока",
    "UK shoppers. Sie kaufen jede Woche Hafermilch und achten auf den Preis.",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit",
    "asdf qwer",
    "asdf jkl asdf jkl",
    "qqqqqq",
    "30–60",
    "?",
    "👍👍👍",
]
REFUSED_QUESTIONS = [
    "Was trinken Sie gerne?",
    "Was ist Ihre Meinung?",
    "Was denkst du about oat milk?",
    "Warum?",
    "Que pensez-vous du prix ?",
    "¿Por qué?",
    "Cosa ne pensate del prezzo?",
    "Wat vinden jullie van thee?",
    "Co sądzisz o cenie?",
    "Bu fiyat size uygun mu?",
    "Bạn nghĩ gì về giá?",
    "なぜですか",
    "你觉得价格怎么样？",
    "ما رأيك في السعر؟",
    "Что вы думаете о цене?",
    "Thank you all. Was halten Sie von der neuen Verpackung?",
    "fjdksl",
    "lkjsdf sdlkfj sdf",
    "%",
    "42",
    "🙂",
]
READ_BRIEFS = [
    "UK shoppers aged 25–45 who buy oat milk, some of them only now and then",
    "UK adults who drink coffee in different fashions",
    "Homeowners in Austria, aged 30 to 60, thinking about a heat pump",
    "People in München who buy Käsespätzle",
    "Retired nurses, Leeds",
    "Young London professionals, vegan, high income",
    "Commuters in Berlin who cycle to work",
    "People over 60 in Wales",
    "Tenants with a smart doorbell",
    "Members of a choir in Bristol",
    "IT procurement managers of mid-sized hospitals evaluating cybersecurity vendors",
    "Owners of electric vehicles charging at motorway stations",
    "Fans of Björk, Rosalía or Måneskin who go to concerts",
]
READ_QUESTIONS = [
    "Price?",
    "Why tea?",
    "Why?",
    "And you?",
    "Matcha?",
    "Favourite flavour?",
    "Smell, texture, colour?",
    "Tell me more.",
    "OK, next: packaging.",
    "Hello",
    "Rate it from 1 to 10.",
    "Why 茅台?",
    "Why コカコーラ?",
    "Do you know 小米 or 华为?",
    "小米 or 华为?",
    "Nescafé or Lavazza?",
    "What would Zoë Ünal and Jürgen Groß say?",
    "@Łukasz, why?",
    "@Nguyễn and @Søren: any doubts?",
    "How would you describe the aroma of the perfume?",
    "What do you think of 茅台, Zoë?",
]


@pytest.mark.parametrize("brief", REFUSED_BRIEFS)
def test_a_brief_that_is_no_english_is_refused(brief: str) -> None:
    with pytest.raises(CannotRead, match=r"plain English only, and cannot read the brief\."):
        check_brief(brief)


@pytest.mark.parametrize("question", REFUSED_QUESTIONS)
def test_a_question_that_is_no_english_is_refused_and_quoted(question: str) -> None:
    with pytest.raises(CannotRead, match=r"plain English only, and cannot read “.+”\."):
        check_question(question, "Oat milk", ["Maya Rao", "Jürgen Groß"])


@pytest.mark.parametrize("brief", READ_BRIEFS)
def test_an_english_brief_is_read_whatever_it_names(brief: str) -> None:
    check_brief(brief)


@pytest.mark.parametrize("question", READ_QUESTIONS)
def test_an_english_question_is_read_however_short(question: str) -> None:
    check_question(question, "", ["Nguyễn Văn An", "Søren Ås"])


@pytest.mark.parametrize("topic", ["Hafermilch im Alltag", "Leche de avena en casa", "asdf qwer", "Чай", "42"])
def test_a_topic_that_is_no_english_is_refused(topic: str) -> None:
    with pytest.raises(CannotRead, match="the topic"):
        check_question("Why?", topic)


@pytest.mark.parametrize("topic", ["Oat milk", "A choir's rehearsals", "Smart doorbells", "Tattoos", "Nespresso", ""])
def test_a_topic_may_be_a_mere_name(topic: str) -> None:
    check_question("What do you think of it?", topic)
    check_question(topic, topic)


@pytest.mark.parametrize("language", TALK)
def test_of_talk_in_45_languages_only_english_is_read(language: str) -> None:
    if language == "English":
        check_talk([TALK[language]])
    else:
        with pytest.raises(CannotRead, match="this discussion"):
            check_talk([TALK[language]])


@pytest.mark.parametrize("ages", [
    "aged thirty to sixty", "in their 30s", "between forty and fifty", "in their twenties", "30/60 years old", "30..60",
])  # fmt: skip
def test_ages_that_cannot_be_read_are_refused_and_never_guessed(ages: str) -> None:
    with pytest.raises(CannotRead, match="written as in 25–45"):
        check_brief(f"UK shoppers {ages} who buy oat milk")


@pytest.mark.parametrize("ages", ["aged 30 to 60", "30–60", "over 60", "", "of 2 of the 50 largest towns"])
def test_ages_in_digits_are_read(ages: str) -> None:
    check_brief(f"UK shoppers {ages} who buy oat milk")


def test_nothing_is_written_for_what_cannot_be_read() -> None:
    person = Persona("Maya Rao")
    brief, question = REFUSED_BRIEFS[0], REFUSED_QUESTIONS[0]
    for asked in (
        SketchRequest(brief, (Cell(),)),
        PersonaRequest(brief, Cell(), "Maya Rao", ""),
        ReplyRequest(person, "Oat milk", question, Acts(Band.SENTENCES, 40)),
        ReplyRequest(person, "Hafermilch im Alltag", "Why?", Acts(Band.SENTENCES, 40)),
        CodeRequest("Oat milk", (Line(1, "Maya Rao", TALK["German"], "persona"),), 8),
    ):
        with pytest.raises(CannotRead):
            answer(asked, 400, 1)


def test_what_a_persona_is_in_another_language_is_left_out_of_english_sentences() -> None:
    german = ("Sparsamkeit im Alltag", "Zeit mit der Familie verbringen")
    person = Persona(
        "Maja Groß", values=german, goals=german, frustrations=german, occupation="Krankenpflegehelferin für Kinder"
    )
    for seed in range(30):
        text = answer(ReplyRequest(person, "Oat milk", "Tell us about yourself.", Acts(Band.STORY, 90)), 400, seed)
        assert not any(word in text for word in ("parsamkeit", "Zeit", "zeit", "rankenpflege")), text


def test_a_verb_before_the_thing_is_not_a_part_of_it() -> None:
    sketched = answer(SketchRequest("UK adults who drink coffee", (Cell(),) * 8), 2_000, 1)
    assert "coffee" in sketched
    assert "drink coffee" not in " ".join(each["sketch"] for each in json.loads(sketched)["personas"])
