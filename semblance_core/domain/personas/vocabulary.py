"""One word for what files, models and people name in several, so that filters and shares count it once. Pure."""

import re

_OTHER_LANGUAGES = {
    "woman": "weiblich frau femme féminin mujer femenino donna femmina femminile mulher feminino vrouw vrouwelijk kvinna kvinde kobieta",
    "man": "männlich mann homme masculin hombre masculino uomo maschio maschile homem mannelijk mand mężczyzna",
    "non-binary": "divers nichtbinär",
}
_SPELLINGS = {
    "woman": ("woman", "women", "female", "females", "f", "lady", *_OTHER_LANGUAGES["woman"].split()),
    "man": ("man", "men", "male", "males", "m", "gentleman", *_OTHER_LANGUAGES["man"].split()),
    "non-binary": ("non-binary", "nonbinary", "non binary", "enby", *_OTHER_LANGUAGES["non-binary"].split()),
}
_WORD = {spelling: word for word, spellings in _SPELLINGS.items() for spelling in spellings}


def gender_word(text: str) -> str:
    """Returns the word for a gender that has several, in English and in languages of briefs; another text as it is.

    >>> gender_word("Female"), gender_word("men"), gender_word("Weiblich"), gender_word("agender"), gender_word("")
    ('woman', 'man', 'woman', 'agender', '')
    """
    return _WORD.get(" ".join(text.casefold().split()), text)


def gender_pattern(word: str) -> str:
    """Returns a regular expression for every text that `gender_word` takes for this word, whatever its case and blanks.

    >>> import re
    >>> [bool(re.fullmatch(gender_pattern("woman"), text, re.I)) for text in ("Female", " women ", "man")]
    [True, True, False]
    """
    spellings = _SPELLINGS.get(word, (word,))
    return r"\s*(" + "|".join(r"\s+".join(map(re.escape, each.split())) for each in spellings) + r")\s*"
