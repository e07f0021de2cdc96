"""Agreement of the coders of a session: persons, models, or one of each. Pure."""

from collections.abc import Sequence

from semblance_core.analysis.agreement.codings import Coder, CodersAgreement, agreement
from semblance_core.domain.coding.codings import Coding


def coder_of(codings: Sequence[Coding], codes: Sequence[str], key: str) -> Coder:
    """One coder's marks, turn by turn.

    Args:
        codings: of one session.
        codes: ids of all codes that count; one that the coder never gave has no marks.
        key: of the coder, as in `Author.key`.
    """
    own = [coding for coding in codings if coding.made.key == key]
    return Coder(key, {code: frozenset(each.seq for each in own if each.code_id == code) for code in codes})


def between_coders(
    codings: Sequence[Coding], codes: Sequence[str], turns: Sequence[int], one: str, other: str
) -> CodersAgreement:
    """Returns the agreement of two coders (measures.md, “Agreement”): the unit is a participant's turn × a code that either of them gave.

    Args:
        codings: of one session.
        codes: ids of the codebook's codes, in order.
        turns: the numbers of the participants' messages.
        one, other: the coders' keys.

    Raises:
        InvalidInput: they are the same.

    >>> from datetime import UTC, datetime
    >>> from semblance_core.domain.coding.provenance import Author
    >>> at = datetime(2026, 5, 1, tzinfo=UTC)
    >>> ana, model = Author(at, "ana", "Ana"), Author(at, "ana", model="m/1")
    >>> given = [(1, ana), (2, ana), (2, model)]
    >>> codings = [Coding(str(n), "p", "g", seq, 0, 1, "price", who) for n, (seq, who) in enumerate(given)]
    >>> round(between_coders(codings, ["price", "taste"], [1, 2, 3, 4], "person:ana", "model:m/1").overall.kappa.value, 2)
    0.5
    """
    given = {coding.code_id for coding in codings if coding.made.key in (one, other)}
    used = [code for code in codes if code in given]
    return agreement(turns, [coder_of(codings, used, key) for key in (one, other)])
