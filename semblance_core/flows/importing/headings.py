"""Names of columns that hold a field of a persona: words and questions, as people's tables and surveys have them. Pure."""

import re
import unicodedata
from functools import cache

from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS
from semblance_core.flows.importing.heading_words import MORE_WORDS
from semblance_core.flows.importing.persona_form import PersonaForm

FIRST, LAST, CITY, STATE, COUNTRY, BIRTH, OWN = "first name", "last name", "city", "state", "country", "birth", "own"
NAME_PARTS, PLACE_PARTS = (FIRST, LAST), (CITY, STATE, COUNTRY)
"""Fields that several columns may hold together; BIRTH: tells no age; OWN: columns that Semblance writes beside the fields."""
FIELDS = tuple(name for name in PersonaForm.model_fields if name != "big_five")
SOURCE = ("source_brief", "simulated")
_WORDS = {
    "name": "full name|persona name|participant name|respondent name|character name|display name|participant|nickname|your name"
    "|nom|nom complet|nombre|nombre completo|nome|nome completo|imię|imię i nazwisko|naam|namn|navn|jméno|имя|фио|姓名|名前|氏名|이름",
    FIRST: "first|firstname|given name|givenname|forename|vorname|prénom|nombre de pila|voornaam|förnamn|fornavn|名",
    LAST: "last|lastname|surname|family name|familyname|nachname|familienname|nom de famille|apellido|apellidos|cognome|sobrenome"
    "|nazwisko|achternaam|efternamn|etternavn|příjmení|фамилия|姓",
    "age": "age in years|age years|current age|age group|age range|age band|agegroup|alter|âge|edad|età|idade|wiek|leeftijd|ålder"
    "|alder|věk|возраст|年龄|年齢|나이",
    BIRTH: "year of birth|birth year|birthyear|yob|date of birth|dob|birthday|birthdate|birth date|born|geburtsjahr|geburtsdatum"
    "|année de naissance|date de naissance|año de nacimiento|fecha de nacimiento|anno di nascita|rok urodzenia|data urodzenia",
    "gender": "sex|gender identity|geschlecht|sexe|genre|sexo|género|sesso|genere|gênero|płeć|geslacht|kön|køn|pohlaví|пол|性别|性別|성별",
    "location": "residence|place|place of residence|hometown|home town|lives in|where|wohnort|ort|lieu|domicile|lieu de résidence"
    "|residencia|lugar|ubicación|residenza|localização|miejsce zamieszkania|lokalizacja|woonplaats|bydliště|居住地",
    CITY: "town|city town|stadt|ville|ciudad|città|cidade|miasto|stad|město|город|城市|市",
    STATE: "province|region|county|state province|state region|bundesland|département|provincia|województwo|省",
    COUNTRY: "nation|land|pays|país|paese|kraj|země|страна|国家|国",
    "occupation": "job|job title|jobtitle|profession|work|current occupation|beruf|tätigkeit|métier|emploi|ocupación|profesión"
    "|trabajo|professione|lavoro|occupazione|profissão|ocupação|zawód|beroep|yrke|povolání|профессия|职业|職業|직업",
    "education": "education level|educational level|level of education|highest education|highest level of education|degree"
    "|qualification|qualifications|bildung|bildungsabschluss|ausbildung|études|niveau d'études|educación|estudios|nivel educativo"
    "|istruzione|titolo di studio|educação|escolaridade|wykształcenie|opleiding|utbildning|vzdělání|образование|学历|学歴|학력",
    "household": "household composition|household type|family|family status|marital status|civil status|living situation"
    "|relationship status|haushalt|familienstand|foyer|situation familiale|hogar|estado civil|stato civile"
    "|gospodarstwo domowe|stan cywilny|huishouden|婚姻状况",
    "income_band": "income|household income|annual income|yearly income|income level|income bracket|salary|einkommen"
    "|haushaltseinkommen|revenu|revenus|ingresos|reddito|renda|dochód|inkomen|доход|收入|年収",
    "values": "core values|personal values|werte|valeurs|valores|valori|wartości|waarden",
    "goals": "goal|motivations|motivation|objectives|aspirations|long term goals|ziele|objectifs|objetivos|obiettivi|cele|doelen",
    "frustrations": "frustration|pain points|painpoints|pains|challenges|problems",
    "media_habits": "media|media use|media usage|media consumption|media channels|channels",
    "tech_comfort": "tech savviness|tech savvy|digital skills|technology comfort|technology|tech",
    "shopping_habits": "shopping behaviour|shopping behavior|shopping|buying habits|buying behaviour|buying behavior|purchase habits",
    "brands": "brand|favourite brands|favorite brands|preferred brands|brand preferences|marken|marques|marcas|marche|marki|merken",
    "talkativeness": "talkative",
    "way_of_speaking": "speaking style|communication style|tone|tone of voice|style|manner of speaking",
    "quote": "quotation|verbatim|zitat|citation|cita|cytat",
    "backstory": "persona|persona description|description|bio|biography|background|about|about me|summary|story|profile|narrative"
    "|beschreibung|biografía|biografia|opis",
    "openness": "openness to experience",
    "extraversion": "extroversion|extravert|extrovert",
}
"""By field, what else than its own name a column for it is called, the plainest first."""
_QUESTIONS = (
    ("income_band", r"\bincome\b|how much do you earn|verdien\w+ sie|combien gagnez"),
    (FIRST, r"\byour (first|given) name|^first name\b|prénom|vorname"),
    (LAST, r"\byour (last|family|sur) ?name|^(last|family) name\b|nachname|apellido"),
    ("name", r"\b(your|participant|respondent)('?s)?( full| nick)? ?name\b|what (should|can|may) we call you|wie hei(ß|ss)en sie|^ihr name"
             r"|quel est votre nom|^votre nom|cómo te llamas|cuál es (tu|su) nombre|come ti chiami|jak masz na imię"),
    (BIRTH, r"\b(were|was) (you )?born|\b(year|date) of birth|\bbirth ?(year|date|day)|geboren|naissance|nacimiento|urodzenia"),
    ("age", r"\bhow old are you|\bhow old is the (participant|respondent)|\byour age\b|\bage (group|range|band|bracket)\b|what age are you"
            r"|wie alt sind sie|^ihr alter|quel âge|cuántos años|quanti anni|quantos anos|ile masz lat"),
    ("gender", r"\byour (gender|sex)\b|gender (do you )?identi|identify your gender|which gender|^are you (male|female|an? (man|woman))"
               r"|^ihr geschlecht|votre sexe|(tu|su) (sexo|género)"),
    ("location", r"where (do|does) (you|the participant) (currently )?live|where are you (based|from|located)"
                 r"|(city|town|country|state|region|county|area|part of the country) (do you|are you) (currently )?(live|liv)"
                 r"|place of residence|\byour (location|city|town|country)\b|wo wohnen sie|où (habitez|vivez)|dónde vive|dove (vivi|abiti)"
                 r"|onde (você )?(mora|vive)|gdzie mieszka"),
    ("occupation", r"^what do you do( for (a living|work)| professionally)?\W*$|\byour (current )?(occupation|job|profession)\b"
                   r"|what (is|best describes) your (work|job|occupation)|beruflich|quelle est votre profession|a qué te dedicas"
                   r"|che lavoro|czym się zajmuje"),
    ("education", r"\blevel of education|\beducation(al)? level|\bhighest (level|degree|qualification)|\byour education\b|bildungsabschluss"),
    ("household", r"who do you live with|lives? with you|\byour (household|marital status|family status|family situation)\b"
                  r"|(people|persons|many) (live |are )?in your household"),
    ("brands", r"\bfavou?rite brands|which brands do you (buy|use|prefer)"),
    ("goals", r"\byour (main |biggest |most important )?goals\b"),
    ("frustrations", r"what frustrates you|\byour (main |biggest )?(frustrations|pain points)\b"),
)  # fmt: skip
_NUMBERING = re.compile(r"^(?:\d{1,3}(?:\.\d+)*[.)]|Q?\d{1,3}[a-z]?\s*[-–:.]|[A-Za-z]\w{0,19}(?:\[\w+\])?[.:])\s+")

