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


DOTS = (
    # what looks like a sentence's end and is none, and ends in scripts of all kinds; of a doubtful end, none is taken
    ("I would pay 3.50 euros for a litre if it were", "I would pay 3.50 euros for a litre if it were…"),
    ("It costs 1.299,50 euros. That is 3.", "It costs 1.299,50 euros."),
    ("We run v2.1. of it", "We run v2.1. of it…"),
    ("We run version 2.0. It broke on", "We run version 2.0."),
    ("Ver. 3.2.1 is ok. I", "Ver. 3.2.1 is ok."),
    ("See www.example.com. It is", "See www.example.com."),
    ("See https://a.de/x.html?y=1. Then", "See https://a.de/x.html?y=1."),
    ("I like it… but it", "I like it… but it…"),
    ("I like it... And then we", "I like it..."),
    ("I like it ... and then we", "I like it ... and then we…"),
    ("It was No. 5 on the list. I", "It was No. 5 on the list."),
    ("It was No. 5 on the", "It was No. 5 on the…"),
    ("J. R. R. Tolkien wrote. Then", "J. R. R. Tolkien wrote."),
    ("I asked Dr. Smith about it", "I asked Dr. Smith about it…"),
    ("Am 3. Mai war ich da", "Am 3. Mai war ich da…"),
    ("Der 1. Platz ist mir egal", "Der 1. Platz ist mir egal…"),
    ("Das 21. Jahrhundert und die 45. Woche", "Das 21. Jahrhundert und die 45. Woche…"),
    ("Es war die 45. Woche, als", "Es war die 45. Woche, als…"),
    ("In the U.S. I pay more. In the U.K", "In the U.S. I pay more."),
    ("In the U.S. prices are", "In the U.S. prices are…"),
    ("I live in the U.S. They", "I live in the U.S. They…"),
    ("I drink it at 8 a.m. Then I", "I drink it at 8 a.m. Then I…"),
    ("Costs approx. 3 EUR. vs. 4", "Costs approx. 3 EUR. vs. 4…"),
    ("Smith et al. found it", "Smith et al. found it…"),
    ("See fig. 3 and p. 12 for", "See fig. 3 and p. 12 for…"),
    ("St. Gallen is nice", "St. Gallen is nice…"),
    ("Inc. and Ltd. and Co. KG sell", "Inc. and Ltd. and Co. KG sell…"),
    ("Tesco Ltd. Sells it for", "Tesco Ltd. Sells it for…"),
    ("In Jan. Prices rise", "In Jan. Prices rise…"),
    ("On Mon. I go", "On Mon. I go…"),
    ("Usually max. 3 EUR and min. 2", "Usually max. 3 EUR and min. 2…"),
    ("e.g. Oatly is dear", "e.g. Oatly is dear…"),
    ("z. B. Hafermilch ist", "z. B. Hafermilch ist…"),
    ("d. h. Ich kaufe", "d. h. Ich kaufe…"),
    ("Hr. Dr. Müller sagt", "Hr. Dr. Müller sagt…"),
    ("M. Dupont achète", "M. Dupont achète…"),
    ("Sr. García compra", "Sr. García compra…"),
    ("p. ej. La leche", "p. ej. La leche…"),
    ("EE. UU. Es caro", "EE. UU. Es caro…"),
    ("т. е. Молоко дорогое", "т. е. Молоко дорогое…"),
    ("100 руб. За литр", "100 руб. За литр…"),
    ("В 2019 г. Цена выросла", "В 2019 г. Цена выросла…"),
    ("5 тыс. Рублей", "5 тыс. Рублей…"),
    ("ok?! Yes I", "ok?!"),
    ("Yahoo! is a", "Yahoo! is a…"),
    ('He said "No." Then', 'He said "No."'),
    ("He said 'why?' and", "He said 'why?' and…"),
    ("หนึ่ง", "หนึ่ง…"),
    ("ราคาแพงมาก ไม่ซื้อ เพราะว่า", "ราคาแพงมาก ไม่ซื้อ เพราะว่า…"),
    ("我觉得3.5元太贵", "我觉得3.5元太贵…"),
    ("买了。3.5元", "买了。"),
    ("ཁོང་གིས་ཉོས་སོང༌། དེ་ནས", "ཁོང་གིས་ཉོས་སོང༌།"),
    ("ཁོང་གིས་ཉོས་སོང་། དེ་ནས", "ཁོང་གིས་ཉོས་སོང་།"),
    ("ᠪᠢ ᠠᠪᠤᠨ\u180eᠠ᠃ ᠲᠡᠷᠡ", "ᠪᠢ ᠠᠪᠤᠨ\u180eᠠ᠃"),
    ("ດີຫຼາຍ. ແຕ່", "ດີຫຼາຍ."),
    ("ꦲꦏꦸ꧉ ꦏꦺ", "ꦲꦏꦸ꧉"),
    ("မကောင်းပါ။ ဈေး", "မကောင်းပါ။"),
    ("ߊߊ߸ ߒ", "ߊߊ߸ ߒ…"),
    ("܀ ܐ", "܀ ܐ…"),
    ("Τι λες; Εγώ", "Τι λες;"),
    ("ინახავს. მაგრამ", "ინახავს."),
    ("זה יקר. אבל", "זה יקר."),
    ("זה עולה 3.5 שקל", "זה עולה 3.5 שקל…"),
    ('ד"ר כהן אמר', 'ד"ר כהן אמר…'),
    ("هذا غالٍ. لكن", "هذا غالٍ."),
    ("السعر ٣٫٥ يورو لكن", "السعر ٣٫٥ يورو لكن…"),
    ("د. أحمد قال", "د. أحمد قال…"),
    ("ক. খ নয়। তবে", "ক. খ নয়।"),
    ("रु. 50 का है", "रु. 50 का है…"),
    ("Giá 3.500 đồng. Nhưng", "Giá 3.500 đồng."),
    ("TP. Hồ Chí Minh", "TP. Hồ Chí Minh…"),
    ("I paid $5. It was", "I paid $5."),
    ("I paid 50 euros. It was", "I paid 50 euros."),
    ("I am 34. I like", "I am 34."),
    ("Costs 3.50. Then", "Costs 3.50."),
    ("node.js is fine", "node.js is fine…"),
    ("Mail me at a.b@c.de. Or", "Mail me at a.b@c.de. Or…"),
    ("1. Cheap", "1. Cheap…"),
    ("1. It is cheap. 2. It is", "1. It is cheap."),
    ("a) Cheap. b) dear", "a) Cheap. b) dear…"),
    ("iPhone is good. iPad is", "iPhone is good. iPad is…"),
    ("I like it. eBay sells", "I like it. eBay sells…"),
    ("It is 100%. I", "It is 100%."),
    ("So-called 'oat milk.' I", "So-called 'oat milk.'"),
    ("Well: 1.", "Well: 1…"),
    ("Ph.D. students buy", "Ph.D. students buy…"),
    ("Mt. Everest", "Mt. Everest…"),
    ("Prof. Dr. h.c. Meyer", "Prof. Dr. h.c. Meyer…"),
    ("Gen. Lee", "Gen. Lee…"),
    ("2 lb. Bags", "2 lb. Bags…"),
    ("10 min. Walk", "10 min. Walk…"),
    ("ul. Długa 5 i", "ul. Długa 5 i…"),
    ("5 zł. Za", "5 zł."),
    ("Hafermilch usw. Und", "Hafermilch usw."),
)


def test_no_decimal_abbreviation_ordinal_initial_or_address_ends_a_sentence() -> None:
    for text, whole in DOTS:
        assert whole_sentences(text) == whole, text


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
