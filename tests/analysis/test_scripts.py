"""Any script: how many words a text has, what of it can be quoted, and when it repeats itself."""

from datetime import UTC, datetime

from semblance_core.analysis.diversity import matched_length
from semblance_core.analysis.grounding import exact_quote, is_grounded
from semblance_core.analysis.scripts import first_words, word_count
from semblance_core.analysis.text import content_stems, normalised
from semblance_core.conversation.ending import cosine, ending_reason
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.findings.theme import Verbatim

COUNTED = (
    ("Too dear for me.", 4, 4),
    ("Well – I'd pay 3.50, no more…", 6, 6),
    ("It's well-made, e.g. the lid.", 5, 5),
    ("…", 0, 0),
    ("正直に言うと、この値段は高すぎると思うので買いません。", 8, 14),
    ("说实话，我觉得这个价格太贵了，所以不会买。", 8, 13),
    ("พูดตรงๆ ราคานี้แพงเกินไป ฉันเลยไม่ซื้อ", 6, 12),
    ("និយាយត្រង់ៗ តម្លៃនេះថ្លៃពេក ដូច្នេះខ្ញុំមិនទិញទេ", 5, 13),
    ("ဈေးကြီးလွန်းလို့ မဝယ်ပါဘူး", 3, 9),
    ("ເວົ້າກົງໆ ລາຄານີ້ແພງເກີນໄປ", 4, 9),
    ("རིན་གོང་འདི་མཐོ་དྲགས་འདུག", 3, 8),
    ("솔직히 이 가격은 너무 비싸요", 5, 5),
    ("Honestly, iPhoneを3台買いました。", 4, 7),
    ("بصراحة، هذا السعر مرتفع جدًا", 5, 5),
    ("בכנות, המחיר הזה גבוה מדי", 5, 5),
    ("ईमानदारी से, यह कीमत बहुत ज़्यादा है", 7, 7),
    ("Честно говоря, дорого", 3, 3),
    ("በእውነቱ፡ይህ፡ዋጋ፡ውድ፡ነው", 5, 5),
    ("Ειλικρινά, είναι ακριβό", 3, 3),
    ("உண்மையில் இந்த விலை அதிகம்", 4, 4),
    ("ეს ძალიან ძვირია", 3, 3),
    ("Thật ra giá này quá đắt", 6, 6),
    ("マイケル・ジャクソン", 3, 5),
    ("ok 👍", 1, 1),
)
JAPANESE = (
    "正直に言うと、この値段は高すぎると思うので買いません。子供が味を嫌がったので、もう一度買うつもりはないです。"
)
QUOTED = (
    (JAPANESE, "この値段は高すぎる"),
    (JAPANESE, "子供が味を嫌がった"),
    (JAPANESE, "「この値段は高すぎる」"),
    (JAPANESE, "もう一度買うつもりはない"),
    ("说实话，我觉得这个价格太贵了，所以不会买。", "这个价格太贵了"),
    ("说实话，我觉得这个价格太贵了，所以不会买。", "“价格太贵”"),
    ("พูดตรงๆ ราคานี้แพงเกินไปฉันเลยไม่ซื้อ", "ราคานี้แพงเกินไป"),
    ("និយាយត្រង់ៗតម្លៃនេះថ្លៃពេកដូច្នេះខ្ញុំមិនទិញទេ", "តម្លៃនេះថ្លៃពេក"),
    ("ဒီဈေးကကြီးလွန်းလို့မဝယ်ပါဘူး", "ကြီးလွန်းလို့"),
    ("ເວົ້າກົງໆລາຄານີ້ແພງເກີນໄປ", "ລາຄານີ້ແພງເກີນໄປ"),
    ("རིན་གོང་འདི་མཐོ་དྲགས་འདུག", "འདི་མཐོ་དྲགས"),
    ("솔직히 너무 비싸다고 생각해요", "너무 비싸다"),
    ("가격이 너무 높아요", "가격"),
    ("iPhoneを毎年買います", "iPhone"),
    ("毎年ｉＰｈｏｎｅを買います", "iPhone"),
    ("ﾐﾙｸは高いです", "ミルクは高い"),
    ("ｶﾞﾑは高いです", "ガム"),
    ("هَذا السِّعر مُرتَفِع جِدًّا", "هذا السعر مرتفع"),
    ("بصراحة، هذا السعر مرتفع", "هذا السعر مرتفع"),
    ("\u2067המחיר הזה\u2069 גבוה", "המחיר הזה גבוה"),
    ("הַמְּחִיר גבוה מדי", "המחיר גבוה"),
    ("السعر ٣٫٥٠ يورو", "السعر 3٫50"),
    ("می‌خواهم ارزان باشد", "میخواهم ارزان"),
    ("یہ قیمت بہت زیادہ ہے", "قیمت بہت زیادہ"),
    ("यह कीमत बहुत ज़्यादा है", "कीमत बहुत ज़्यादा"),
    ("Цена — слишком высокая!", "цена - слишком высокая"),
    ("I ❤️ it a lot", "I ❤ it"),
)
NOT_QUOTED = (
    ("I can't pay", "I can"),
    ("It is 5.99", "5"),
    ("値段は5万円です", "値段は5"),
    ("二十三人が買いました", "三人"),
    ("テレビジョンを買いました", "テレビ"),
    ("高かったです", "高か"),
    ("値段は15円です", "5円"),
    ("ราคานี้แพง", "ราค"),
    ("가격표를 봤어요", "가격"),
    ("यह कीमत", "यह क"),
    ("السعر ٣٫٥", "السعر 3"),
    ("Unpayable", "payable"),
    ("この値段は高すぎる", "この値段は安すぎる"),
    ("សេចក្តី", "សេចក"),
)


