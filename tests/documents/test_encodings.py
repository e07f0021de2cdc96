"""Texts in the encodings that people's programs write are read right, short ones too; what may be another one is said to be."""

import pytest

from semblance_core.documents.text.encoding_names import ENCODINGS, named
from semblance_core.documents.text.encodings import decode, spoilt
from semblance_core.domain.errors import InvalidInput

TEXTS = [
    ("Café crème – now £3.50, “naïve” no more", "cp1252"),
    ("l’été déjà, c’est 3,50 €", "cp1252"),
    ("Größe: 5° – 10 %", "cp1252"),
    ("Müller", "cp1252"),
    ("José Peña, Málaga: ¿cuánto cuesta?", "cp1252"),
    ("São Paulo: não é caro", "cp1252"),
    ("smörgås på björk", "cp1252"),
    ("Bjørn Håkon Ærø", "cp1252"),
    ("Þór Guðmundsson", "cp1252"),
    ("½ litre", "cp1252"),
    ("it’s", "cp1252"),
    ("Café crème – £3.50 “naïve”", "mac-roman"),
    ("Jürgen Groß, Köln", "mac-roman"),
    ("El niño", "mac-roman"),
    ("Jürgen Groß, Köln", "cp850"),
    ("name;age\nŁukasz Wiśniewski;34;Pielęgniarz;Łódź\nŻaneta Gąska;29;Księgowa", "cp1250"),
    ("Jiří Novák, učitel", "cp1250"),
    ("Cena: 12 € za litr, příliš žluťoučký kůň", "cp1250"),
    ("Őrült űrhajó, árvíztűrő tükörfúrógép", "cp1250"),
    ("Čevapčići, Đorđe, žena", "cp1250"),
    ("Łukasz Wiśniewski, Łódź", "iso8859-2"),
    ("İstanbul'da süt çok pahalı, değil mi? Şeker", "cp1254"),
    ("Ąžuolas, šešėlis, žąsis", "cp1257"),
    ("Привет, как дела?", "cp1251"),
    ("Цена", "cp1251"),
    ("Їжак і ґанок, ціна", "cp1251"),
    ("Привет, как дела?", "koi8-r"),
    ("Привет, как дела? Молоко", "cp866"),
    ("Καλημέρα, πόσο κάνει;", "cp1253"),
    ("מחיר החלב הוא 12 שקלים", "cp1255"),
    ("سعر الحليب 12 ريال", "cp1256"),
    ("ราคานมเท่าไหร่", "cp874"),
    ("牛乳はいくらですか。高いです。", "cp932"),
    ("名前,年齢\n田中太郎,34", "cp932"),
    ("牛乳はいくらですか。", "euc-jp"),
    ("牛乳はいくらですか。", "iso2022-jp"),
    ("我喜欢这个牛奶，价格不贵。", "gb18030"),
    ("姓名,年龄\n王小明,34", "gb18030"),
    ("我喜歡這個牛奶，價格不貴。", "big5hkscs"),
    ("우유 가격이 너무 비싸요.", "cp949"),
    ("이름,나이\n김철수,34", "cp949"),
    ("Oat milk\n2 €", "utf-16-le"),
    ("Цена\n12 евро 3", "utf-16-be"),
    ("牛乳は\nいくら", "utf-16-le"),
]


def test_short_texts_of_many_encodings_are_read_right() -> None:
    wrong = []
    for text, encoding in TEXTS:
        found = decode(text.encode(encoding))
        if (found.text, found.is_sure) != (text, False):
            wrong.append((encoding, text, found))
    assert not wrong


def test_long_texts_are_read_right_wherever_their_sample_is_cut() -> None:
    for text, encoding in (
        ("牛乳はいくらですか。高いです。", "cp932"),
        ("우유 가격이 너무 비싸요.", "cp949"),
        ("Größe, süß. ", "cp1252"),
    ):
        for shift in ("", "a", "ab"):
            long = shift + text * 2_000
            found = decode(long.encode(encoding))
            assert (found.text == long, found.encoding, found.in_doubt) == (True, encoding, False)


def test_what_the_bytes_say_themselves_is_sure() -> None:
    for text, encoding in (
        ("Café", "utf-8"),
        ("Café", "utf-8-sig"),
        ("Café 牛", "utf-16"),
        ("Oat", "utf-32"),
        ("", "utf-8"),
    ):
        found = decode(text.encode(encoding))
        assert (found.text, found.is_sure, found.in_doubt) == (text, True, False), encoding


def test_what_may_as_well_be_another_one_is_in_doubt_and_that_one_is_offered() -> None:
    for text, encoding in (
        ("Wiśniewski", "cp1250"),
        ("5 €", "cp1252"),
        ("São Paulo: não é caro", "cp1252"),
        ("naïve", "cp1252"),
    ):
        found = decode(text.encode(encoding))
        assert found.in_doubt, text
        assert encoding in (found.encoding, *found.alternatives[:2]), text
    assert not decode("Größe und Süße, Käse für fünf Euro".encode("cp1252")).in_doubt


def test_an_encoding_that_a_person_names_is_taken_and_one_that_does_not_fit_is_refused() -> None:
    assert decode("Wiśniewski".encode("cp1250"), "Windows-1250").text == "Wiśniewski"
    assert decode("Oat".encode("utf-16"), "utf-16").text == "Oat"
    assert decode("Café".encode("utf-8-sig"), "utf-8").text == "Café"
    assert [
        named(each) for each in ("latin1", "Shift_JIS", "GBK", "big5", "EUC-KR", "macroman", "iso-8859-1", "UTF8")
    ] == [*("cp1252", "cp932", "gb18030", "big5hkscs", "cp949", "mac-roman", "cp1252", "utf-8")]
    assert [named(each) for each in ENCODINGS] == list(ENCODINGS)
    for content, encoding, words in (
        ("Café".encode("cp1252"), "utf-8", r"^It is no text in Unicode \(UTF-8\): byte 4 stands for nothing\.$"),
        (b"Oat", "rot13", "“rot13” is not a known encoding"),
        (b"Oat", "\0", "is not a known encoding"),
        (b"Oat\0milk", "", "NUL characters"),
    ):
        with pytest.raises(InvalidInput, match=words):
            decode(content, encoding)


def test_what_was_spoilt_before_it_was_saved_is_known() -> None:
    for word in ("Café", "naïve", "3 €", "Größe", "it’s", "señor"):
        assert spoilt(f"A {word} b".encode().decode("cp1252")), word
    for text in ("Café “naïve” 3 €", "ÂGE", "São", "Ñandú", "Ãs", "Привет", "牛乳"):
        assert spoilt(text) == "", text
