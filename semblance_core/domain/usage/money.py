"""US dollars as people read them, the same everywhere; data for machines keep every digit."""

from decimal import Decimal

LEAST = Decimal("0.000001")


def money(usd: Decimal | None) -> str:
    """US dollars with as many places as there is something to see; "unknown" where it is not known.

    >>> money(Decimal("0.0000312")), money(Decimal("12.5")), money(Decimal("-0.2684875")), money(Decimal(0)), money(None)
    ('$0.000031', '$12.50', '−$0.27', '$0.00', 'unknown')
    """
    if usd is None:
        return "unknown"
    amount = abs(usd)
    if 0 < amount < LEAST:
        return f"less than {money(LEAST)}"
    places = 2 if amount == 0 or amount >= Decimal("0.1") else 4 if amount >= Decimal("0.001") else 6
    return f"{'−' if usd < 0 else ''}${amount:,.{places}f}"