_RESPONSE = re.compile(
    r"(?:open[- ]ended )?responses?|(?:offene )?antwort(?: ohne vorgaben)?|beantwortung(?: ohne vorgaben)?|réponse(?: (?:ouverte|libre))?"
    r"|respuesta(?: abierta)?|resposta(?: aberta)?|risposta(?: aperta)?|(?:open )?antwoord|odpowiedź(?: otwarta)?"
    r"|(?:(?:открытый|развернутый|развёрнутый|произвольный) )?ответ|(?:自由)?回答|自由形式の回答|开放式(?:回答|回复|答案)|答复|답변|주관식 답변|응답"
    r"|(?:açık uçlu )?yanıt|(?:öppet |åbent |åpent )?svar|(?:avoin )?vastaus"
    r"|(?:other|sonstiges|andere|autre|otro|outro|altro|anders|inne|другое|annat|diğer|その他|其他|기타)\s*[(（][^()（）]+[)）]",
    re.IGNORECASE,
)
"""Text below a survey's question where there are no options, in the languages of SurveyMonkey."""


def field_of(heading: str) -> str:
    """The field (or part of one) that a column of this heading is for; empty for none.

    >>> [field_of(each) for each in ("Age", "job_title", "incomeBand", "How old are you?", "Q3 - Where do you live?*", "Shoe size")]
    ['age', 'occupation', 'income_band', 'age', 'location', '']
    """
    if found := _known().get(plain_heading(heading)):
        return found
    bare = _NUMBERING.sub("", heading.strip())
    if found := _known().get(plain_heading(bare)):
        return found
    words = " ".join(unicodedata.normalize("NFKC", bare).casefold().split())
    if len(words.split()) < 2:
        return ""
    return next((field for field, pattern in _QUESTIONS if re.search(pattern, words)), "")


