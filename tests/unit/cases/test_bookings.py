"""The bookings of a case: every row of their table, and how they stand to the case."""

from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from flows.cases.arrangement import awaits_notice, fitting, is_fulfilled, next_kind, with_booking, with_next_attempt
from flows.cases.bookings import ADMISSION, ENDED, LIVE, STATES, TABLE, VISIT, Booking, advanced
from flows.cases.case import IP
from flows.errors import IllegalEvent
from tests.unit.desk.samples import NOW, a_case, booking

BY_HAND = """
    request   to_book                                     requested
    obtain    to_book,requested                           obtained
    tell      obtained,told,confirmed                     told
    confirm   told                                        confirmed
    meet      told,confirmed                              met
    complete  met                                         done
    stop      obtained,told,confirmed,met                 stopped
    move      obtained,told,confirmed                     moved
    cancel    to_book,requested,obtained,told,confirmed   cancelled
    miss      told,confirmed                              no_show
    refuse    to_book,requested                           not_obtained
    correct   to_book,requested,obtained,told,confirmed   mistaken
    correct   met                                         mistaken
"""
ROWS = {
    (trigger, state): dest
    for trigger, states, dest in (line.split() for line in BY_HAND.strip().splitlines())
    for state in states.split(",")
}
TRIGGERS = sorted({trigger for trigger, _ in ROWS})
LATER = NOW + timedelta(hours=1)


def test_the_rows_are_many_and_reach_every_state() -> None:
    assert len(ROWS) == 32
    assert {row.trigger for row in TABLE.rows} == set(TRIGGERS)
    assert set(ROWS.values()) == set(STATES) - {"to_book"}


@pytest.mark.parametrize(("trigger", "state"), list(product(TRIGGERS, STATES)))
def test_a_booking_moves_by_the_rows_of_its_table_only(trigger: str, state: str) -> None:
    before = booking(state)
    if (trigger, state) in ROWS:
        after = advanced(before, trigger, LATER, reason="why")
        assert after.state == ROWS[trigger, state]
        assert (after.times[after.state], after.reason) == (LATER, "why")
        assert replace(after, state=before.state, times=before.times, reason="") == before
    else:
        with pytest.raises(IllegalEvent):
            advanced(before, trigger, LATER)


def test_from_every_state_that_is_live_an_end_is_reached() -> None:
    reached: set[str] = set(ENDED)
    for _ in LIVE:
        reached |= {state for (_, state), dest in ROWS.items() if dest in reached}
    assert reached >= set(LIVE)
    assert not any(state in ENDED for _, state in ROWS)
    assert [booking(state).is_live for state in STATES] == [state in LIVE for state in STATES]


@pytest.mark.parametrize(
    ("service", "branch", "bookings", "kind", "fulfilled"),
    [
        ("OP", "", (), VISIT, False),
        ("OP", "", (booking("done"),), "", True),
        ("OP", "", (booking("stopped"),), VISIT, False),
        ("IP", "IP-A", (), ADMISSION, False),
        ("IP", "IP-A", (booking("done", ADMISSION),), "", True),
        ("IP", "IP-B", (), VISIT, False),
        ("IP", "IP-B", (booking("done"),), ADMISSION, False),
        ("IP", "IP-B", (booking("done"), booking("done", ADMISSION, 2)), "", True),
        ("IP", "review", (), ADMISSION, False),
    ],
)
def test_what_a_case_needs_next_follows_from_its_service_branch_and_what_took_place(
    service: str, branch: str, bookings: tuple[Booking, ...], kind: str, *, fulfilled: bool
) -> None:
    case = a_case("arranging", *bookings, service=service, branch=branch)
    assert (next_kind(case), is_fulfilled(case)) == (kind, fulfilled)
    assert awaits_notice(case) == (branch == "IP-B" and kind == ADMISSION)
    attempts = with_next_attempt(case, NOW).bookings[len(bookings) :]
    assert [(each.kind, each.state) for each in attempts] == ([(kind, "to_book")] if kind else [])


def test_what_is_no_application_needs_no_booking() -> None:
    case = replace(a_case("verifying"), request_type="appeal")
    assert next_kind(case) == ""
    assert with_next_attempt(case, NOW) is case


def test_a_live_booking_is_the_attempt() -> None:
    case = a_case("arranging", booking("requested"))
    assert with_next_attempt(case, NOW) is case


def test_bookings_stay_in_the_order_of_their_numbers() -> None:
    case = a_case("arranging", booking("not_obtained"), booking("requested", number=2), service=IP, branch="IP-B")
    changed = replace(booking("told"), number=1)
    assert with_booking(case, changed) == (changed, case.bookings[1])
    assert fitting(case, "obtain", (VISIT,)) == (case.bookings[1],)
    assert fitting(case, "obtain", (ADMISSION,)) == ()
