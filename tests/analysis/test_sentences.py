"""Where a text that breaks off ends: at its last whole sentence, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.sentences import first_sentence, sentence_ends, whole_sentences

BROKEN_OFF = (
    ("I like it. It is a bit", "I like it."),
    ("I pay 3.50 for it. It used to be 2.", "I pay 3.50 for it."),
    ("I buy it at Mr. Cole's. He sells e.g. oat", "I buy it at Mr. Cole's."),
    ("We met at 5 p.m. and talked. Then Dr. Lind", "We met at 5 p.m. and talked."),
    ("See example.com for more! And then", "See example.com for more!"),
    ("He said “No!” and left. Then he", "He said “No!” and left."),
    ("(I like it.) And", "(I like it.)"),
    ("No. I don't", "No."),
    ("I bought A, B, etc. Then I", "I bought A, B, etc."),
    ("It was in 2019. Then", "It was in 2019."),
    ("J. Smith agrees. And", "J. Smith agrees."),
    ("Well... I think", "Well..."),
    ("私は毎週買います。でも高いで", "私は毎週買います。"),
    ("見ました。「高い！」と言って", "見ました。"),
    ("我每周都买。但是有点", "我每周都买。"),
    ("真的吗？我不", "真的吗？"),
    ("मुझे यह पसंद है। लेकिन यह बहुत", "मुझे यह पसंद है।"),
    ("मुझे पसंद है. लेकिन", "मुझे पसंद है."),
    ("هل هو غالي؟ لا أظن ذلك. لكن", "هل هو غالي؟ لا أظن ذلك."),
    ("یہ مہنگا ہے۔ لیکن", "یہ مہنگا ہے۔"),
    ("Πόσο κάνει; Δεν ξέρω", "Πόσο κάνει;"),
    ("Я покупаю его, т.е. редко. Но иногда", "Я покупаю его, т.е. редко."),
    ("Ես գնում եմ այն։ Բայց", "Ես գնում եմ այն։"),
    ("እገዛለሁ። ነገር ግን", "እገዛለሁ።"),
    ("ဝယ်ပါတယ်။ ဒါပေမဲ့", "ဝယ်ပါတယ်။"),
    ("ខ្ញុំទិញវា។ ប៉ុន្តែ", "ខ្ញុំទិញវា។"),
    ("네. 저는 그것을", "네."),
    ("매주 삽니다. 하지만", "매주 삽니다."),
    ("Ostan sitä esim. lauantaisin. Mutta", "Ostan sitä esim. lauantaisin."),
    ("Ich kaufe es z.B. am Samstag. Am 3. Mai", "Ich kaufe es z.B. am Samstag."),
    ("Pahalı, vb. Ama", "Pahalı, vb."),
    ("Kupuję np. mleko. Ale kosztuje", "Kupuję np. mleko."),
    ("நான் வாங்குவேன். ஆனால்", "நான் வாங்குவேன்."),
    ("Tôi mua nó. Nhưng mà", "Tôi mua nó."),
)
WITHOUT_END = (
    ("It costs about 3.", "It costs about 3…"),
    ("I would pay 3.5", "I would pay 3.5…"),
    ("They are dear, e.g.", "They are dear, e.g…"),
    ("I asked Mr.", "I asked Mr…"),
    ("ลูกชอบกินกับซีเรียลแต่", "ลูกชอบกินกับซีเรียลแต่…"),
    ("でも高い、", "でも高い…"),
    ("I like tea; it is", "I like tea; it is…"),
)


@pytest.mark.parametrize(("text", "whole"), BROKEN_OFF, ids=[text for text, _ in BROKEN_OFF])
def test_a_text_that_breaks_off_ends_with_its_last_whole_sentence(text: str, whole: str) -> None:
    assert whole_sentences(text) == whole


@pytest.mark.parametrize(("text", "whole"), WITHOUT_END, ids=[text for text, _ in WITHOUT_END])
def test_a_text_without_a_sentences_end_gets_an_ellipsis(text: str, whole: str) -> None:
    assert whole_sentences(text) == whole


def test_half_a_character_at_the_end_is_left_out() -> None:
    assert whole_sentences("高い\ufffd") == "高い…"


@given(st.text(max_size=200))
def test_what_is_left_is_the_texts_own_beginning(text: str) -> None:
    whole = whole_sentences(text)
    assert text.strip().startswith(whole.removesuffix("…").rstrip()) or not whole
    assert all(0 < end <= len(text) for end in sentence_ends(text))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("3.50 is dear. I mean it.", "3.50 is dear."),
        ("高い。買わない。", "高い。"),
        ("Mr. Cole is in. Yes.", "Mr. Cole is in."),
    ],
)
def test_a_first_sentence_is_found_in_any_script(text: str, first: str) -> None:
    assert first_sentence(text) == first
