"""Numbers of lists as Word writes them, by the names that its files give the ways of counting."""

from collections.abc import Callable

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X")),
    *((9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"} | {
    "twelve": "twelfth"
}
_LETTERS = {
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "hebrew2": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    "hindiVowels": "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
    "hindiConsonants": "अआइईउऊऋएऐओऔ",
    "aiueo": "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "iroha": "ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽ",
    "irohaFullWidth": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス",
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "chicago": "*†‡§",
}
"""Counted through, then doubled: A … Z, AA, BB."""
_DIGITS = {
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
    "decimalHalfWidth": "0123456789",
    "thaiNumbers": "๐๑๒๓๔๕๖๗๘๙",
    "hindiNumbers": "०१२३४५६७८९",
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "koreanDigital": "영일이삼사오육칠팔구",
    "koreanDigital2": "零一二三四五六七八九",
}
_EASTERN = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        ("〇一二三四五六七八九", "十", "百", "千"),
    ),
    "koreanCounting": ("영일이삼사오육칠팔구", "십", "백", "천"),
    "chineseLegalSimplified": ("零壹贰叁肆伍陆柒捌玖", "拾", "佰", "仟"),
    "ideographLegalTraditional": ("零壹貳參肆伍陸柒捌玖", "拾", "佰", "仟"),
    "japaneseLegal": ("〇壱弐参四伍六七八九", "拾", "百", "千"),
}


def written(number: int, form: str, custom: str = "") -> str:
    """A number in one of Word's ways. custom: an example of a way of one's own, such as "001, 002". An unknown way is decimal.

    >>> [written(4, form) for form in ("decimal", "upperRoman", "lowerLetter", "ordinal", "cardinalText", "decimalZero")]
    ['4', 'IV', 'd', '4th', 'Four', '04']
    >>> written(28, "upperLetter"), written(23, "japaneseCounting"), written(7, "custom", "001, 002, 003, ...")
    ('BB', '二十三', '007')
    """
    if form == "none":
        return ""
    if form == "custom":
        return f"{number:0{len(custom.partition(',')[0].strip())}d}"
    if form in _LETTERS and number > 0:
        letters = _LETTERS[form]
        return letters[(number - 1) % len(letters)] * min(1 + (number - 1) // len(letters), 50)
    if form in _DIGITS:
        return str(number).translate({ord("0") + each: digit for each, digit in enumerate(_DIGITS[form])})
    if form in _EASTERN and 0 < number < 10_000:
        return _eastern(number, *_EASTERN[form])
    way: Callable[[int], str] = _WAYS.get(form, str)
    return way(number)


def _roman(number: int) -> str:
    if not 0 < number < 4_000:
        return str(number)
    said = ""
    for value, letters in _ROMAN:
        said += letters * (number // value)
        number %= value
    return said


def _cardinal(number: int) -> str:
    if number < 0 or number > 999_999:
        return str(number)
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    unit, name = (100, "hundred") if number < 1_000 else (1_000, "thousand")
    rest = number % unit
    return f"{_cardinal(number // unit)} {name}" + (f" {_cardinal(rest)}" if rest else "")


def _ordinal_text(number: int) -> str:
    words = _cardinal(number)
    head, last = (
        words[: max(words.rfind(" "), words.rfind("-")) + 1],
        words[max(words.rfind(" "), words.rfind("-")) + 1 :],
    )
    return head + (_ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _hebrew(number: int) -> str:
    if not 0 < number < 400:
        return str(number)
    hundreds = ("", "ק", "ר", "ש")[number // 100]
    rest = number % 100
    if rest in (15, 16):  # never written as parts of the name of God
        return hundreds + ("טו" if rest == 15 else "טז")
    return hundreds + (" יכלמנסעפצ"[rest // 10] + " אבגדהוזחט"[rest % 10]).replace(" ", "")


def _eastern(number: int, digits: str, ten: str, hundred: str, thousand: str) -> str:
    said, gap = "", False
    for value, unit in ((1_000, thousand), (100, hundred), (10, ten), (1, "")):
        digit, number = divmod(number, value)
        if not digit:
            gap = bool(said)
            continue
        if gap:
            said += digits[0]
        gap = False
        plain_ten = unit == ten and digit == 1 and not said
        said += unit if plain_ten else digits[digit] + unit
    return said


_WAYS: dict[str, Callable[[int], str]] = {
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": _ordinal,
    "cardinalText": lambda number: _cardinal(number).capitalize(),
    "ordinalText": lambda number: _ordinal_text(number).capitalize(),
    "hex": lambda number: f"{number:X}",
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: chr(0x2474 + number - 1) if 1 <= number <= 20 else f"({number})",
    "decimalEnclosedFullstop": lambda number: chr(0x2488 + number - 1) if 1 <= number <= 20 else f"{number}.",
    "hebrew1": _hebrew,
}
