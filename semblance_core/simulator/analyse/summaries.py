"""Running summaries of a conversation, and the closing summary of a session."""

import re
from collections.abc import Sequence

from semblance_core.domain.findings.theme import Theme
from semblance_core.requests.analysis import SessionSummaryRequest
from semblance_core.requests.discussion import WindowSummaryRequest
from semblance_core.simulator.analyse.codes import quotes_of
from semblance_core.simulator.lexicon import sections
from semblance_core.simulator.read.concerns import concern_of, concerns_in
from semblance_core.simulator.read.nouns import subject_of
from semblance_core.simulator.read.scene import feeling, first_name, turns_of
from semblance_core.simulator.words import TOKENS_A_WORD, capitalised, clip, plain, word_count

_MOST_WORDS = 150


def summarise_window(asked: WindowSummaryRequest, max_tokens: int) -> str:
    """Summarises who holds which view, in at most 150 words.

    Each speaker gets one sentence: what they came back to, and how they feel about it. Sentences of the previous summary
    about other people follow, as many as still fit.
    """
    turns = [turn for turn in turns_of(asked.lines) if turn.role == "persona"]
    lines: list[tuple[str, str]] = []
    speakers = list(dict.fromkeys(turn.speaker for turn in turns))
    for speaker in speakers:
        text = " ".join(turn.text for turn in turns if turn.speaker == speaker)
        ranked = sorted(concerns_in(text).items(), key=lambda item: (-item[1], item[0]))
        about = [_lower(sections("labels")[concern][-1].text) for concern, _ in ranked[:2]] or [
            "the question in general"
        ]
        mood = feeling(text)
        tone = "is mostly favourable" if mood > 0.2 else "is mostly critical" if mood < -0.2 else "is in two minds"
        own = [q for turn in turns if turn.speaker == speaker for q in quotes_of(turn) if not q.text.endswith("?")]
        quote = max(
            own,
            key=lambda q: (bool(concern_of(q.text)), -abs(word_count(q.text) - 9), -q.seq),
            default=None,
        )
        line = f"{first_name(speaker) or 'Someone'} talks about {' as well as '.join(about)} and {tone}."
        said = f' ("{quote.text.rstrip(".")}")' if quote and len(speakers) <= 7 and word_count(quote.text) <= 14 else ""
        lines.append((line, f"{line[:-1]}{said}."))
    names = {first_name(speaker) for speaker in speakers}
    earlier = [
        part
        for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])", plain(asked.previous, 3_000))
        if part and part.split(" ")[0] not in names
    ]
    room = min(_MOST_WORDS, int(max_tokens / TOKENS_A_WORD))
    kept = [bare for bare, _ in lines]
    while kept and word_count(" ".join(kept)) > room:
        kept.pop()
    for place, (_, longer) in enumerate(lines[: len(kept)]):
        if word_count(" ".join([*kept[:place], longer, *kept[place + 1 :]])) <= room:
            kept[place] = longer
    for sentence in earlier:
        if word_count(" ".join([*kept, sentence])) <= room:
            kept.append(sentence)
    return " ".join(kept) or "Nothing has been said yet."


def summarise_session(asked: SessionSummaryRequest, max_tokens: int) -> str:
    """Three short paragraphs: the main finding, what else came up and where people differ, and what kind of evidence this is."""
    subject = subject_of(plain(asked.topic, 300))[0].text
    themes, people = asked.themes, asked.participants
    count = len(people)
    first = _lead(themes, subject)
    rest = [
        f"{_opening(place)} {_inner(theme)}. {plain(theme.summary, 300)}" for place, theme in enumerate(themes[1:5])
    ]
    ages = sorted(person.age for person in people if person.age is not None)
    span = f", aged {ages[0]} to {ages[-1]}" if len(ages) > 1 and ages[0] != ages[-1] else ""
    jobs = [job for person in people if (job := plain(person.occupation, 60))]
    who = (
        f" They range from {_lower(jobs[0])} to {_lower(jobs[-1])}."
        if len(jobs) > 1 and jobs[0].lower() != jobs[-1].lower()
        else ""
    )
    note = (
        f"These are simulated participants{f', {count} of them' if count else ''}{span}.{who} What they say shows "
        f"which arguments can meet in a conversation about {subject}; it says nothing about how common "
        "each view is among real people. Use it to sharpen questions and hypotheses, "
        "and check the ones that matter with real respondents before acting on them."
    )
    most = min(220, int(max_tokens / TOKENS_A_WORD))
    body = clip(" ".join(rest), max(most - word_count(first) - word_count(note), 1)) if rest else ""
    paragraphs = [first, body, note]
    if word_count(" ".join(paragraphs)) < 120:
        paragraphs[1] = (
            f"{body} {_quoted(themes)} The conversation was short, so the themes rest on few voices and may shift as soon as "
            "more people speak. A further session with other participants, or with the order of the questions changed, would "
            "show which of them hold."
        ).strip()
    return clip_paragraphs(paragraphs, most)


def _lead(themes: Sequence[Theme], subject: str) -> str:
    if not themes:
        return f"No theme stands out yet in what was said about {subject}."
    quote = _quoted(themes[:1])
    return f"When it comes to {subject}, one thing stands out: {_inner(themes[0])}. {plain(themes[0].summary, 300)} {quote}".strip()


def _inner(theme: Theme) -> str:
    return _lower(plain(theme.name, 120).rstrip(".") or "a theme without a name")


def _quoted(themes: Sequence[Theme]) -> str:
    """The theme's quote that says most: neither a fragment nor a speech, and no question."""
    for theme in themes:
        quotes = [(plain(verbatim.quote, 240), verbatim.speaker) for verbatim in theme.verbatims]
        fitting = [(text, who) for text, who in quotes if 5 <= word_count(text) <= 24 and not text.endswith("?")]
        if fitting:
            text, who = max(fitting, key=lambda each: (bool(concern_of(each[0])), -abs(word_count(each[0]) - 14)))
            return f'As {first_name(who) or "one of them"} puts it: "{text}"'
    return ""


def _opening(place: int) -> str:
    return ("Close behind:", "A third strand:", "Further:", "More quietly:")[place % 4]


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def clip_paragraphs(paragraphs: list[str], most_words: int) -> str:
    """Paragraphs, the last one kept whole, the others shortened to whole sentences.

    >>> clip_paragraphs(["One two. Three four.", "", "The end."], 4)
    'One two.\\n\\nThe end.'
    """
    last = paragraphs[-1]
    room = most_words - word_count(last)
    kept = []
    for text in paragraphs[:-1]:
        if text.strip() and room > 0:
            kept.append(capitalised(clip(text, room)))
            room -= word_count(kept[-1])
    return "\n\n".join([*kept, last])
