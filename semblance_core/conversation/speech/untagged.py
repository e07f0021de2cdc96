"""Recognises thinking in front of an answer without any mark: “Okay, the user wants me to answer as Ben. …”. Pure.

Words about the task give it away, because nobody who answers a question speaks of it. Only behind them does other text count as thinking.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import dropwhile

from semblance_core.analysis.sentences import sentence_ends

_ANSWERS = r"(?:answer|respond|reply|speak|talk|write|react|comment)"
_OPENER = (
    r"[\s>*_#]*(?:(?:okay|ok|alright|all right|so|well|hm+|right|first|next|now|then|wait|also|and|but|got it|"
    r"understood)\b[\s,.:!…—-]*){0,4}"
)
_TASK = (
    r"\bthe user (?:wants?|wanted|would like|needs|expects|asked|asks|has asked|is asking|told|tells) (?:me|us)\b[^.!?\n]{0,40}\b"
    r"(?:to (?:answer|respond|reply|speak|act|role-?play|play|pretend|write|simulate|embody|impersonate|generate|"
    r"provide|react)|role-?play)\b|"
    r"\bthe user (?:wants|asks for|asked for|is asking for|needs|expects) (?:a|an|the) (?:\w+ )?(?:answer|response|reply|summary)\b|"
    r"\b(?:i|we) (?:need|have|must|should|am supposed|are supposed|am asked|are asked|will|am to|are to)\b[^.!?\n]{0,20}\b"
    rf"{_ANSWERS} (?:as|like) (?:a|an|the|this) (?:\w+ ){{0,2}}(?:persona|participant|respondent)\b|\bi(?:'m|’m|"
    rf" am)[^.!?\n]{{0,20}} role-?play(?:ing)? as\b|"
    r"\bder (?:nutzer|benutzer|anwender|user) (?:(?:möchte|will), dass ich|bittet mich)|\bl['’]utilisateur (?:veut que je|me demande de)|"
    r"\bel usuario (?:quiere que|me pide que) (?:yo )?(?:responda|hable|actúe)|\bo usuário (?:quer que eu|me pede)|"
    r"\bl['’]utente (?:vuole che io|mi chiede)|"
    r"\bde gebruiker (?:wil dat ik|vraagt mij)|\bпользователь (?:хочет, чтобы я|просит (?:меня|ответить))|\b(?:ответить|"
    r"отвечать) от (?:имени|лица)|"
    r"用户(?:想让我|想要我|要求我|希望我|让我|要我)|以[^。\n]{1,16}的(?:身份|口吻|角度|视角)[^。\n]{0,4}(?:回答|回复|发言)|"
    r"ユーザーは(?:私に|意見を求め|[^。\n]{0,16}(?:求めてい|質問してい|尋ねてい))|사용자가 (?:나에게|저에게|"
    r"[^.\n]{0,16}(?:요청|묻고|물었))|المستخدم (?:يريد مني|يطلب مني)"
)
"""Words about the task, which nobody says who answers a question."""
_OF_ONE = (
    rf"\b(?:i|we|me|to|should|must) {_ANSWERS} (?:as|like) (?:NAME)(?!\w)|\b(?:i|we) (?:need|have|must|should|"
    rf"will)\b[^.!?\n]{{0,30}}\b{_ANSWERS} as (?:NAME)(?!\w)|"
    r"\bals (?:NAME) (?:zu )?(?:antworte|spreche|reagiere)|\b(?:répondre|parler|réponde) (?:comme|en tant que) (?:NAME)(?!\w)|"
    r"\b(?:responder|contestar|hablar) como (?:NAME)(?!\w)|\brispondere come (?:NAME)(?!\w)|(?<!\w)(?:NAME)として(?:答|"
    r"回答|返答|話)|(?<!\w)(?:NAME)(?:으?로서) (?:대답|답)"
)
"""The same, where they name the speaker."""
_MAYBE_TASK = (
    r"\bthe user (?:is asking|has asked|asks|asked|has provided|has given|provided|gave|said|says)\b|\bthe user(?:'s|"
    r"’s) (?:request|message|prompt|question|query|input)\b|"
    r"\b(?:the|this|my) (?:system )?(?:prompt|persona|persona card|character card|instructions?) (?:is|are|says?|asks?|"
    r"wants?|requires?|describes?|tells?|states?)\b|"
    r"\b(?:stay|staying|remain|keep|be|being)\w* in[- ]character\b|\brole-?play(?:ing)? (?:as|this|the)\b|\blet(?: me|"
    r"'s|’s) (?:craft|draft|compose|formulate|"
    r"construct|channel|embody|write|get into character|put myself)\b"
)
_MAYBE_OF_ONE = (
    r"(?<!\w)(?:NAME)(?:'s|’s) (?:background|persona|"
    r"character|profile|perspective|voice|"
    r"personality|card|backstory|way of speaking)\b"
)
_MAYBE_HEADED = (
    r"^[#*_\s]{0,12}(?:my |internal )?(?:thinking|reasoning|"
    r"thought process|thoughts?|gedanken|überlegung|思考|推理)"
    r"[*_]{0,3}\s?[:：]|\bder (?:nutzer|benutzer|user) fragt\b|\bl['’]utilisateur demande\b|\bel usuario (?:pregunta|"
    r"pide)\b|\bl['’]utente chiede\b|"
    r"\bпользователь (?:спрашивает|просит)|用户(?:在问|问)|ユーザーは"
)
"""Words about the task that somebody may say of something else: they count beside words about the answer or of the speaker as of another."""
_BESIDE = (
    r"\bkeep (?:it|this|the (?:answer|response|reply)) (?:short|brief|casual|natural|concise|simple|conversational|"
    r"under|to|around|in|within)\b|"
    r"\b(?:i|we)(?:'ll|’ll| will| need to| should| must) (?:keep (?:it|this|the)|mention|answer|respond|reply|write|"
    r"sound|be concise|stay in|make it|reflect)\b|"
    r"\b\d+ words\b|\b(?:stays?|remains?) (?:in character|true to)\b|\bmaybe (?:mention|say)\b|(?<!\w)(?:NAME)(?:(?:'d|"
    r"’d|'s|’s)|(?: probably| likely)? (?:is|has|would|might|lives|works|seems|tends|values))\b|"
    r"\bich sollte\b[^.\n]{0,20}antworten|我(?:需要|应该)"
)
_DOES = (
    r"(?:keep|mention|make|write|answer|respond|reply|avoid|use|include|sound|stay|focus|reflect|bring|talk|speak|note|"
    r"consider|think|craft|draft|"
    r"be (?:concise|brief|short|natural|careful|authentic|realistic|consistent|in)|act|give|pick|start|end|refer|incorporate|show|express)"
)
_ABOUT_IT = (
    rf"{_OPENER}(?:let me (?:think|consider|see|recall|look|start|imagine|make sure|check|try)\b|let(?:'s|’s) (?:think|"
    rf"see|consider|write|go|keep|make)\b|"
    r"the user\b|the (?:moderator|question|prompt|topic|transcript|conversation|discussion|answer|response|reply|tone|length) "
    r"(?:is|was|asks|asked|wants|has|here|so far|says|just|should|must|needs)\b|"
    rf"(?:i|we)(?:'ll|’ll| will| need to| should| must) {_DOES}\b|(?:i|we) (?:could|can|might|want to) (?:mention|"
    rf"answer|respond|reply|sound|reflect)\b|(?:need|should|must) (?:to )?{_DOES}\b|"
    rf"{_DOES} (?:it|the (?:answer|response|reply|tone))\b|consider\b|maybe (?:mention|say|something|add|talk|start)\b|something like\b|"
    r"(?:about|around|in|under|within) \d+(?:[–-]\d+)? words\b|WHO(?:(?:'s|’s|'d|’d|'ll|’ll)|(?: probably|"
    r" likely)? (?:is|was|has|would|might|"
    r"could|should|lives|works|likes|shops|needs|seems|tends|values|cares|buys|thinks|feels|wants))\b|(?:his|her|their|the persona's) "
    r"(?:background|persona|character|profile|backstory|way|values?|job|age|personality|voice|tone|budget)\b|die frage |"
    r"ich sollte |la question |la pregunta )"
)
"""Signs of thinking once thinking has begun: text about the answer, or of the speaker as of somebody else."""
_ADJECTIVES = r"(?:my |the |final |your |in-character |spoken |endgültige |итоговый |окончательный |最终|最終|最終的な|최종 ?|NAME'?s? )"
_HEAD = (
    rf"(?:^|(?<=[.!?…。！？][ \n])|(?<=[。！？]))[#*_>\s]{{0,12}}(?:so[, ]+)?(?:{_ADJECTIVES}{{0,3}}(?:answer|response|"
    rf"reply|output|version|summary|notes|final|antwort|"
    r"réponse(?: finale)?|respuesta(?: final)?|risposta(?: finale)?|resposta(?: final)?|antwoord|ответ|答案|回答|回复|"
    r"返答|答え|답변|대답|응답|الإجابة(?: النهائية)?|"
    r"الرد)|(?:so )?(?:i|he|she|they|we)(?:'d|’d|'ll|’ll| would| will| can| could) (?:say|answer|respond|reply|go with)|"
    r"here(?:'s|’s| is) (?:my|the|a|NAME's) "
    r"[^\n:.]{0,30}|(?:so,? )?(?:maybe|perhaps|something like|how about))[*_]{0,3}\s?[:：][*_\s]{0,6}"
)
_LAST_HEAD = r"^[#*_>\s]{0,12}(?:my |the )?final (?:answer|response|reply|output)[*_]{0,3}\s?[:：][*_\s]{0,6}"
_REMARK = re.compile(
    r"\n\s*[(\[*_]{0,3}(?:this|the|my) (?:response|answer|reply) (?:reflects|captures|stays|shows|keeps|aims|is (?:in|written|consistent))\b[^\n]*\Z",
    re.IGNORECASE,
)
_ONESELF = re.compile(r"\b(?:i|i['’](?:m|d|ve|ll)|me|my)\b", re.IGNORECASE)
_FLAGS = re.IGNORECASE | re.MULTILINE


@dataclass(frozen=True, slots=True)
class _Words:
    """Patterns of which the first in the text counts, and of those at one place the first here: one pattern with bars between them.

    They stand apart because compiling takes long, and most of them are the same for all speakers.
    """

    patterns: tuple[re.Pattern[str], ...]

    def search(self, text: str) -> re.Match[str] | None:
        """The first words that fit."""
        found = [match for pattern in self.patterns if (match := pattern.search(text))]
        return min(found, key=lambda match: match.start(), default=None)


@lru_cache(maxsize=256)
def _words_of(name: str) -> tuple[_Words, _Words]:
    """Words about the task, and words that may be, for a speaker of these names."""
    task = (_compiled(_TASK), re.compile(_OF_ONE.replace("NAME", name), _FLAGS))
    of_one = re.compile(_MAYBE_OF_ONE.replace("NAME", name), _FLAGS)
    return _Words(task), _Words((_compiled(_MAYBE_TASK), of_one, _compiled(_MAYBE_HEADED)))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, _FLAGS)


def without_untagged(text: str, own: Sequence[str] = ()) -> tuple[str, bool]:
    """Takes off thinking that stands in front of an answer without a tag.

    Args:
        text: the answer.
        own: the speaker's names.

    Returns:
        The answer, empty where nothing but thinking came, and whether there was any thinking.

    >>> without_untagged("Okay, the user wants me to answer as Ben. Let me think.\\n\\nFinal answer: Too dear.", ["Ben"])
    ('Too dear.', True)
    >>> without_untagged("I need to answer as Ben. Keep it short.", ["Ben"]), without_untagged("Let me think. Too dear.")
    (('', True), ('Let me think. Too dear.', False))
    """
    if text.lstrip()[:1] in ("{", "[", "`", "<"):
        return text, False
    name = "|".join(map(re.escape, own)) or r"(?!)"
    text = _REMARK.sub("", text.strip())
    blocks = re.split(r"\n\s*\n", text)
    task, maybe = _words_of(name)
    begun = task.search(blocks[0]) or _likely(blocks[0], text, name, maybe)
    if begun is None:
        return _behind_the_last_head(text, name)
    heads = re.compile(_HEAD.replace("NAME", name), _FLAGS)
    for head in reversed(list(heads.finditer(text, begun.end()))):
        if (answer := text[head.end() :].strip()) and not task.search(answer):
            return answer, True
    about = re.compile(_ABOUT_IT.replace("WHO", f"(?:he|she|they|{name})"), re.IGNORECASE)

    def is_thought(part: str) -> bool:
        return bool(
            task.search(part) or maybe.search(part) or about.match(part) or re.match(r"\s*(?:[-•*]|\d+[.)])\s", part)
        )

    rest = _behind(blocks, is_thought, task)
    if not rest:  # the answer stands in the thinking's own paragraph
        rest = _behind(_sentences(blocks[-1]), is_thought, task)
        is_doubtful = len(blocks) > 1 and not _ONESELF.search(" ".join(rest))
        return ("" if is_doubtful else "".join(rest).strip()), True
    return "\n\n".join(rest).strip(), True


def _likely(first: str, text: str, name: str, maybe: _Words) -> re.Match[str] | None:
    """Words that may be about the task, where others beside them are about the answer, or speak of the speaker as of somebody else."""
    found = maybe.search(first)
    if found is None:
        return None
    around = f"{text[: found.start()]}\n{text[found.end() :]}"
    is_headed = re.search(_LAST_HEAD, text[found.end() :], _FLAGS)
    return found if is_headed or re.search(_BESIDE.replace("NAME", name), around, _FLAGS) else None


def _behind(parts: Sequence[str], is_thought: Callable[[str], bool], task: _Words) -> Sequence[str]:
    """The parts behind those that are thinking: all at the beginning, and what leads to one that speaks of the task."""
    last = max((place for place, part in enumerate(parts) if task.search(part)), default=-1)
    return list(dropwhile(is_thought, parts[last + 1 :]))


def _behind_the_last_head(text: str, name: str) -> tuple[str, bool]:
    """Returns the text under “Final answer:”, if the text above it speaks about the speaker and not as the speaker."""
    heads = list(re.finditer(_LAST_HEAD, text, _FLAGS))
    above = text[: heads[-1].start()] if heads else ""
    if not above.strip() or _ONESELF.search(above) or not re.search(rf"(?<!\w)(?:{name})(?!\w)", above, re.IGNORECASE):
        return text, False
    return text[heads[-1].end() :].strip(), True


def _sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text)]
    return [part for start, end in zip(ends, [*ends[1:], len(text)], strict=True) if (part := text[start:end]).strip()]
