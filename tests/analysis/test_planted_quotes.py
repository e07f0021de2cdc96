"""Planted quotes in twelve languages of ten scripts: every true one passes the gate, and none of 600 altered or false ones does."""

import random
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import regex

from semblance_core.analysis.grounding import exact_quote, is_grounded
from semblance_core.analysis.text import normalised
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Verbatim

SPEAKER, OTHER, SEQ = "Ana", "Kai", 7
SPACED = {
    "English": "Honestly I would *not pay 3.50 for oat milk | on Mondays we never *don't buy 12 litres at once",
    "Russian": "Честно говоря я *не заплачу 350 рублей за молоко | по утрам мы *никогда пьём 2 чашки кофе с сахаром",
    "Arabic": "بصراحة أنا *لا أدفع ٣٥٠ ريالاً مقابل الحليب | في الصباح نحن *لم نشترِ ١٢ علبةً من السوق",
    "Hebrew": "למען האמת אני *לא אשלם 35 שקלים על חלב | בבוקר אנחנו *לא קונים 12 קרטונים בשוק",
    "Hindi": "सच कहूँ तो मैं दूध के लिए ३५० रुपये *नहीं देती | सुबह हम लोग क्षमा करें 12 पैकेट *कभी ख़रीदते हैं",
    "Korean": "솔직히 저는 우유에 3500 원을 *안 냅니다 정말로 | 아침마다 우리는 12 개를 *못 삽니다 시장에서",
}
SPACELESS = {
    "Japanese": "正直に|言うと|この|牛乳|に|350|円|は|払え|*ない|と|思い|ます / 毎朝|が|つらい|ので|12|本|も|買わ|*ない|はず|です",
    "Chinese": "说实话|我|*不|会|花|350|元|买|燕麦奶|因为|太|贵 / 我们|早上|*没有|喝|12|杯|咖啡|也|很|好",
    "Thai": "จริงๆ|แล้ว|ฉัน|*ไม่|จ่าย|350|บาท|เพื่อ|ซื้อ|นม|นี้ / ตอน|เช้า|เรา|*ไม่|ดื่ม|กาแฟ|12|แก้ว|ที่|น้ำตก",
    "Lao": "ຂ້ອຍ|*ບໍ່|ຈ່າຍ|350|ກີບ|ເພື່ອ|ຊື້|ນົມ|ນີ້|ແທ້ / ຕອນ|ເຊົ້າ|ພວກ|ເຮົາ|*ບໍ່|ດື່ມ|12|ຈອກ|ທີ່|ບ້ານ",
    "Khmer": "ខ្ញុំ|*មិន|ចំណាយ|350|រៀល|ទិញ|ទឹកដោះគោ|នេះ|ទេ / ពេល|ព្រឹក|យើង|*មិន|ផឹក|កាហ្វេ|12|កែវ|នៅ|ផ្ទះ",
    "Burmese": "ကျွန်မ|နို့|အတွက်|350|ကျပ်|*မ|ပေးချင်|ဘူး|နော် / မနက်|တိုင်း|ကျွန်တော်|တို့|12|ခွက်|*မ|သောက်|ကြ|ပါ",
}
EACH = 50
WAYS = ("dropped", "swapped", "number", "negation", "cut", "speaker", "message")


def told(language: str) -> list[tuple[list[str], str, int]]:
    """The language's messages as words, with what stands between two words and the place of the word that denies."""
    if language in SPACED:
        parts, joint = [text.split() for text in SPACED[language].split(" | ")], " "
    else:
        parts, joint = [text.strip().split("|") for text in SPACELESS[language].split(" / ")], ""
    return [
        ([word.removeprefix("*") for word in words], joint, next(at for at, w in enumerate(words) if w[0] == "*"))
        for words in parts
    ]


def said(text: str) -> dict[int, Message]:
    def message(seq: int, words: str) -> Message:
        return Message(
            "g", seq, "persona", SPEAKER, words, MessageStatus.SAID, "reply", datetime(2026, 1, 1, tzinfo=UTC)
        )

    return {SEQ: message(SEQ, text), SEQ + 1: message(SEQ + 1, "OK, 9.")}


