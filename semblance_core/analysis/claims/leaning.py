"""Sentences that begin with a reference to the one before them, and so say nothing, or something else, without it. Pure.

Read by their first words, in English, German, French, Spanish, Chinese and Japanese; in other languages none is found.
"""

import re

_REFERENCES = (
    r"(?:this|that|they|their|them)\b|(?:these|those)\b(?!\s+(?:who|whose|that|in|with|without|on|from|of|under|over)\b)",
    r"(?:he|she|his|her|its|such)\b|it\b(?!\s+(?:is|was|seems|takes|makes\s+sense)\b[^.]*\b(?:that|to|whether|who|how)\b)",
    r"(?:both|neither)(?=\s+(?:of\s+(?:them|these|those)|[a-z]+s?\s*[,.;]|are|were|is|was|say|said|do|did|have|had|want|see|think|feel)\b)",
    r"(?:the\s+)?(?:others?(?!\s+(?:participants?|people|groups?)\b)|rest|former|latter|same|another|reasons?\s+for\s+(?:this|that|it))\b",
    r"(?:one|two|three|some|most|many|few|none|all|half|each|several|either)\s+of\s+(?:them|these|those)\b",
    r"(?:however|but|also|so|thus|hence|therefore|instead|otherwise|moreover|furthermore|additionally|besides|nevertheless|nonetheless"
    r"|yet|still|similarly|likewise|consequently|accordingly|conversely|as\s+a\s+(?:result|consequence)|(?:because|in\s+spite|instead)\s+of"
    r"\s+(?:this|that|it)|for\s+(?:this|that|these)\b|in\s+(?:contrast|addition|turn)|by\s+contrast|on\s+the\s+other\s+hand|for\s+(?:example|instance))\b",
    r"(?:dies(?:e[rnms]?)?|jene[rnms]?|er(?!\s+(?:zijn|is|was|waren|wordt|worden)\b)|sie|es(?!\s+(?:gibt|gab)\b)|ihr(?:e[rnms]?)?|beide|solche?|letztere[rs]?|ersterer?|auch|aber|jedoch|doch|dennoch|trotzdem"
    r"|deshalb|deswegen|daher|darum|damit|dadurch|dafür|dagegen|dabei|dazu|daraus|davon|außerdem|zudem|stattdessen|andere|die\s+anderen?)\b",
    r"das\s+(?:ist|sind|war|wird|wäre|macht|zeigt|führt|gilt|liegt|hat|heißt|sagt|sagen|geht|betrifft|stört)\b",
    r"(?:cela|ceci|ça|c['’]est|ce(?:s|tte|t|lui|lle|ux|lles)?|ils?|elles?|leurs?|son|sa|ses|aussi|mais|donc|ainsi|pourtant|cependant|toutefois"
    r"|de\s+plus|en\s+revanche|en\s+outre|par\s+conséquent|pour\s+cette\s+raison|d['’]autres|les\s+autres)\b",
    r"(?:est[eao]s?|es[eao]s?|aquell[oa]s?|ell[oa]s?|él|sus?|ambos|también|pero|así|además|sin\s+embargo|por\s+(?:eso|ello|tanto|lo\s+tanto)"
    r"|en\s+cambio|otr[oa]s|l[oa]s\s+demás)\b",
)
_BEGINS = re.compile(rf"(?:{'|'.join(_REFERENCES)})", re.IGNORECASE)
_BEGINS_WITHOUT_SPACES = re.compile(
    r"(?:これ|それ|この|その|こう|そう|彼|また|しかし|一方|だから|さらに|这|那|他|她|它|因此|所以|但|也|此外|然而|同样)"
)
_ALSO = re.compile(r"^(?:\S+\s+){1,4}?(?:also|likewise|ebenfalls|ebenso|également|aussi|también)\b", re.IGNORECASE)
_TOO = re.compile(r"\btoo\W*$", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"^[\W_]+")


def refers_back(sentence: str) -> bool:
    """Returns whether a sentence begins with a reference to the one before it.

    >>> [refers_back(text) for text in ("They also hide it.", "Maya also hides it.", "Maya hides it.", "Das Brot ist alt.", "Das ist neu.")]
    [True, True, False, False, True]
    >>> [refers_back(text) for text in ("Oat milk is too dear.", "Both Maya and Tom hide it.", "Those who cook buy it.", "It is taste that counts.")]
    [False, False, False, False]
    >>> [refers_back(text) for text in ("Both hide it, too.", "Tom hides it too.", "Both are dear.", "Those buy more.", "It is dear.")]
    [True, True, True, True, True]
    """
    text = _NOT_LETTERS.sub("", sentence)
    return bool(_BEGINS.match(text) or _BEGINS_WITHOUT_SPACES.match(text) or _ALSO.match(text) or _TOO.search(text))
