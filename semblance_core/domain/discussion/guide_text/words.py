"""Words that classify lines of a guide, in the languages that guides are written in: beginnings of questions and requests, words that
no sentence ends with, instructions to ask further. Pure."""

import re

_ASKING = (
    "what|what's|what’s|which|who|whose|whom|where|when|why|how|is|are|was|were|do|does|did|would|could|should|can|will|have|has|had|if"
    "|wie|was|welche[rsnm]?|wer|wen|wem|wo|woher|wohin|wann|warum|wieso|weshalb|wofür|womit|woran|worauf|haben|hat|sind|ist|würden|können|gibt"
    "|qu'est-ce|qu’est-ce|que|quel|quelle|quels|quelles|qui|où|quand|pourquoi|comment|combien|est-ce|avez-vous|quoi"
    "|qué|cuál|cuáles|quién|quiénes|dónde|cuándo|cómo|cuánto|cuánta|cuántos|cuántas|por|para"
    "|cosa|che|quale|quali|chi|dove|perché|come|quanto|quanta|quanti|quante|qual|quais|quem|onde|quando|como"
    "|wat|welk|welke|wie|waar|wanneer|waarom|hoe|heeft|hebt|zijn|is"
    "|co|czy|kto|gdzie|kiedy|dlaczego|jak|jaki|jaka|jakie|ile|który|która|które|kdo|kde|kdy|proč|kolik|který|która"
    "|что|как|какой|какая|какое|какие|кто|где|когда|почему|зачем|сколько|чем|чего|куда|откуда|що|як|де|коли|чому|скільки"
    "|vad|vem|vilken|vilket|vilka|var|när|varför|hur|hvad|hvem|hvilken|hvilke|hvor|hvornår|hvorfor|hvordan|hva"
    "|ne|neden|niçin|nasıl|nerede|nereden|kim|hangi|kaç|mitä|mikä|missä|milloin|miksi|miten|kuka|mit|mi|hol|mikor|miért|hogyan|melyik"
    "|ما|ماذا|كم|أين|هل|متى|لماذا|كيف|من|أي|क्या|कब|कहाँ|क्यों|कैसे|कौन|कितना|कितने"
)
_ASKING_INSIDE = re.compile(
    "什么|什麼|多少|哪|怎么|怎麼|为什么|為什麼|谁|誰|是否|吗|嗎|何|いつ|どこ|なぜ|どう|どの|どれ|いくら|무엇|언제|어디|왜|어떻게|얼마|누구|어떤"
)
_REQUEST = (
    "please|let's|let’s|tell|describe|think|imagine|introduce|list|name|show|talk|explain|share|walk|rank|rate|choose|look|take|write"
    "|draw|give|say|compare|consider|try|pick|finish|complete|discuss|read|go|start|ask"
    "|bitte|erzählen|beschreiben|nennen|stellen|denken|zeigen|erklären|décrivez|racontez|parlez|imaginez|dites|pensez|veuillez"
    "|describa|cuénteme|cuéntenos|cuente|piense|imagine|hable|describe|cuéntame|descriva|racconti|raccontami|pensi|immagini|parli"
    "|descreva|conte|pense|fale|vertel|beschrijf|denk|noem|stel|proszę|opowiedz|opisz|wyobraź|расскажите|опишите|представьте|подумайте"
    "|пожалуйста|beskriv|berätta|fortæl|fortell|kuvaile|kerro|anlatın|tarif|düşünün"
)
_ASKS = re.compile(rf"[\W_]*(?:{_ASKING})(?![\w-])", re.IGNORECASE)
_REQUESTS = re.compile(rf"[\W_]*(?:(?:{_REQUEST})\b|(?:请|請|想象|描述))", re.IGNORECASE)
_NEVER_LAST = re.compile(
    r"(?:^|\s)(?:and|or|but|the|a|an|than|und|oder|aber|der|das|den|dem|des|eine?[nmrs]?|et|ou|mais|le|la|les|un|une|du|des|y|e|o|u|pero|el|los"
    r"|las|una|il|lo|gli|ed|ma|os|um|uma|en|of|de|het|een|maar|i|oraz|lub|albo|ale|и|или|но|och|eller|men|og|ve|veya|ja|tai|és|vagy"
    r"|و|أو|और|या)$|[,;،，、؛\-–—/&+(（“„«]$",
    re.IGNORECASE,
)
_SELDOM_LAST = re.compile(
    r"\s(?:to|of|for|with|in|on|at|by|from|about|into|as|that|if|when|while|your|their|our|my|his|her|its|this|these|those|any|some|every|each"
    r"|is|are|you|do|does|would|not|very|more|most|other|like|im|in|zu|zum|zur|mit|von|vom|für|auf|bei|beim|aus|nach|über|unter|vor|als|dass|wenn|weil"
    r"|Sie|Ihr(?:e[nmrs]?)?|die|diese[nmrs]?|einen|nicht|sehr|neue[nmrs]?|à|au|aux|de|dans|pour|avec|sur|par|que|qui|votre|vos|cette?|ces|en|del|al|con"
    r"|por|para|su|sus|tu|tus|este|esta|di|da|del|della|dei|delle|nel|nella|per|su|suo|sua|do|no|na|em|com|seu|sua|van|voor|met|op|aan|bij|uw|dat"
    r"|w|z|na|do|od|dla|przez|po|że|w|в|на|с|к|о|об|от|для|по|из|у|что|вы|ваш|ваша|ваши|i|på|med|av|för|till|som|att|til|af|bir|bu|ile|için"
    r"|في|من|على|إلى|عن|مع|التي|الذي)$",
    re.IGNORECASE,
)
_SHORTENED = re.compile(
    r"(?:^|[\s(])(?:e\.\s?g|i\.\s?e|z\.\s?b|d\.\s?h|u\.\s?a|p\.\s?ex|p\.\s?ej|ca|bzw|vs|approx|incl|inkl|ggf|evtl|np|tzn|mr|mrs|ms|dr|nr|no|св|напр)\.$",
    re.IGNORECASE,
)
PROBES = (
    "probes?|probing(?: questions?)?|prompts?|follow[- ]?ups?(?: questions?)?|if needed|if necessary|if silent|ask all|dig deeper|listen for"
    "|nachfassen|nachfragen?|nachhaken|nachbohren|rückfragen?|sondieren|vertiefen|bei bedarf|falls nötig"
    "|sondear|sondeo|indagar|profundizar|repreguntar?|repreguntas|preguntas? de seguimiento|si es necesario|si hace falta|ahondar"
    "|relances?|relancer|sonder|approfondir|creuser|questions? de relance|si besoin|si nécessaire|au besoin"
    "|approfondire|sondare|indagare|rilanci[oa]?|rilanciare|se necessario|domande? di approfondimento"
    "|sondar|sondagem|aprofundar|estimular|perguntas? de acompanhamento|se necessário"
    "|doorvragen|doorvraag|vraag door|vervolgvra(?:ag|gen)|indien nodig|zo nodig"
    "|dopytać|dopytaj|dopytanie|dopytania|pogłębić|sondować|pytani[ea] pogłębiające|w razie potrzeby"
    "|уточнить|уточните|уточнение|уточняющ(?:ий вопрос|ие вопросы)|зондирование|зондировать|пробинг|при необходимости|дополнительный вопрос"
    "|уточнити|зондування|за потреби|följdfråg(?:a|or)|sondera|fördjupa|vid behov|uddyb|opfølgende spørgsmål|opfølgning|ved behov"
    "|oppfølging|oppfølgingsspørsmål|følg opp|jatkokysym(?:ys|ykset)|tarkenna|syvennä|tarvittaessa|doptat se|doptejte se|v případě potřeby"
    "|rákérdezés|rákérdezni|szükség esetén|întrebări suplimentare|dacă e nevoie|διερεύνηση"
    "|derinleştir(?:in)?|takip soru(?:su|ları)|sondaj|gerekirse|irdeleyin|detaylandırın"
    "|استيضاح|استفسار|متابعة|سؤال متابعة|أسئلة متابعة|تعمق|التعمق|استقصاء|إذا لزم الأمر|שאלות? המשך|להעמיק"
    "|अनुवर्ती प्रश्न|आगे पूछें|जाँच|probing|dalami|gali lebih dalam|hỏi thêm|gợi ý|thăm dò|ถามต่อ|เจาะลึก"
    "|深入追问|追问点?|追問|探询|探詢|探查|深挖|提示|如有需要|必要时"
    "|追加質問|補足質問|プローブ|深掘り|掘り下げ|必要に応じて|추가 ?질문|후속 ?질문|심층 ?질문|탐색 ?질문|프로브|필요 ?시"
)
DEEPER = (
    "vertiefung|vertiefungsfragen?|sondierung|impuls|aprofundamento|approfondiment[oi]|pogłębienie|derinleştirme|εμβάθυνση|διευκρίνιση"
    "|approfondissement|profundización"
)
"""Words for probes that sections are called by too: with something behind the colon alone they are probes."""
_PROBE = re.compile(
    rf"[\W_]*(?:(?:{PROBES})(?:[\W_]*$|(?:\s*[（(][^()（）]*[)）]|(?!\s+\w\b)(?:\s+[^\s:：?？]+){{1,3}})?[*_\s]*[:：]|[*_]*\s+[–—-]\s|\s*[–—])"
    rf"|(?:{DEEPER})[*_\s]*[:：][*_\s]*\w)",
    re.IGNORECASE,
)
_PROBE_FOR = re.compile(
    r"(?:probe\s+(?:for|on|about|around|into|if|whether|why|how|further|fully|deeper|as|to|any|more|reasons?|the|their|each|all)"
    r"|prompt\s+(?:for|with|if|on|as|only|them|respondents?|participants?)|follow[- ]up\s+(?:on|with|if)"
    r"|nachfassen|nachhaken|nachbohren|nachfragen|doorvragen|relancer|sondear|repreguntar|indagar|profundizar|dopytać|dopytaj|уточнить|зондировать"
    r"|approfondire|indagare|sondare|aprofundar|sondar|approfondir|creuser)(?!\w)|追问|追問|追加質問",
    re.IGNORECASE,
)
INLINE_PROBE = re.compile(rf"(?<=\S)\s+(?:[•▪◦●‣·∙○→]\s*|o\s+)(?=(?:{PROBES})(?!\w))", re.IGNORECASE)
"""Beginning of a bullet with a probe within a line."""