def is_answer(cell: str) -> bool:
    """Returns whether a cell below a question says only that it is answered.

    >>> is_answer("Open-Ended Response"), is_answer("Oat milk")
    (True, False)
    """
    return bool(_RESPONSE.fullmatch(cell))


def plain_heading(heading: str) -> str:
    """A heading's words alone, small.

    >>> plain_heading(" Education_Level (*): "), plain_heading("techComfort")
    ('education level', 'tech comfort')
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", heading).strip())
    text = re.sub(r"\((?:\*|required|optional|years?)\)", " ", text.casefold())
    return re.sub(r"[\s_\-./]+", " ", text).strip(" *:?¿.,;\"'“”„«»")


def rank(heading: str, field: str) -> int:
    """Ranks how plainly a heading names its field: 0 for the field's own name, more for others, most for questions."""
    plain = plain_heading(heading)
    others = [*_WORDS.get(field, "").split("|"), *MORE_WORDS.get(field, "").split("|")]
    return 0 if plain == field.replace("_", " ") else 1 + others.index(plain) if plain in others else 1_000


@cache
def _known() -> dict[str, str]:
    found = {plain_heading(name): name for name in (*FIELDS, *TRAITS, *NAME_PARTS, *PLACE_PARTS, *SOURCE)}
    for words_by_field in (_WORDS, MORE_WORDS):
        for field, words in words_by_field.items():
            for word in words.split("|"):
                found.setdefault(plain_heading(word), field)
    return found | {"id": OWN, "origin": OWN, "version": OWN, "edits": OWN}


def called(field: str) -> str:
    """A field as people read it.

    >>> called("income_band"), called("openness")
    ('income band', 'openness')
    """
    return {FIRST: "name", LAST: "name", CITY: "location", STATE: "location", COUNTRY: "location"}.get(
        field, field.replace("_", " ")
    )


def takes_several(field: str) -> bool:
    """Returns whether columns of the same field are put together and not one chosen."""
    return field in LIST_FIELDS
