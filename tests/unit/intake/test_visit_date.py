"""The day of the visit: what the calendar offers, what typed days come to, and what is told of them [OP-P1a, IP-B4]."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.ids import ChatId
from flows.intake.questions import visit_date
from flows.intake.questions.question import Answer, Choice, Context, PartialAnswer, Prompt, Reading
from flows.intake.questions.visit_date import Offer, VisitDate, earliest, earliest_day, latest, wished
from flows.intake.texts import REFUSALS as COMMON
from flows.reading.refusal import Refusal
from flows.session import Session
from tests.world import REFERENCE, TEXTS

MONDAY = date(2026, 11, 23)
QUESTION = VisitDate()
REFUSALS = COMMON | visit_date.REFUSALS
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
SERVICES = st.sampled_from([{"service": "OP"}, {"service": "IP", "branch": "IP-B"}])


def context(today: date = MONDAY, **answers: str) -> Context:
    return Context(Session(ChatId(1), answers={"service": "OP", **answers}), REFERENCE, today)


def after(before: Context, reading: Reading) -> Context:
    assert isinstance(reading, Answer | PartialAnswer)
    return context(before.today, **{**before.session.answers, **reading.also})


def choices(prompt: Prompt) -> list[Choice]:
    return [choice for row in prompt.rows for choice in row]


def labels(prompt: Prompt) -> list[str]:
    return [TEXTS(choice.label) for choice in choices(prompt)]


def tap(before: Context, label: str) -> Reading:
    prompt = QUESTION.ask(before)
    found = next(choice for choice in choices(prompt) if TEXTS(choice.label) == label)
    return QUESTION.choose(found.value, before)


def pages(before: Context) -> list[Prompt]:
    """Turn to 下月 as long as there is one."""
    found = [QUESTION.ask(before)]
    while "下月" in labels(found[-1]):
        following = next(choice.page for choice in choices(found[-1]) if TEXTS(choice.label) == "下月")
        found.append(QUESTION.ask(replace(before, page=following)))
    return found


def offered(prompt: Prompt) -> list[date]:
    return [date.fromisoformat(choice.value) for choice in choices(prompt) if choice.value[:2] == "20"]


# ---- the calendar ----


def test_the_first_day_is_the_fifth_working_day_and_for_an_admission_the_next() -> None:
    assert earliest(context()) == date(2026, 11, 30)
    assert earliest(context(service="IP", branch="IP-B")) == date(2026, 11, 24)


def test_after_closing_time_the_day_begins_with_the_next_one() -> None:
    evening = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 20:30 in Shanghai
    assert earliest(replace(context(), now=evening)) == date(2026, 12, 1)


@given(today=DAYS, answers=SERVICES)
def test_every_page_offers_only_days_that_may_be_had_and_all_of_them_are_on_some_page(
    today: date, answers: dict[str, str]
) -> None:
    before = context(today, **answers)
    seen = [day for prompt in pages(before) for day in offered(prompt)]
    assert seen == sorted(set(seen))
    first, last = earliest(before), latest(before)
    working = REFERENCE.calendar.is_working_day
    assert seen == [d for n in range((last - first).days + 1) if working(d := first + timedelta(days=n))]


@given(today=DAYS)
def test_a_month_has_seven_days_a_row_monday_first_and_each_under_its_weekday(today: date) -> None:
    for prompt in pages(context(today)):
        assert [TEXTS(choice.label) for choice in prompt.rows[1]] == list("一二三四五六日")
        weeks = prompt.rows[2:-1]
        assert weeks
        for week in weeks:
            assert len(week) == 7
            for weekday, choice in enumerate(week):
                if choice.value != "closed":
                    day = date.fromisoformat(choice.value)
                    assert (day.weekday(), str(day.day)) == (weekday, TEXTS(choice.label))


def test_the_pages_turn_within_the_months_there_are() -> None:
    found = pages(context())
    assert [labels(prompt)[:3] for prompt in found[:2]] == [
        ["2026年11月", "下月", "一"],
        ["上月", "2026年12月", "下月"],
    ]
    assert labels(found[-1])[:2] == ["上月", "2027年5月"]
    assert labels(QUESTION.ask(replace(context(), page=99))) == labels(found[-1])


def test_on_the_last_working_day_before_a_month_the_calendar_opens_on_the_month_of_the_first_day() -> None:
    assert offered(QUESTION.ask(context(date(2026, 11, 26))))[0] == date(2026, 12, 3)


def test_the_days_of_the_spring_festival_are_not_offered() -> None:
    before = context(date(2026, 2, 2))
    block = REFERENCE.calendar.spring_festival_block(2026)
    seen = {day for prompt in pages(before) for day in offered(prompt)}
    assert block
    assert seen
    assert not block & seen
    assert date(2026, 2, 14) in seen  # a Saturday worked in exchange


def test_a_year_whose_notice_is_not_out_is_called_provisional() -> None:
    year = max(REFERENCE.calendar.years_covered())
    texts = [TEXTS(prompt.text) for prompt in pages(context(date(year, 11, 2)))]
    assert "待国务院公布" not in texts[0]
    assert "待国务院公布" in texts[-1]


@given(today=DAYS, page=st.integers(1, 9))
def test_the_question_is_short_and_its_buttons_fit(today: date, page: int) -> None:
    prompt = QUESTION.ask(replace(context(today), page=page))
    assert len(TEXTS(prompt.text)) <= 120
    assert all(len(row) <= 8 for row in prompt.rows)
    assert all(len(label) <= 8 for label in labels(prompt))
    assert all(len(choice.token().encode("ascii")) <= 40 for choice in choices(prompt))


def test_a_day_of_the_calendar_answers_and_a_dot_does_not() -> None:
    assert tap(context(), "30") == Answer("2026-11-30", {"visit_date_meant": "", "visit_date_why": ""})
    assert tap(context(), "·") == Refusal("visit_not_offered")
    assert tap(context(), "尽快") == QUESTION.read("越快越好", context())
    assert QUESTION.choose("2026-11-25", context()) == Refusal("visit_not_offered")


# ---- typed ----


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12月8号", "2026-12-08"),
        ("下下周三", "2026-12-09"),
        ("12月1号到5号", "2026-12-01/2026-12-05"),
        ("尽快", "soonest"),
        ("随便", "soonest"),
    ],
)
def test_a_day_or_a_stretch_that_can_be_had_answers_at_once(text: str, value: str) -> None:
    reading = QUESTION.read(text, context())
    assert isinstance(reading, Answer)
    assert reading.value == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("昨天", "visit_past"),
        ("2027年8月1日", "visit_too_far"),
        ("10月1日", "visit_too_far"),
        ("2月30日", "visit_no_such_day"),
        ("上午", "visit_vague"),
        ("天气真好", "visit_vague"),
    ],
)
def test_what_cannot_be_is_refused_with_what_a_right_answer_looks_like(text: str, code: str) -> None:
    reading = QUESTION.read(text, context())
    assert reading == Refusal(code)
    assert TEXTS(REFUSALS[code]())


def test_an_earlier_wish_is_told_and_may_be_changed_or_kept_with_one_tap() -> None:
    now = after(context(), QUESTION.read("明天", context()))
    prompt = QUESTION.ask(now)
    assert "不能保证" in TEXTS(prompt.text)
    assert labels(prompt) == ["改11月30日", "仍按我的心愿", "换一天"]
    changed, kept = tap(now, "改11月30日"), tap(now, "仍按我的心愿")
    assert isinstance(changed, Answer)
    assert isinstance(kept, Answer)
    assert (changed.value, kept.value) == ("2026-11-30", "2026-11-24")
    assert "尽快" in labels(QUESTION.ask(after(now, tap(now, "换一天"))))


def test_a_wish_on_a_day_of_rest_is_told_with_the_next_day_that_can_be_had() -> None:
    now = after(context(), QUESTION.read("12月5号", context()))  # a Saturday
    assert "休息日" in TEXTS(QUESTION.ask(now).text)
    assert labels(QUESTION.ask(now))[0] == "改12月7日"


def test_a_stretch_that_ends_in_time_is_no_early_wish() -> None:
    reading = QUESTION.read("11月25号到12月2号", context())
    assert isinstance(reading, Answer)
    assert wished({"visit_date": reading.value}) == date(2026, 12, 2)


def test_on_the_way_to_an_admission_tomorrow_is_not_too_early() -> None:
    reading = QUESTION.read("明天", context(service="IP", branch="IP-B"))
    assert isinstance(reading, Answer)


def test_a_day_in_doubt_is_offered_as_a_button() -> None:
    now = after(context(), QUESTION.read("大概12月8号", context()))
    assert labels(QUESTION.ask(now)) == ["12月8日", "换一天"]
    settled = tap(now, "12月8日")
    assert isinstance(settled, Answer)
    assert settled.value == "2026-12-08"


def test_nothing_is_confirmed_where_nothing_was_asked_back() -> None:
    assert QUESTION.choose("wished", context()) == Refusal("pick_a_button")


def test_a_wish_that_went_by_while_the_request_lay_is_asked_for_again() -> None:
    assert QUESTION.answered(context(visit_date="2026-12-08"))
    assert not QUESTION.answered(context(date(2026, 12, 9), visit_date="2026-12-08"))
    assert QUESTION.answered(context(visit_date="soonest"))


@given(text=st.text(max_size=40) | st.text("0123456789年月日号到上下周一二三末初/-大概明后天", max_size=14), today=DAYS)
def test_any_text_and_any_button_is_read_and_what_follows_can_be_asked_and_shown(text: str, today: date) -> None:
    before = context(today)
    for reading in (QUESTION.read(text, before), QUESTION.choose(text, before)):
        if isinstance(reading, Refusal):
            assert TEXTS(REFUSALS[reading.code]())
            continue
        now = after(before, reading)
        assert len(TEXTS(QUESTION.ask(now).text)) <= 120
        if isinstance(reading, Answer):
            shown = QUESTION.shown(context(today, visit_date=reading.value))
            assert shown is not None
            assert TEXTS(shown)
            day = wished({"visit_date": reading.value})
            assert day is None or today <= day <= latest(before)
        else:
            assert all(len(choice.token().encode("ascii")) <= 40 for choice in choices(QUESTION.ask(now)))


@given(today=DAYS)
def test_the_first_day_is_itself_offered(today: date) -> None:
    before = context(today)
    assert Offer.of(before).holds(earliest(before))
    assert earliest_day(before).day == earliest(before)