def starts_question(text: str) -> bool:
    """Returns whether the words begin as questions do, or, where words are not told apart by blanks, hold what asks.

    >>> [starts_question(text) for text in ("Which shops", "“Was kostet", "¿Qué", "您喝什么牛奶", "Habits", "Dover")]
    [True, True, True, True, False, False]
    """
    return bool(_ASKS.match(text) or _ASKING_INSIDE.search(text))


def starts_request(text: str) -> bool:
    """Returns whether the words ask somebody to do something.

    >>> [starts_request(text) for text in ("Tell us", "Bitte nennen", "Décrivez", "请描述", "Tellers", "Price")]
    [True, True, True, True, False, False]
    """
    return bool(_REQUESTS.match(text)) or bool(re.match(r"\w+en Sie\b", text))


def must_go_on(text: str) -> bool:
    """Returns whether no sentence ends so: with a comma, an article, an “and”, a shortened word.

    >>> [must_go_on(text) for text in ("it and", "oat milk,", "packs, e.g.", "the pack", "Wann und")]
    [True, True, True, False, True]
    """
    return bool(_NEVER_LAST.search(text) or _SHORTENED.search(text))


def seems_to_go_on(text: str) -> bool:
    """Returns whether a sentence seldom ends so.

    >>> [seems_to_go_on(text) for text in ("do you go to", "in the shop", "Haben Sie")]
    [True, False, True]
    """
    return bool(_SELDOM_LAST.search(text))


def is_shortened(text: str) -> bool:
    """Returns whether the full stop at the end is that of a shortened word.

    >>> is_shortened("packs, e.g."), is_shortened("the pack.")
    (True, False)
    """
    return bool(_SHORTENED.search(text))


def is_probe(text: str) -> bool:
    """Returns whether a line tells the moderator what to ask further, in any of the forms and languages.

    >>> [is_probe(text) for text in ("PROBE: price", "Probe for brands", "Nachfassen: Marken?", "追问：为什么？", "Probes", "Price: fair?")]
    [True, True, True, True, True, False]
    """
    if _PROBE.match(text):
        return True
    found = _PROBE_FOR.match(text)
    return bool(found) and not text.rstrip(" \"'”’»)").endswith(("?", "？", "؟"))
