"""Thinking that a model writes into its answer, where its server does not tell the two apart. Pure.

Every family marks it in its own way: tags of many names and brackets, channels (gpt-oss), or a heading in front of the answer.
"""

import html
import re

_NAMES = (
    r"think|thinking|thinks|thoughts?|reasoning|reason|reasoning_content|reflection|scratch_?pad|rationale|deliberation|analysis|cot|"
    r"planning|(?:thought|thinking|reasoning)[_ -]process|chain[_ -]of[_ -]thought|inner[_ -](?:thoughts?|monologue|voice)|monologue|"
    r"internal[_ -](?:thoughts?|monologue|reasoning)|antthinking|seed:think|budget:thinking|思考|推理|思考过程|생각|思考過程"
)
_SURE_NAMES = r"think|thinking|thoughts?|reasoning"
"""Tags that may stand in square brackets, where other words may be spoken ones."""
_OPENS = re.compile(
    rf"<\s*(?:{_NAMES})(?:\s[^<>]*)?>|\[(?:{_SURE_NAMES})\]|◁\s*(?:{_NAMES})\s*▷|<[|｜](?:{_NAMES})[|｜]>|"
    r"<\|?START_(?:THINKING|THOUGHTS?)\|?>|<\|?begin_of_(?:thoughts?|thinking)\|?>|<\|(?:thinking|thought|think)_start\|>|"
    r"<unused94>(?:thought)?|<details\s+type=[\"']?reasoning[^<>]*>|<\|channel>\s*thoughts?",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    rf"<\s*/\s*(?:{_NAMES})\s*>|\[/(?:{_SURE_NAMES})\]|◁\s*/\s*(?:{_NAMES})\s*▷|<[|｜]/(?:{_NAMES})[|｜]>|"
    r"<\|?END_(?:THINKING|THOUGHTS?)\|?>|<\|?end_of_(?:thoughts?|thinking)\|?>|<\|(?:thinking|thought|think)_end\|>|<unused95>|<channel\|>",
    re.IGNORECASE,
)
_CLOSES_DETAILS = re.compile(r"</details\s*>", re.IGNORECASE)
_EMPTY = re.compile(rf"<\s*(?:{_NAMES})\s*/\s*>", re.IGNORECASE)
_ESCAPED = re.compile(rf"&lt;\s*/?\s*(?:{_NAMES})\s*&gt;", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"\]])")
_LONG_RUN = re.compile(r"(\W)\1{200,}")
"""Of one sign again and again: nobody's speech, and slow to read."""
_FENCED = re.compile(rf"```[ \t]*(?:{_SURE_NAMES})\b[^\n]*\n(.*?)(?:```|\Z)", re.IGNORECASE | re.DOTALL)
_CHANNEL = re.compile(r"<\|channel\|>")
_SPOKEN_CHANNEL = re.compile(r"<\|channel\|>\s*final\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>")
_CHANNEL_ENDS = re.compile(r"<\|(?:return|end|call|start)\|>.*\Z", re.DOTALL)
_BARE_CHANNEL = re.compile(r"\s*(?:assistant)?(?:analysis|commentary)(?=[A-Z])")
"""Of gpt-oss, where a server took out the marks and left the words."""
_BARE_SPOKEN = re.compile(r"assistant\s*final")
_HEADED = re.compile(
    r"[#*_\s]{0,20}(?:here(?:'s| is) my (?:thought|thinking|reasoning) process|(?:my )?(?:thinking|reasoning|thought)(?: process)?|"
    r"chain of thought)[*_]*\s*:?[*_]*\s*(?:\n|(?<=:)|(?<=\*\*))",
    re.IGNORECASE,
)
_ANSWER_HEAD = re.compile(
    r"^[#*_ \t]{0,20}(?:here(?:'s| is) my (?:final )?(?:response|answer|reply)|(?:my |the )?(?:final )?(?:answer|response|reply|output))"
    r"[*_]*\s*(?::[*_]*|[*_]*\n)",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWER_TAG = re.compile(
    r"\s*<(answer|response|reply|output|final|final_answer|solution|\|begin_of_solution\|)>(.*?)(?:</(?:answer|response|reply|output|"
    r"final|final_answer|solution)>|<\|end_of_solution\|>)?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)


def without_thinking(text: str) -> tuple[str, str]:
    """The answer alone, and what was thought; no answer where the thinking does not end.

    >>> without_thinking("<think>They want it short.</think>\\nToo dear.")
    ('Too dear.', 'They want it short.')
    >>> without_thinking("<think>They want it"), without_thinking("Too dear.")
    (('', 'They want it'), ('Too dear.', ''))
    >>> without_thinking("Too dear. [THINK]Is that enough?[/THINK] Really.")
    ('Too dear. Really.', 'Is that enough?')
    """
    if _CHANNEL.search(text):
        return _of_channels(text)
    if bare := _BARE_CHANNEL.match(text):
        spoken = list(_BARE_SPOKEN.finditer(text))
        if spoken:
            return text[spoken[-1].end() :].strip(), text[bare.end() : spoken[-1].start()].strip()
        if bare[0].strip() == "analysis":
            return "", text[bare.end() :].strip()
    if _JSON.match(text):
        return text.strip(), ""  # JSON, in which a tag is a text's
    text = _LONG_RUN.sub(r"\1\1\1\1", text.strip())
    text = _ESCAPED.sub(lambda found: html.unescape(found[0]), text)
    answer, thoughts = _untagged(text)
    if thoughts and (tagged := _ANSWER_TAG.match(answer)):
        answer = tagged[2]
    if (headed := _HEADED.match(answer)) and (heads := list(_ANSWER_HEAD.finditer(answer, headed.end()))):
        thoughts.append(answer[headed.end() : heads[-1].start()])
        answer = answer[heads[-1].end() :]
    return answer.strip(), " ".join(thought.strip() for thought in thoughts if thought.strip())


def _untagged(text: str) -> tuple[str, list[str]]:
    """Returns the text outside of all tags, and the text inside. A tag that only closes was opened in the prompt."""
    text = _EMPTY.sub("", text)
    thoughts: list[str] = _FENCED.findall(text)
    text = _FENCED.sub("", text)
    spoken: list[str] = []
    depth, start = 0, 0
    for begin, end, opens in _tags(text):
        part = text[start:begin]
        if opens:
            (thoughts if depth else spoken).append(part)
            depth += 1
        elif depth:
            thoughts.append(part)
            depth -= 1
        else:
            thoughts += [*spoken, part]
            spoken.clear()
        start = end
    (thoughts if depth else spoken).append(text[start:])
    kept = [part.strip() for part in spoken if part.strip()]
    return (" ".join(kept) if len(kept) > 1 else "".join(spoken)), thoughts


def _tags(text: str) -> list[tuple[int, int, bool]]:
    """All tags in order: where each begins and ends, and whether it opens."""
    opens = [(found.start(), found.end(), True) for found in _OPENS.finditer(text)]
    closes = [(found.start(), found.end(), False) for found in _CLOSES.finditer(text)]
    if any("details" in text[begin:end].casefold() for begin, end, _ in opens):
        closes += [(found.start(), found.end(), False) for found in _CLOSES_DETAILS.finditer(text)]
    return sorted([*opens, *closes])


def _of_channels(text: str) -> tuple[str, str]:
    """gpt-oss: what stands in the channel `final` is the answer, all else is not."""
    spoken = list(_SPOKEN_CHANNEL.finditer(text))
    if not spoken:
        return "", text.strip()
    return _CHANNEL_ENDS.sub("", text[spoken[-1].end() :]).strip(), text[: spoken[-1].start()].strip()
