"""Noun phrases: what a question or a topic is about, and how sentences agree with it."""

import re
from dataclasses import dataclass, field
from functools import cache

from semblance_core.simulator.lexicon import pairs, sections, stopwords, wordset
from semblance_core.simulator.words import WORD, plain, stem, words_of

_NOT_ALONE = re.compile(r"(?:ive|ful|ous|able|ible|less|ish|ly|er than|est)$")
_ABSTRACT = re.compile(
    r"(?:ness|ity|ance|ence|ship|care|age|ware|ism|ing|tion|ment|ure|ics|hood|food|work|roll|time|fare|tea|gy|phy|dom)$"
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A phrase as it stands inside a sentence. alias: a shorter second mention, or the same text."""

    text: str
    plural: bool = False
    alias: str = ""
    kinds: frozenset[str] = field(default=frozenset({"general"}))

    def form(self, key: str) -> str:
        """The word that agrees with this noun: a form of to be, to have or to do, a pronoun, or any base verb.

        >>> Noun("opening hours", plural=True).form("suit"), Noun("oat milk").form("suit"), Noun("tea").form("isn't")
        ('suit', 'suits', "isn't")
        """
        irregular = _PLURAL_FORMS if self.plural else _SINGULAR_FORMS
        if key in irregular:
            return irregular[key]
        if self.plural:
            return key
        if key.endswith(("s", "sh", "ch", "x", "z", "o")):
            return key + "es"
        return key[:-1] + "ies" if re.search(r"[^aeiou]y$", key) else key + "s"

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in words_of(self.text) if word not in stopwords())


_SINGULAR_FORMS = {
    "is": "is",
    "was": "was",
    "has": "has",
    "does": "does",
    "isn't": "isn't",
    "doesn't": "doesn't",
    "it": "it",
    "them": "it",
    "its": "its",
    "do": "does",
    "have": "has",
}
_PLURAL_FORMS = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "isn't": "aren't",
    "doesn't": "don't",
    "it": "they",
    "them": "them",
    "its": "their",
    "do": "do",
    "have": "have",
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of content words as found, with the determiner before it, and the word before that."""

    words: tuple[str, ...]
    determiner: str
    before: str


def chunks(text: str) -> list[Chunk]:
    """Runs of words that can be a noun phrase: what is left between stop words, verbs after a subject left out.

    >>> [" ".join(c.words) for c in chunks("What do you think of the packaging of oat milk?")]
    ['packaging', 'oat milk']
    """
    found: list[Chunk] = []
    for clause in re.split(r"[.,;:!?()\"“”\n–—]+", plain(text, 1_500)):
        run: list[str] = []
        determiner, before, previous, blocked, before_to = "", "", "", False, False
        for word in [*WORD.findall(clause), ""]:
            low = word.lower().replace("’", "'")
            breaks = not word or low in stopwords() or (low.endswith("ly") and len(low) > 5) or low.isdigit()
            if breaks:
                if run:
                    found.append(Chunk(tuple(run), determiner, before))
                run, blocked = [], False
                determiner = low if low in wordset("grammar", "determiners") else ""
                before = previous if determiner else low
                if low in wordset("grammar", "determiners"):
                    before = previous
            elif (
                not run
                and not determiner
                and not blocked
                and before in wordset("grammar", "before_verbs")
                and not low.endswith("ing")
            ):
                blocked = before != "to" or not before_to  # after "you" or "would" stands a verb, not a thing
                if not blocked:
                    run.append(_cased(word, first=not previous))
            else:
                run.append(_cased(word, first=not previous))
            before_to = bool(previous) and previous not in stopwords() if low == "to" else before_to
            previous = low
    return [chunk for chunk in found if not _adjective_alone(chunk)]


def _cased(word: str, first: bool) -> str:
    """Names and abbreviations keep their capitals; a sentence's first word loses its own."""
    if word.lower() in wordset("grammar", "capitalised"):
        return word.capitalize()
    inner = any(letter.isupper() or letter.isdigit() for letter in word[1:])
    return word if inner or (word[:1].isupper() and not first) else word.lower()


def _adjective_alone(chunk: Chunk) -> bool:
    return len(chunk.words) == 1 and not chunk.determiner and bool(_NOT_ALONE.search(chunk.words[0]))


def kinds_of(words: list[str]) -> frozenset[str]:
    """Returns the sorts of thing that the words name: food, contract, place, …; `general` if unknown. The last word decides first.

    >>> sorted(kinds_of(["b2b", "payroll", "app"])), sorted(kinds_of(["sock"]))
    (['biz', 'digital'], ['general'])
    """
    lower = [word.lower().removesuffix("'s") for word in words]
    for word in reversed(lower):
        kinds = {kind for kind in sections("things") if kind != "biz" and word in wordset("things", kind)}
        if kinds:
            work = {"biz"} if any(each in wordset("things", "biz") for each in lower) and "digital" in kinds else set()
            return frozenset(sorted(kinds)[:1]) | work
    return frozenset({"general"})


def noun(words: tuple[str, ...], determiner: str = "") -> Noun:
    """A chunk as a noun with the article that its sort of thing needs.

    >>> noun(("oat", "milk")).text, noun(("payroll", "app"), "a").text, noun(("opening", "hours"), "the").form("is")
    ('oat milk', 'the payroll app', 'are')
    """
    words = words[-4:]
    head = words[-1].lower()
    plural = head in wordset("grammar", "plural") or (
        head.endswith("s") and not head.endswith(("ss", "us", "is")) and head not in wordset("grammar", "singular")
    )
    kinds = kinds_of(list(words))
    phrase = " ".join(words)
    gerund = (
        words[0].endswith("ing")
        and len(words[0]) > 5
        and not determiner
        and words[0] not in wordset("grammar", "ing_things")
    )
    if determiner in ("your", "my"):
        return Noun(f"my {phrase}", plural, kinds=kinds)
    if determiner and (plural or determiner not in ("a", "an")):
        return Noun(f"the {phrase}", plural, f"the {words[-1]}", kinds)
    if gerund:
        return Noun(phrase, False, kinds=kinds | {"activity"} if kinds == {"general"} else kinds)
    mass = plural or bool(_ABSTRACT.search(head)) or kinds & {"food", "activity"} or head in wordset("grammar", "mass")
    if mass and not determiner:
        return Noun(phrase, plural, kinds=kinds)
    if kinds & {"durable"} or (kinds == {"general"} and determiner):
        return Noun(f"{'an' if phrase[:1].lower() in 'aeiou' else 'a'} {phrase}", False, f"the {words[-1]}", kinds)
    return Noun(f"the {phrase}", plural, f"the {words[-1]}", kinds)


@cache
def subject_of(topic: str) -> tuple[Noun, Noun]:
    """Returns the subject of a session's topic, and the aspect of it that is asked for.

    Both are the same noun where the topic names no aspect.

    >>> [each.text for each in subject_of("A public library's opening hours")]
    ['the public library', 'the opening hours']
    """
    doing = _doing().search(topic)
    if doing:
        verb = doing[1].lower()
        gerund = dict(pairs("grammar", "activities")).get(verb, verb)
        does = Noun(f"{gerund} {doing[2].lower()}", alias=gerund, kinds=frozenset({"activity"}))
        return does, does
    found = [chunk for chunk in chunks(topic) if chunk.words]
    if not found:
        return Noun("all this"), Noun("all this")
    candidates = [thing for chunk in found if (thing := thing_in(_unframed(chunk))) and not _is_place(thing)]
    if not candidates:
        return Noun("all this"), Noun("all this")
    chosen = max(candidates, key=lambda chunk: (_concrete(chunk), len(chunk.words) > 1, -candidates.index(chunk)))
    words = list(chosen.words)
    owner = next((i for i, word in enumerate(words) if word.lower().endswith(("'s", "’s"))), -1)
    if 0 <= owner < len(words) - 1:
        aspect = noun(tuple(words[owner + 1 :]), "the")
        words = [*words[:owner], words[owner][:-2]]
        return noun(tuple(words), chosen.determiner or "the"), aspect
    split = len(words)
    while split > 1 and words[split - 1].lower() in wordset("grammar", "aspects"):
        split -= 1
    if split < len(words) and words[split - 1].lower() in wordset("grammar", "compound_firsts") and split > 1:
        split -= 1
    if split == len(words) or (split == 1 and words[0].lower() in wordset("grammar", "never_alone")):
        whole = noun(chosen.words, chosen.determiner)
        return whole, whole
    return noun(tuple(words[:split]), chosen.determiner), noun(tuple(words[split:]), "the")


@cache
def _doing() -> re.Pattern[str]:
    """Something done to, from, by or at a place, such as cycling to work."""
    verbs = "|".join(verb for both in pairs("grammar", "activities") for verb in both)
    return re.compile(rf"\b({verbs}) ((?:to|from|by|at) [a-z]+)\b", re.I)


def _concrete(chunk: Chunk) -> int:
    """2 for a sort of thing one can hold, visit or sign, 1 for an idea such as hours or brands, 0 for what is not known."""
    kinds = kinds_of(list(chunk.words))
    return 0 if kinds == {"general"} else 1 if kinds == {"idea"} else 2


def _is_place(chunk: Chunk) -> bool:
    return chunk.before in ("in", "from", "across", "around", "near") and chunk.words[0][:1].isupper()


def thing_in(chunk: Chunk) -> Chunk | None:
    """The thing that a chunk names, without a verb at its end; None for a verb or for people.

    >>> thing_in(Chunk(("payroll", "managers"), "", "")).words, thing_in(Chunk(("save",), "", ""))
    (('payroll',), None)
    """
    words = list(chunk.words)
    while words and words[-1].lower() in wordset("grammar", "never_nouns"):
        words.pop()
    if words and words[-1].lower() in wordset("grammar", "roles"):
        words = words[:-1] if kinds_of(words[:-1]) != {"general"} else []
    if len(words) == 1 and not chunk.determiner and words[0].lower() in wordset("grammar", "verbs"):
        words = []
    if words and len(words) == 1 and words[0].lower() in wordset("grammar", "never_alone"):
        words = []
    return Chunk(tuple(words), chunk.determiner, chunk.before) if words else None


def _unframed(chunk: Chunk) -> Chunk:
    """Without words such as "attitudes" and "shoppers", which name the study and not the thing."""
    words = [
        word
        for word in chunk.words
        if word.lower() not in wordset("grammar", "framing")
        and not (word.isupper() and len(word) <= 2 and word in ("UK", "US", "EU"))
    ]
    return Chunk(tuple(words), chunk.determiner, chunk.before)
