"""Who is meant by a name in a text, in any script; and which names get a number."""

import pytest

from semblance_core.analysis.alike import participants_of
from semblance_core.analysis.names import addressed, mentions
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona

PANEL = (
    *(
        "Maria",
        "Maria José",
        "山田花子",
        "José Núñez",
        "Ben Cole",
        "Li Wei",
        "李明",
        "李明华",
        "김민수",
        "มานี ใจดี",
        "مريم حسن",
        "דנה לוי",
    ),
    *(
        "Łukasz Żak",
        "Ana-Lucía Ruiz",
        "O'Brien",
        "Participant 1",
        "Participant 12",
        "マリア",
        "Ольга Петрова",
        "Zoë Hart",
        "Jean-Luc",
    ),
)
ADDRESSED = (
    ("@Maria José, and you?", "Maria José"),
    ("@Maria, and you?", "Maria"),
    ("@maria josé and you?", "Maria José"),
    ("@MARIA JOSE?", "Maria José"),
    ("@Maria  José?", "Maria José"),
    ("@Maria\u00a0José?", "Maria José"),
    ("@MariaJosé?", "Maria José"),
    ("@Maria Josés view?", "Maria"),
    ("@山田花子さん、どうですか", "山田花子"),
    ("では＠山田花子さんは？", "山田花子"),
    ("そうですね@山田さん、どうですか", "山田花子"),
    ("@花子さん？", "山田花子"),
    ("@李明华你觉得呢", "李明华"),
    ("@李明，你呢", "李明"),
    ("@김민수씨 어떠세요", "김민수"),
    ("@민수님?", "김민수"),
    ("@มานี คิดอย่างไร", "มานี ใจดี"),
    ("@مريم، ما رأيك؟", "مريم حسن"),
    ("@\u2067مريم\u2069 ؟", "مريم حسن"),
    ("@דנה, מה דעתך?", "דנה לוי"),
    ("@Jose Nunez?", "José Núñez"),
    ("@Lukasz?", "Łukasz Żak"),
    ("@Cole?", "Ben Cole"),
    ("@bencole?", "Ben Cole"),
    ("@ben_cole?", "Ben Cole"),
    ("@Ana-Lucia?", "Ana-Lucía Ruiz"),
    ("@O’Brien?", "O'Brien"),
    ("@Participant 12?", "Participant 12"),
    ("@Participant 1?", "Participant 1"),
    ("@マリアさん？", "マリア"),
    ("@Ольга, а вы?", "Ольга Петрова"),
    ("@Zoe's turn", "Zoë Hart"),
    ("@jean-luc?", "Jean-Luc"),
    ("(@Li Wei)", "Li Wei"),
)
NOBODY = ("@Bob?", "@Marianne?", "@Mar?", "@マリアン", "@Benjamin?", "@Participant 13", "@田中さん")
NONE = ("Mail me at ben@cole.com", "5 @ 3", "a@b", "No names here.")
MENTIONED = (
    ("Maria José said so.", ["Maria José"]),
    ("Maria said so, and Maria José.", ["Maria", "Maria José"]),
    ("山田花子さんが言ったように", ["山田花子"]),
    ("我同意李明华的看法", ["李明华"]),
    ("김민수가 말한 것처럼", ["김민수"]),
    ("I agree with zoe and BEN.", ["Zoë Hart", "Ben Cole"]),
    ("كما قالت مريم حسن", ["مريم حسن"]),
    ("Zoë's point", ["Zoë Hart"]),
    ("マリアンは違う", []),
    ("Marianne and Benjamin", []),
    ("Ann-Maria is not here", []),
    ("Participant 12 is right", ["Participant 12"]),
)
ALIKE = (
    ("Maria Garcia", "Maria Garcia"),
    ("Maria Garcia", "maria garcia"),
    ("Maria Garcia", "MARIA GARCIA"),
    ("Maria Garcia", "Maria  Garcia"),
    ("Maria Garcia", "Maria\u00a0Garcia"),
    ("Maria Garcia", " Maria Garcia "),
    ("María García", "Maria Garcia"),
    ("José", "Jose\u0301"),
    ("Maria Garcia", "Maria\u200b Garcia"),
    ("Maria Garcia", "Maria Garcia."),
    ("Maria-Garcia", "Maria Garcia"),
    ("Łukasz", "Lukasz"),
    ("Anna", "Аnna"),
    ("Ｍaria", "Maria"),
    ("O'Brien", "O’Brien"),
    ("مريم", "مَريم"),
    ("山田 花子", "山田花子"),
    ("ﬁona", "Fiona"),
    ("Strauß", "Strauss"),
    ("Ωmega", "ωmega"),
    ("Maria\u202e", "Maria"),
)
APART = (
    ("Maria", "Maria José"),
    ("李明", "李明华"),
    ("Ben 1", "Ben 2"),
    ("Jan", "Jana"),
    ("はな", "ハナ"),
    ("Анна", "Anna Lee"),
)


def test_behind_an_at_sign_the_longest_name_that_fits_is_meant() -> None:
    for text, name in ADDRESSED:
        (found,) = addressed(text, PANEL)
        assert found.index is not None, text
        assert PANEL[found.index] == name, text


def test_an_at_sign_before_a_name_that_nobody_has_names_nobody() -> None:
    for text in NOBODY:
        assert [found.index for found in addressed(text, PANEL)] == [None], text
    for text in NONE:
        assert not addressed(text, PANEL), text


def test_names_are_found_in_a_sentence() -> None:
    for text, names in MENTIONED:
        assert [PANEL[index] for index in mentions(text, PANEL)] == names, text


def test_names_that_cannot_be_told_apart_get_a_number() -> None:
    def named(*names: str) -> list[str]:
        return [person.name for person in participants_of([Persona(name) for name in names])]

    for one, other in ALIKE:
        assert named(one, "Ben Cole", other) == [one, "Ben Cole", f"{other} 2"]
    for pair in APART:
        assert named(*pair) == list(pair)
    long = "N" * 80
    assert named(long, long) == [long, f"{long[:78]} 2"]
    with pytest.raises(InvalidInput, match="called moderator"):
        named("Ben", "moderator")
