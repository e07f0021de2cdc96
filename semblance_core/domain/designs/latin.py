"""Orders of arms in which each stands in each place equally often. Pure."""


def orders(arms: int) -> tuple[tuple[int, ...], ...]:
    """The rows of a Latin square in which each arm also follows each other one equally often (Williams 1949; Bradley 1958).

    For an even number of arms, as many rows; for an odd one, twice as many: the square and its mirror.

    >>> orders(2)
    ((0, 1), (1, 0))
    >>> orders(4)
    ((0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1))
    """
    first = [0]
    for step in range(1, arms):
        first.append((step + 1) // 2 if step % 2 else arms - step // 2)
    rows = tuple(tuple((each + row) % arms for each in first) for row in range(arms))
    return rows + tuple(row[::-1] for row in rows) if arms % 2 else rows
