"""A change of a case that was made from an older version of it is an error, and not the loss of the newer one."""

import pytest

from flows.cases.changes import changed, spoken
from flows.engine.known import Known
from tests.contract.samples import case
from tests.fakes import FakeStore, FakeUnitOfWork
from tests.world import MONDAY


def known() -> Known:
    return Known(FakeUnitOfWork(FakeStore()), MONDAY)


def test_changes_of_changes_are_taken() -> None:
    found, read = known(), case()
    for change in (read, changed(read, urgency=3), spoken(changed(read, urgency=3), MONDAY)):
        found.change(change)
    assert (found.cases[read.id].urgency, found.cases[read.id].spoken_at) == (3, MONDAY)


def test_two_changes_of_the_same_version_are_an_error() -> None:
    found, read = known(), case()
    found.change(changed(read, urgency=3))
    with pytest.raises(ValueError, match="stale_case"):
        found.change(spoken(read, MONDAY))
    assert found.cases[read.id].urgency == 3
