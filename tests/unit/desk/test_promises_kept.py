"""What an agent does keeps what was promised: a kept promise is not due any more, and nobody is alarmed about it."""

from datetime import datetime, timedelta

from flows.cases.clock import overdue
from flows.cases.promises import promises_of
from flows.terms.promises import Promise, promised, tracked
from tests.unit.desk.forms_filled_in import CALL, ESCORT, NUMBER
from tests.unit.desk.test_life_of_a_case import act, claimed, the_case
from tests.unit.play import AGENT_ONE, Play
from tests.world import REFERENCE

TERMS, CALENDAR = REFERENCE.terms, REFERENCE.calendar


def owed(play: Play) -> list[str]:
    return [promise.clause for promise in tracked(promises_of(the_case(play), TERMS, CALENDAR))]


def late(play: Play, now: datetime) -> tuple[str, ...]:
    return overdue(the_case(play), now, terms=TERMS, calendar=CALENDAR)


def visit(play: Play) -> datetime:
    at = the_case(play).bookings[-1].at
    assert at is not None
    return at


def made(play: Play, name: str) -> Promise:
    found = promised(promises_of(the_case(play), TERMS, CALENDAR), name)
    assert found is not None
    return found


def test_only_an_answered_call_that_names_the_hospital_keeps_the_call() -> None:
    play = claimed()
    assert owed(play) == ["OP-P3"]
    act(play, "记录通话\n接通：否\n内容：没人接")
    act(play, "记录通话\n接通：是\n内容：核对了资料")
    assert owed(play) == ["OP-P3"]
    assert late(play, play.now + timedelta(days=9)) == ("OP-P3",)
    act(play, CALL)
    assert made(play, "hospital_call").kept
    assert owed(play) == []
    assert late(play, play.now + timedelta(days=9)) == ()


def test_details_that_were_told_do_not_keep_the_call_on_the_day_before() -> None:
    play = claimed()
    act(play, CALL, "核实完成", NUMBER, ESCORT)
    assert owed(play) == ["OP-P4", "OP-P5a", "OP-P5c"]
    play.now = visit(play) - timedelta(days=1)
    act(play, "记录通话\n接通：是\n内容：提醒了明天的就诊")
    assert made(play, "day_before_visit").kept
    assert owed(play) == ["OP-P5a", "OP-P5c"]


def test_the_day_of_the_visit_is_kept_by_the_visit() -> None:
    play = claimed()
    act(play, CALL, "核实完成", NUMBER, ESCORT)
    play.now = visit(play) - timedelta(hours=20)
    act(play, "记录通话\n接通：是\n内容：提醒了明天的就诊")
    play.now = visit(play)
    act(play, "已见面", "已完成")
    assert owed(play) == []
    assert late(play, visit(play) + timedelta(days=30)) == ()


def test_another_day_has_to_be_kept_anew() -> None:
    play = claimed()
    act(play, CALL, "核实完成", NUMBER, ESCORT)
    play.now = visit(play) - timedelta(days=1)
    act(play, "记录通话\n接通：是\n内容：提醒了明天的就诊", "改期\n原因：客户有事")
    assert owed(play) == []
    assert "visit_called" not in the_case(play).milestones
    play.say("交还", AGENT_ONE)
    assert made(play, "hospital_call").kept
