"""How many people a panel needs, against the table of Fugard & Potts' rule and against counting all cases."""

from itertools import product
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.analysis.surveys.how_many import hearing_power, panel_size

TABLE = {0.05: (32, 59, 85), 0.1: (16, 29, 42), 0.2: (8, 14, 21), 0.3: (5, 9, 14)}


def test_the_table_comes_out() -> None:
    assert {share: tuple(panel_size(share, heard) for heard in (1, 2, 3)) for share in TABLE} == TABLE
    assert [panel_size(0.1, heard, 0.95) for heard in (1, 2, 3)] == [29, 46, 61]


@given(size=st.integers(0, 8), share=st.floats(0.01, 1), heard=st.integers(1, 9))
def test_the_power_is_that_of_all_cases_counted(size: int, share: float, heard: int) -> None:
    cases = product((True, False), repeat=size)
    counted = sum(share ** sum(case) * (1 - share) ** (size - sum(case)) for case in cases if sum(case) >= heard)
    assert isclose(hearing_power(size, share, heard), counted, abs_tol=1e-9)


@given(share=st.floats(0.01, 1), heard=st.integers(1, 20), power=st.floats(0.5, 0.99))
def test_one_person_fewer_is_too_few(share: float, heard: int, power: float) -> None:
    size = panel_size(share, heard, power)
    assert hearing_power(size, share, heard) >= power
    assert size == heard or hearing_power(size - 1, share, heard) < power


@pytest.mark.parametrize("given_", [(0.0, 1, 0.8), (0.1, 0, 0.8), (0.1, 101, 0.8), (0.1, 1, 1.0), (0.0001, 5, 0.8)])
def test_what_cannot_be_answered_is_refused(given_: tuple[float, int, float]) -> None:
    with pytest.raises(ValueError, match=r"at most|between|above 0|More than|1–100"):
        panel_size(*given_)
