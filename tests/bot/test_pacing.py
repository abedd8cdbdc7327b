"""The limits hold in every window, whoever writes to whom, and nobody waits longer than a limit asks."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.pacing import Backoff, Limits, Pacer, Rate
from bot.telegram.wakeup import Wakeup
from flows.ids import ChatId

PERSON, OTHER, GROUP = ChatId(1), ChatId(2), ChatId(-1)


def sent(pacer: Pacer, chats: Sequence[ChatId]) -> list[float]:
    now, times = 0.0, []
    for chat in chats:
        now += pacer.delay(chat, now)
        assert pacer.delay(chat, now) == 0.0
        pacer.take(chat, now)
        times.append(now)
    return times


def most_in_a_window(times: Sequence[float], seconds: float) -> int:
    return max(sum(start <= time < start + seconds - 1e-9 for time in times) for start in times)


def test_a_chat_bears_a_small_burst_then_one_a_second() -> None:
    times = sent(Pacer(Limits()), [PERSON] * 30)
    assert times[:3] == [0.0, 0.0, 0.0]
    assert times[-1] == pytest.approx(27.0)


def test_a_group_gets_at_most_twenty_in_any_minute() -> None:
    times = sent(Pacer(Limits()), [GROUP] * 70)
    assert most_in_a_window(times, 60.0) == 20


def test_all_chats_together_get_at_most_thirty_in_any_second() -> None:
    times = sent(Pacer(Limits()), [ChatId(chat) for chat in range(1, 200)])
    assert most_in_a_window(times, 1.0) == 30
    assert times[-1] == pytest.approx(6.0)


def test_a_chat_that_waits_does_not_hold_up_another() -> None:
    pacer = Pacer(Limits())
    sent(pacer, [PERSON] * 3)
    assert pacer.delay(PERSON, 0.0) > 0
    assert pacer.delay(OTHER, 0.0) == 0


def test_a_limit_of_none_is_no_limit() -> None:
    pacer = Pacer(Limits(total=None, chat=None, group=None))
    assert sent(pacer, [PERSON, GROUP] * 500)[-1] == 0.0


def test_what_was_long_ago_is_forgotten_and_what_was_lately_is_not() -> None:
    pacer = Pacer(Limits(total=None))
    for chat in range(1, 5000):
        pacer.take(ChatId(chat), 0.0)
    for _ in range(3):
        pacer.take(PERSON, 100.0)
    for chat in range(5000, 10000):
        pacer.take(ChatId(chat), 100.0)
    assert pacer.delay(PERSON, 100.0) > 0
    assert pacer.delay(OTHER, 100.0) == 0


@given(st.lists(st.sampled_from([PERSON, OTHER, GROUP]), min_size=1, max_size=60))
def test_no_order_of_messages_breaks_a_limit(chats: list[ChatId]) -> None:
    times = sent(Pacer(Limits(total=Rate(5, 1.0))), chats)
    assert most_in_a_window(times, 1.0) <= 5
    own = [time for time, chat in zip(times, chats, strict=True) if chat == PERSON]
    assert not own or most_in_a_window(own, 3.0) <= 3


def test_the_waits_double_up_to_the_most() -> None:
    backoff = Backoff(chance=lambda: 0.0, first=1.0, most=10.0)
    assert [backoff.delay(attempts) for attempts in (1, 2, 3, 4, 5, 500)] == [1, 2, 4, 8, 10, 10]


def test_chance_takes_away_at_most_half() -> None:
    assert Backoff(chance=lambda: 0.999, first=8.0).delay(1) == pytest.approx(4.0, rel=0.01)


async def test_a_wakeup_set_before_the_wait_ends_it_once() -> None:
    wakeup = Wakeup()
    wakeup.set()
    assert await wakeup.wait(60.0)
    assert not await wakeup.wait(0.0)
