"""One process that reads documents, shared by the tests of a file."""

from collections.abc import Iterator

import pytest

from semblance_core.documents import Guard


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard() as guard:
        yield guard
