"""Counted things in words."""


def number(count: int, thing: str) -> str:
    """The count with its noun, in the plural where it is not one. thing: the noun's singular, which takes an “s”.

    >>> number(1, "persona"), number(2_000, "persona")
    ('1 persona', '2,000 personas')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def counted(count: int) -> str:
    """A small count in words, a larger one in digits.

    >>> counted(4), counted(24)
    ('four', '24')
    """
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return words[count] if 0 <= count < len(words) else f"{count:,}"
