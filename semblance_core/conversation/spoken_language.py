"""The language of a session: the one that was chosen for it, or that its guide is written in. Pure."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from semblance_core.domain.discussion.focus_group import FocusGroup

FEWEST_LETTERS, FEWEST_WORDS = 12, 2
"""Letters of a text that tells a language by its script, and words of a language that tell one of Latin letters."""
SCRIPTS = {
    "GREEK": "Greek",
    "HEBREW": "Hebrew",
    "THAI": "Thai",
    "HANGUL": "Korean",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "TAMIL": "Tamil",
    "BENGALI": "Bengali",
    "TELUGU": "Telugu",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
    "KHMER": "Khmer",
}
"""Scripts of one language. Chinese characters are Chinese where no kana stand between them."""
COMMON = {
    "English": "the and you what how when where why would your is are do of which did",
    "German": "der die das und sie ihr wie was wann wo warum würden ist sind haben nicht für mit welche ihnen einen",
    "French": "le la les et vous que quel quelle comment quand où pourquoi est votre des du une pour avez ce dans",
    "Spanish": "el la los las y usted qué cómo cuándo dónde por para es su una del con cuál le en",
    "Portuguese": "o os as e você que como quando onde por para é seu sua uma do da com qual não em",
    "Italian": "il lo gli e lei che come quando dove perché è suo una del della con quale di per cosa",
    "Dutch": "de het een en u je wat hoe wanneer waar waarom is zijn uw van met welke voor zou niet",
    "Polish": "i w na co jak kiedy gdzie dlaczego czy jest pan pani się nie do za z jaki które to",
    "Swedish": "och du vad hur när var varför är din ditt för med vilka skulle det som att inte en på",
    "Danish": "og du hvad hvordan hvornår hvor hvorfor er din dit for med hvilke ville det som at ikke en på",
    "Norwegian": "og du hva hvordan når hvor hvorfor er din ditt for med hvilke ville det som å ikke en på",
    "Finnish": "ja mitä miten milloin missä miksi on sinä te kuinka olet oletko se kun joka ei tai mikä teidän sinun",
    "Estonian": "ja mis kuidas millal kus miks on sina te see kui et ei või mida teie oma aga seda ma veel ning",
    "Turkish": "ve ne nasıl nerede neden için bir bu mı mi mu mü siz sizin olarak kadar hangi ile en son",
    "Czech": "a co jak kdy kde proč je vy se na v pro kolik které jaký byste vám ne to s",
    "Hungarian": "a az és mi hogyan mikor hol miért van egy nem ön meg milyen mennyi hogy mit ha is",
    "Romanian": "și ce cum când unde este un o pe cu care de la în nu dumneavoastră cât din ați",
    "Vietnamese": "bạn là gì của và có không khi nào ở đâu tại sao như thế cho được một những",
    "Indonesian": "dan apa bagaimana kapan di mana mengapa anda yang untuk dengan tidak ini itu adalah dari akan",
}
"""Common words of languages in Latin letters."""
_OF_OTHERS = re.compile("[õөү]", re.IGNORECASE)
"""Letters of languages that are not told here, among words or letters of those that are."""
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
_URDU_PERSIAN = re.compile("[پچگٹڈڑ]")
_WORDS = {name: frozenset(words.split()) for name, words in COMMON.items()}


def language_of_session(group: FocusGroup, unknown: str) -> str:
    """Returns the name of the language that a session is held in, in English.

    Args:
        group: the session.
        unknown: the words for it where none was chosen and the guide tells none.
    """
    return group.language or language_of_text(" ".join(group.guide.questions)) or unknown


@lru_cache(maxsize=512)
def language_of_text(text: str) -> str:
    """Returns the language of a text, by its script and its common words; empty where they do not tell.

    >>> [language_of_text(text) for text in ("Was würden Sie zahlen, und warum?", "いつ買いましたか。最近はどうですか")]
    ['German', 'Japanese']
    >>> language_of_text("What would you pay?"), language_of_text("Zzz?")
    ('English', '')
    """
    scripts = Counter(_script(char) for char in text[:4_000] if char.isalpha())
    letters = sum(scripts.values())
    if not letters:
        return ""
    script, count = scripts.most_common(1)[0]
    if script != "LATIN":
        return (
            _by_script(text, scripts, script)
            if (letters >= FEWEST_LETTERS and 2 * count > letters) or "CJK" in scripts
            else ""
        )
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    told = Counter({name: sum(words[word] for word in own) for name, own in _WORDS.items()})
    (first, most), (_, second) = told.most_common(2)
    is_other = first == "Finnish" and _OF_OTHERS.search(text)
    return first if most >= FEWEST_WORDS and most > second and not is_other else ""


def _by_script(text: str, scripts: Counter[str], script: str) -> str:
    if scripts["HIRAGANA"] + scripts["KATAKANA"]:
        return "Japanese"
    if script == "CJK":
        return "Chinese"
    if script == "CYRILLIC":
        return "" if _OF_OTHERS.search(text) else "Ukrainian" if _UKRAINIAN.search(text) else "Russian"
    if script == "ARABIC":
        return "" if _URDU_PERSIAN.search(text) else "Arabic"
    return SCRIPTS.get(script, "")


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