def altered(language: str, chance: random.Random) -> Iterator[tuple[str, dict[int, Message], Verbatim]]:
    """Quotes that nobody gave like this, each with the way it was altered."""
    spoken = told(language)
    while True:
        words, joint, denies = chance.choice(spoken)
        cited = said(joint.join(words) + chance.choice(["", ".", "。"]))
        whole = normalised(joint.join(words))
        first = chance.randrange(len(words) - 3)
        last = chance.randrange(first + 3, len(words))
        quote, seq, speaker = words[first : last + 1], SEQ, SPEAKER
        way = chance.choice(WAYS)
        if way == "dropped":
            quote = [*quote[:1], *quote[2:]]
        elif way == "swapped":
            quote = [quote[0], quote[2], quote[1], *quote[3:]]
        elif way == "number":
            quote = [str(int(word) + 1) if word.isdecimal() else word for word in quote]
        elif way == "negation":
            quote = words[max(0, denies - 2) : denies] + words[denies + 1 :]
        elif way == "speaker":
            speaker = OTHER
        elif way == "message":
            seq = SEQ + 1
        text = joint.join(quote)
        if way == "cut" and not (text := cut(words, joint, chance)):
            continue
        if way in ("dropped", "swapped", "number", "negation") and normalised(text) in whole:
            continue  # what is left stands there too
        yield way, cited, Verbatim(seq, speaker, text)


def cut(words: list[str], joint: str, chance: random.Random) -> str:
    """The message's words up to the middle of one: of a word, or of a number or a letter with its signs where no spaces are set."""
    at = chance.randrange(1, len(words))
    word = words[at]
    inside = list(range(1, len(word)))
    if not joint and not word.isdecimal():
        whole = {match.end() for match in regex.finditer(r"\X", word)}
        inside = [place for place in inside if place not in whole]
    if not inside:
        return ""
    place = chance.choice(inside)
    before, behind = joint.join([*words[:at], word[:place]]), joint.join([word[place:], *words[at + 1 :]])
    ends_on_hangul = "\uac00" <= word[0] <= "\ud7a3"  # of which a quote may leave off what Korean puts behind a word
    if chance.random() < 0.5 and not ends_on_hangul:
        return "" if normalised(before) == normalised(joint.join(words[: at + 1])) else before
    return "" if normalised(behind) == normalised(joint.join(words[at:])) else behind


@pytest.mark.parametrize("language", [*SPACED, *SPACELESS])
def test_no_altered_or_false_quote_passes(language: str) -> None:
    chance, seen = random.Random(f"altered {language}"), set[str]()
    planted = altered(language, chance)
    for _ in range(EACH):
        way, cited, verbatim = next(planted)
        assert not is_grounded(verbatim, cited), (way, cited[verbatim.seq].text, verbatim.quote)
        seen.add(way)
    assert len(seen) >= len(WAYS) - 1


@pytest.mark.parametrize("language", [*SPACED, *SPACELESS])
def test_every_true_quote_passes_and_keeps_its_spelling(language: str) -> None:
    chance = random.Random(f"true {language}")
    for _ in range(EACH):
        words, joint, _ = chance.choice(told(language))
        text = joint.join(words)
        first = chance.randrange(len(words))
        quote = joint.join(words[first : chance.randrange(first, len(words)) + 1])
        form = chance.choice(["NFC", "NFD", "NFKC"])
        given = chance.choice(["{}", "“{}”", "「{}」", " {} ", "\u200b{}"]).format(unicodedata.normalize(form, quote))
        cited = said(unicodedata.normalize(chance.choice(["NFC", "NFD"]), text))
        verbatim = Verbatim(SEQ, SPEAKER, given)
        assert is_grounded(verbatim, cited), (text, given)
        assert normalised(exact_quote(verbatim, cited).quote) == normalised(quote)


@pytest.mark.parametrize(
    ("text", "quote", "stands_there"),
    [
        ("We are 👨\u200d👩\u200d👧 here", "We are 👨", False),
        ("We are 👨\u200d👩\u200d👧 here", "We are 👨\u200d👩\u200d👧", True),
        ("Flags 🇩🇪🇫🇷 ok", "Flags 🇩🇪", True),
        ("Flags 🇩🇪🇫🇷 ok", "Flags 🇩🇪🇫", False),
        ("Good 👍🏽 yes", "Good 👍", False),
        ("می\u200cخواهم\u200c برم", "می\u200cخواهم", True),
        ("می\u200cخواهم برم", "می", False),
    ],
)
def test_a_quote_does_not_cut_a_sign_that_is_written_as_several(text: str, quote: str, stands_there: bool) -> None:
    assert is_grounded(Verbatim(SEQ, SPEAKER, quote), said(text)) is stands_there
