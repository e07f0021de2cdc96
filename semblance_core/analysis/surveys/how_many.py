"""The panel size at which a view is heard, and the probability that a panel of a size hears it. Pure.

Of independent draws from a population (Fugard & Potts 2015, https://doi.org/10.1080/13645579.2015.1005453). Personas of one model are less
independent than people, so a panel of them needs at least as many.
"""

from math import comb

MOST, MOST_HEARD = 10_000, 100


def hearing_power(size: int, share: float, heard: int) -> float:
    """Returns the probability (0–1) that at least so many of a panel hold a view.

    P(Bin(size, share) ≥ heard).

    Args:
        size: people of the panel, 0 or more.
        share: of the population who hold the view, above 0 and at most 1.
        heard: people from whom the view is to be heard, 1–100.

    Raises:
        ValueError: an argument is out of its range.

    >>> round(hearing_power(8, 0.2, 1), 3)
    0.832
    """
    if size < 0 or not 0 < share <= 1 or not 1 <= heard <= MOST_HEARD:
        raise ValueError(
            "A panel has 0 or more people, a share lies above 0 and at most at 1, and 1–100 people are heard."
        )
    fewer = sum(
        comb(size, count) * share**count * (1 - share) ** (size - count) for count in range(min(heard, size + 1))
    )
    return 1.0 - fewer if heard <= size else 0.0


def panel_size(share: float, heard: int = 1, power: float = 0.8) -> int:
    """Returns the smallest panel in which at least so many hold a view, with this probability.

    Args:
        share: of the population who hold the view, above 0 and at most 1.
        heard: people from whom the view is to be heard, 1–100.
        power: the probability wanted, above 0 and below 1.

    Raises:
        ValueError: an argument is out of its range, or more than 10,000 people would be needed.

    >>> [panel_size(0.1, heard) for heard in (1, 2, 3)], panel_size(0.1, 1, 0.95)
    ([16, 29, 42], 29)
    """
    if not 0 < power < 1:
        raise ValueError("A probability lies above 0 and below 1.")
    if hearing_power(MOST, share, heard) < power:
        raise ValueError(f"More than {MOST:,} people would be needed.")
    least, most = heard, MOST
    while least < most:
        middle = (least + most) // 2
        if hearing_power(middle, share, heard) >= power:
            most = middle
        else:
            least = middle + 1
    return least
