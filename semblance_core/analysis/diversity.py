"""Measures of how different texts are from each other: a panel's personas, or the answers to a question.

Length fakes sameness (measures.md, lesson 5): compare texts only after `matched_length`. Vectors are TF-IDF here; any
other matrix with a row a text (embeddings) serves as well.
"""

import math
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from semblance_core.analysis.scripts import first_words, word_count
from semblance_core.analysis.text import words
from semblance_core.domain.errors import InvalidInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]


def matched_length(texts: Sequence[str]) -> list[str]:
    """Returns the texts cut to the median number of their words (`scripts.word_count`); shorter ones stay as they are.

    >>> matched_length(["one two three four", "one two", "one"])
    ['one two', 'one two', 'one']
    """
    counts = list(map(word_count, texts))
    most = math.ceil(median(counts)) if counts else 0
    return [first_words(text, most) for text in texts]


def vectors(texts: Sequence[str]) -> "Matrix":
    """Returns TF-IDF vectors of the texts, with scikit-learn's smooth idf, ln((1 + n)/(1 + df)) + 1.

    Returns:
        A matrix of one row a text and one column a casefolded word. Rows have length 1, or 0 for a text without a word.

    Raises:
        InvalidInput: there are no texts.

    >>> [round(float(number), 2) for number in vectors(["too dear", "too sweet"]) @ vectors(["too dear", "too sweet"])[0]]
    [1.0, 0.34]
    """
    import numpy as np

    found = sparse_vectors(texts)
    return np.asarray(found.toarray() if hasattr(found, "toarray") else found, dtype=np.float64)


def sparse_vectors(texts: Sequence[str]) -> Any:
    """Returns `vectors` as a sparse matrix, which every measure here takes too: of a thousand texts a hundredth of the memory."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    _need(len(texts), 1)
    if not any(map(words, texts)):
        return np.zeros((len(texts), 1))
    return TfidfVectorizer(analyzer=words).fit_transform(texts)


def mean_pairwise_distance(matrix: "Matrix | Any") -> float:
    """Returns the mean of 1 − cosine over all pairs of rows (measures.md, "diversity").

    Args:
        matrix: one row a text, at least two; a row of zeros has nothing in common with any.

    Returns:
        0 (all the same) to 1 (nothing in common), or to 2 with negative vectors.

    Raises:
        InvalidInput: there are fewer than two rows.
    """
    _need(_rows(matrix), 2)
    return 1.0 - float(_pair_cosines(matrix).mean())


def share_near_duplicates(matrix: "Matrix", threshold: float = 0.9) -> float:
    """Returns the share of pairs whose cosine is above the threshold, 0–1 (measures.md, "diversity"); 0 below two rows."""
    return float((_pair_cosines(matrix) > threshold).mean()) if _rows(matrix) > 1 else 0.0


def near_duplicate_indices(matrix: "Matrix", threshold: float = 0.9) -> list[int]:
    """Returns the rows to be redrawn, upwards: each whose cosine with an earlier row that is kept is above the threshold.

    The first of a group of look-alikes is never among them, so redrawing them leaves one of each.
    """
    cosines = _cosines(matrix)
    kept: list[int] = []
    for row in range(len(matrix)):
        if not any(cosines[row, other] > threshold for other in kept):
            kept.append(row)
    return [row for row in range(len(matrix)) if row not in kept]


def nearest_pairs(matrix: "Matrix", most: int) -> list[tuple[int, int, float]]:
    """Returns the pairs of rows with the highest cosines, the nearest first.

    Args:
        matrix: one row a text.
        most: number of pairs at most.

    Returns:
        (row, later row, cosine) for each pair.

    >>> import numpy as np
    >>> nearest_pairs(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), 1)
    [(0, 2, 1.0)]
    """
    import numpy as np

    rows, columns = np.triu_indices(_rows(matrix), k=1)
    cosines = _pair_cosines(matrix)
    order = np.argsort(-cosines, kind="stable")[:most]
    return [(int(rows[at]), int(columns[at]), float(cosines[at])) for at in order]


def likeness(matrix: "Matrix | Any") -> float:
    """Returns the cosine of the first two rows."""
    return float(_cosines(matrix[:2])[0, 1])


def distinct_n(texts: Sequence[str], n: int = 3) -> float:
    """Returns the number of distinct n-grams of words over that of all n-grams, pooled over the texts.

    Source: measures.md, "diversity", which uses n = 3.

    Args:
        texts: at least one of them with n words.
        n: words of an n-gram, from 1 on.

    Returns:
        Above 0 (all repeated) to 1 (none repeated).

    Raises:
        InvalidInput: n is below 1, or no text has n words.

    >>> distinct_n(["I like the price", "I like the taste"])
    0.75
    """
    if n < 1:
        raise InvalidInput("An n-gram has at least one word.")
    tokens = [words(text) for text in texts]
    grams = [tuple(one[at : at + n]) for one in tokens for at in range(len(one) - n + 1)]
    if not grams:
        raise InvalidInput(f"No text has {n} words, so nothing can be compared.")
    return len(set(grams)) / len(grams)


def vendi(matrix: "Matrix") -> float:
    """Returns the Vendi score, the effective number of different texts.

    exp(−Σ λ ln λ) over the eigenvalues λ of K/n, K being the cosines (measures.md, "diversity").

    Args:
        matrix: one row a text, at least one.

    Returns:
        1 (all the same) to the number of rows (nothing in common).

    Raises:
        InvalidInput: there are no rows.

    >>> import numpy as np
    >>> round(vendi(np.eye(4)), 6), round(vendi(np.ones((4, 2))), 6)
    (4.0, 1.0)
    """
    import numpy as np

    _need(_rows(matrix), 1)
    kernel = _cosines(matrix)
    np.fill_diagonal(kernel, 1.0)  # a text is like itself, even one without a word
    values = np.linalg.eigvalsh(kernel / _rows(matrix))
    positive = values[values > 1e-12]
    return float(np.exp(-(positive * np.log(positive)).sum()))


def _rows(matrix: "Matrix | Any") -> int:
    return int(matrix.shape[0])


def _cosines(matrix: "Matrix | Any") -> "Matrix":
    import numpy as np

    if hasattr(matrix, "toarray"):
        from sklearn.preprocessing import normalize

        unit = normalize(matrix)
        return np.clip(np.asarray((unit @ unit.T).toarray(), dtype=np.float64), -1.0, 1.0)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit = np.divide(matrix, norms, out=np.zeros_like(matrix, dtype=np.float64), where=norms > 0)
    cosines: Matrix = np.clip(unit @ unit.T, -1.0, 1.0)
    return cosines


def _pair_cosines(matrix: "Matrix") -> "Matrix":
    import numpy as np

    return _cosines(matrix)[np.triu_indices(_rows(matrix), k=1)]


def _need(have: int, least: int) -> None:
    if have < least:
        raise InvalidInput(f"Diversity needs at least {'two texts' if least > 1 else 'one text'}.")
