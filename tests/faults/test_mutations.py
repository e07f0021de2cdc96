"""Every fence is missed by a test once it is taken out; with `--mutate`, which takes minutes, each is."""

from pathlib import Path

import pytest

from tests.faults import mutations
from tests.faults.mutations import ALL, Fence


def test_every_fence_stands_where_the_list_says_and_its_tests_are_there() -> None:
    for fence in ALL:
        assert fence.taken_out()
        assert all((mutations.REPOSITORY / path).exists() for path in fence.tests.split())
    assert len({fence.name for fence in ALL}) == len(ALL)


@pytest.mark.mutation
@pytest.mark.parametrize("fence", ALL, ids=lambda fence: fence.name)
def test_a_fence_that_is_taken_out_is_missed(fence: Fence, tmp_path: Path) -> None:
    caught = mutations.noticed(fence, tmp_path)
    mutations.keep(fence.name, caught)
    assert caught
