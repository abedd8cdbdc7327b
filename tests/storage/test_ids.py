from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.connection.ids import Snowflakes

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@given(st.lists(st.integers(min_value=-(10**9), max_value=10**9), min_size=1, max_size=50))
def test_ids_rise_whatever_the_clock_does(offsets: list[int]) -> None:
    times: Iterator[datetime] = (NOW + timedelta(microseconds=offset) for offset in offsets)
    ids = Snowflakes(node=4095, clock=lambda: next(times))
    given_ids = [ids.new() for _ in offsets]
    assert all(before < after for before, after in pairwise(given_ids))
    assert all(0 < each < 2**63 for each in given_ids)


def test_two_processes_never_give_the_same_id() -> None:
    sources = [Snowflakes(node=node, clock=lambda: NOW) for node in range(5)]
    assert len({source.new() for source in sources for _ in range(100)}) == 500


def test_ids_fit_63_bits_until_2095() -> None:
    assert Snowflakes(node=4095, clock=lambda: datetime(2095, 1, 1, tzinfo=UTC)).new() < 2**63


@pytest.mark.parametrize("node", [-1, 4096])
def test_a_node_has_twelve_bits(node: int) -> None:
    with pytest.raises(ValueError, match="node"):
        Snowflakes(node=node, clock=lambda: NOW)
