"""Model saturation: the session from which on hardly a theme is new. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

BASE, RUN, MOST_NEW = 4, 2, 0.05


@dataclass(frozen=True, slots=True)
class Saturation:
    """The curve and its point. new: themes first heard in each session, in order; heard: of all sessions up to it.

    base: themes of the first sessions, in which the share of new ones is counted. new_share: for each session after the base,
    from which a run begins, the themes that are new in the run over those of the base; it stands at the last session before the run.
    reached: the number of sessions after which a run brought at most the allowed share; None where none did, with the reason.
    """

    new: tuple[int, ...]
    heard: tuple[int, ...]
    base: int
    new_share: tuple[float, ...]
    reached: int | None
    why: str = ""


def saturation(
    themes: Sequence[frozenset[str]], base: int = BASE, run: int = RUN, most_new: float = MOST_NEW
) -> Saturation:
    """Finds the session after which a run of further ones brings hardly any new theme (measures.md, "Synthesis").

    Themes of the first `base` sessions are the yardstick. The runs of `run` sessions after it overlap, each begins one session later.
    Saturation is reached after the session before the first run whose new themes are at most `most_new` of the yardstick. Source: Guest,
    Namey and Chen 2020, doi 10.1371/journal.pone.0232076, with base 4, run 2 and 5%.

    Sessions of one model are no independent interviews: it says that this model brings nothing more up, not that people would not.

    Args:
        themes: the themes of each session, in the order of the sessions.
        base: sessions of the yardstick.
        run: sessions of a run.
        most_new: the share of new themes that is still taken for none.

    By hand: four sessions bring 20 themes. The fifth brings 2, the sixth 1, the seventh 0, the eighth 1: the runs after the fourth,
    fifth and sixth session bring 3/20, 1/20 and 1/20, so it is reached after the fifth.

    >>> counts = (9, 6, 3, 2, 2, 1, 0, 1)
    >>> firsts = [frozenset(f"{at}/{each}" for each in range(count)) for at, count in enumerate(counts)]
    >>> found = saturation(firsts)
    >>> found.heard, found.base, found.new_share, found.reached
    ((9, 15, 18, 20, 22, 23, 23, 24), 20, (0.15, 0.05, 0.05), 5)
    """
    known: set[str] = set()
    new, heard = list[int](), list[int]()
    for each in themes:
        new.append(len(each - known))
        known |= each
        heard.append(len(known))
    if len(themes) < base + run:
        why = f"It takes {base + run} sessions to tell: a base of {base} and a run of {run}."
        return Saturation(tuple(new), tuple(heard), heard[min(base, len(heard)) - 1] if heard else 0, (), None, why)
    yardstick = heard[base - 1]
    if not yardstick:
        return Saturation(tuple(new), tuple(heard), 0, (), None, f"The first {base} sessions have no theme.")
    shares = tuple(sum(new[at : at + run]) / yardstick for at in range(base, len(themes) - run + 1))
    reached = next((base + at for at, share in enumerate(shares) if share <= most_new), None)
    why = "" if reached else f"Every run of {run} sessions brought more than {most_new:.0%} new themes."
    return Saturation(tuple(new), tuple(heard), yardstick, shares, reached, why)
