"""Forms: what an agent types below a command's name, and what the lists in the data have to agree with."""

from datetime import date, datetime
from typing import Any

import pytest

from flows.cases.bookings import REASONS
from flows.cases.outcomes import OF_APPLICATIONS, USE_DECISIONS
from flows.desk.buttons import BUTTONS
from flows.desk.commands import COMMANDS
from flows.desk.forms import CHOICES, LABELS, TABLE, Filled, FormContext, arguments, filled_in, to_fill_in
from flows.desk.process_texts import FAULTS
from flows.desk.texts import MISSING
from flows.desk.typed_commands import command_in
from tests.unit.desk.samples import ARGUMENTS, HOSPITAL, NOW
from tests.world import REFERENCE, TEXTS


def read(**values: str) -> dict[str, Any]:
    return arguments(values, FormContext(NOW, REFERENCE))


def at(instant: str) -> datetime:
    return datetime.fromisoformat(f"{instant}:00+08:00")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("改期\n原因：客户有事", Filled("move_booking", {"reason": "客户有事"})),
        ("改期\n\n 原因 : 客户：有事 ", Filled("move_booking", {"reason": "客户：有事"})),
        ("改期。\n原因：", Filled("move_booking", {"reason": ""})),
        ("改期\n客户有事", Filled("move_booking", {}, unread="客户有事")),
        ("改期\n原因：有事\n电话：1", Filled("move_booking", {"reason": "有事"}, unread="电话：1")),
        ("改期", None),
        ("改期吧\n原因：客户有事", None),
        ("下一件\n原因：客户有事", None),
        ("", None),
        ("\n", None),
    ],
)
def test_a_form_is_a_command_and_lines_of_a_label_and_a_value(text: str, filled: Filled | None) -> None:
    assert filled_in(text) == filled


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-12-02 09:30", "2026-12-02T09:30"),
        ("12月2日9：30", "2026-12-02T09:30"),
        ("12-02 08:50", "2026-12-02T08:50"),
        ("2026年12月2日 16:00", "2026-12-02T16:00"),
        ("1月4日 08:00", "2027-01-04T08:00"),
        ("10:10", "2026-11-23T10:10"),
        ("12月2日", None),
        ("12月2日 25:00", None),
        ("2月30日 08:00", None),
        ("明天上午", None),
    ],
)
def test_an_instant_has_a_day_and_a_time_of_day(typed: str, instant: str | None) -> None:
    assert read(time=typed) == ({} if instant is None else {"time": at(instant)})


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("date", "12月8日", date(2026, 12, 8)),
        ("date", "13-40", None),
        ("hospital", "北京协和", HOSPITAL),
        ("hospital", "某某医院", "某某医院"),
        ("title", "副高", "副主任医师"),
        ("title", "专家", None),
        ("reached", "未接", False),
        ("reached", "接通", True),
        ("agreed", "是", True),
        ("outcome", "完成", "completed"),
        ("booking", "2", 2),
        ("booking", "二", None),
        ("campus", "东单院区", "东单院区"),
        ("campus", "", None),
    ],
)
def test_a_value_is_read_by_its_kind_and_left_out_where_it_is_none(name: str, typed: str, value: object) -> None:
    assert read(**{name: typed}).get(name) == value


def test_closed_lists_have_their_words() -> None:
    assert tuple(CHOICES["outcome"]) == OF_APPLICATIONS
    assert tuple(CHOICES["not_obtained_reason"]) == REASONS
    assert tuple(CHOICES["use"]) == USE_DECISIONS
    assert tuple(CHOICES["title"]) == REFERENCE.terms.services["OP"].titles
    assert CHOICES.keys() | TABLE["kinds"].keys() | set(TABLE["facts"].values()) <= LABELS.keys()
    assert len(set(LABELS.values())) == len(LABELS)


def test_each_fact_that_a_command_needs_can_be_given_or_is_explained() -> None:
    needs = {need for found in COMMANDS.values() for need in found.needs} - {"words", "confirmed"}
    assert len(needs) > 30
    for need in needs:
        labelled = TABLE["facts"].get(need, need) in LABELS
        assert labelled or need in MISSING or (need in TABLE["unasked"] and need in FAULTS), need
    assert {*TABLE["explained"]} <= FAULTS.keys()
    given = {name for arguments in ARGUMENTS.values() for name in arguments} - {"confirmed"}
    assert given <= LABELS.keys()


def test_a_button_says_what_can_be_typed_in_its_place() -> None:
    typed = {name: command_in(TEXTS(label())) for name, label in BUTTONS.items() if name not in {"claim", "take_over"}}
    assert typed == {name: name for name in typed}


def test_a_form_asks_for_each_thing_once_and_for_what_may_be_given_besides() -> None:
    assert to_fill_in("request_booking", ("hospital", "hospital_in_network")) == ["医院：", "院区：", "科室："]
    assert to_fill_in("close", ("confirmed",)) == []
    assert to_fill_in("log_call", ("note",)) == ["内容：", "医院："]


def test_a_name_that_several_hospitals_have_is_the_one_in_the_city_of_the_case() -> None:
    named = {"hospital": "协和医院"}
    assert arguments(named, FormContext(NOW, REFERENCE)) == named
    assert arguments(named, FormContext(NOW, REFERENCE, "北京市")) == {"hospital": "北京协和医院"}