def message(text: str, speaker: str = "山田花子") -> Message:
    return Message("g", 1, "persona", speaker, text, MessageStatus.SAID, "reply", datetime(2026, 1, 1, tzinfo=UTC))


def test_words_are_counted_in_every_script() -> None:
    for text, least, most in COUNTED:
        assert least <= word_count(text) <= most, (text, word_count(text))


def test_a_quote_inside_a_sentence_is_found_in_every_script() -> None:
    for text, quote in QUOTED:
        verbatim = Verbatim(1, "山田花子", quote)
        assert is_grounded(verbatim, {1: message(text)}), (text, quote)
        assert normalised(exact_quote(verbatim, {1: message(text)}).quote) == normalised(quote).strip('「」"'), quote


def test_a_quote_cuts_no_word_letter_or_number_in_two() -> None:
    for text, quote in NOT_QUOTED:
        assert not is_grounded(Verbatim(1, "山田花子", quote), {1: message(text)}), (text, quote)


def test_a_speaker_may_be_named_with_an_honorific() -> None:
    said = {1: message(JAPANESE)}
    assert exact_quote(Verbatim(1, "山田花子さん", "この値段は高すぎる"), said).speaker == "山田花子"
    assert not is_grounded(Verbatim(1, "山田", "この値段は高すぎる"), said)


def test_texts_without_spaces_are_cut_to_one_length_too() -> None:
    short, long = "高いです", "この値段は高すぎると思うので絶対に買いません。もう二度と買いません。"
    cut = matched_length([short, long, short])
    assert (cut[0], cut[2]) == (short, short)
    assert long.startswith(cut[1])
    assert len(cut[1]) < len(long)
    assert first_words("one two  three", 2) == "one two"


def test_repetition_is_heard_in_scripts_without_spaces() -> None:
    for said, other in (
        (
            "この値段は私には高すぎると思うので、毎週安いほうを買っています。",
            "子供が味を嫌がったので、朝は別の飲み物を出すことにしました。",
        ),
        ("我觉得这个价格太贵了，所以我每个星期都买便宜的那种牛奶。", "孩子不喜欢这个味道，早上我给他们喝别的东西。"),
        ("ราคานี้แพงเกินไปสำหรับฉัน ฉันเลยซื้อยี่ห้อที่ถูกกว่าทุกสัปดาห์", "ลูกไม่ชอบรสชาติ ตอนเช้าเลยให้ดื่มอย่างอื่นแทน"),
    ):
        slightly = said[:-2] + said[-1]
        assert cosine(said, slightly) >= 0.9 > cosine(said, other)
        assert ending_reason([said, other, slightly, said], 3, False) == "repetition"


def test_content_is_told_in_scripts_without_spaces() -> None:
    assert content_stems("値段が高いです") >= {"値段"}
    assert content_stems("値段が高いです") == content_stems("値段は高いですね")
    assert content_stems("价格太贵") != content_stems("味道太甜")
    assert content_stems("가격 너무") >= {"가격"}
