"""Whatever people do, in whatever order: no dead end, no exception, nothing lost, nothing remembered outside.

The two long ones take seconds: hundreds of walks, and every row of the table from every state it can be taken in.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.cases.case import AGENT_SPEAKS, BOT_SPEAKS, UNASSIGNED
from flows.cases.stages import TABLE as STAGES
from flows.errors import IllegalEvent
from flows.ids import ChatId
from flows.intake.machine import ASKING, INTAKE, RESTING
from flows.intake.step import IntakeStep
from flows.machine import Stateful, Table
from flows.terms.policy import ENDED, SUSPENDED, Policy
from tests.unit.desk.carrying import carry_every_way
from tests.unit.desk.forms_filled_in import BED, BED_ESCORT, CALL, ESCORT, MOVED, NUMBER, STOPPED
from tests.unit.play import AGENTS, CHILD, PATIENT, PRIVATE, RIGHT, Play, at, steered
from tests.world import POLICY, REFERENCE, used

OTHER = ChatId(300)  # somebody else, who may be the insured
LIN, ZHOU = (ChatId(agent.id) for agent in AGENTS)

Act = tuple[str, int]

POLICIES = (POLICY, used(POLICY), replace(POLICY, status=ENDED), replace(POLICY, status=SUSPENDED))


def chat_of(number: int) -> ChatId:
    return (LIN, ZHOU)[number % 7 == 0]


def claim_next(play: Play, agent: ChatId) -> None:
    play.say("/next", agent)
    play.tap_nth(0, agent)


def serve_next(play: Play, agent: ChatId) -> None:
    claim_next(play, agent)
    play.say("交还", agent)


def change_policy(play: Play, number: int) -> None:
    """The insurer changes a policy while its insured fills in a request; at times it is no more on file."""
    kept = play.policy.uses if play.policy else ()
    play.policy = None if number == 0 else replace(POLICIES[number % len(POLICIES)], uses=kept)


WAYS: tuple[dict[str, str], ...] = (
    {},
    {"applicant": "家人"},
    {"service": "住院"},
    {"service": "住院", "notice": "有"},
    {"service": "住院", "notice": "不清楚", "applicant": "家人"},
    {"record_hospital": PRIVATE},
    {"applicant": "患者不是被保险人"},
    {"department": "急诊科", "hospitals": "推荐", "visit_date": "明天"},
    {"name": CHILD.name, "id_number": CHILD.number},
)


def go_another_way(play: Play, number: int) -> None:
    """From here on a person answers some things otherwise."""
    play.right = {**RIGHT, **WAYS[number % len(WAYS)]}


def say_something(play: Play, number: int) -> None:
    """Confirm with a code that there is, or one that there is not."""
    codes = [confirmation.code for confirmation in play.confirmations.values()]
    play.say(f"确认 {codes[-1] if codes and number % 2 else '12345678'}", OTHER)


def ask_privacy(play: Play, number: int) -> None:
    """Open the card and tap a button of it, or of an older one."""
    play.say("/privacy")
    play.tap_nth(number)


FAULTS = ("", "empty", "needs_password", "not_a_picture", "damaged", "too_small", "too_dark")
EDITS = ("张桂兰", "李四", "110101195503129931", "住院", "什么", "13900001235", "")
WORDS = (
    "/start", "/help", "/status", "/cancel", "/privacy", "/nonsense", "转人工", "上一步", "取消", "重复", "进度",
    "帮助", "你好", "张三", "110101198503129919", "P2026000099", "肺癌", "胸口疼得喘不上气", "不想活了",
    "改3", "改12", "改99", "我叫李四，手机13900001234，保单P2026000001", "上海，华山医院，神经内科，专家，尽快",
    "没有", "推荐",
    "😀" * 50, "\u202e\x00<b>{name}",
)  # fmt: skip
AGENT_WORDS = (
    "/next", "交还", "放回", "结束", "您好，我来帮您", "/start", "/hand_back", "/release", "/close", "核实完成", CALL,
    NUMBER, ESCORT, BED, BED_ESCORT, STOPPED, MOVED, "客户已确认", "已见面", "已完成", "已开通知单",
    "录错\n原因：记错了",
    "未约上\n未约上原因：满号", "取消预约\n原因：客户不需要", "办结\n结果：客户取消\n原因：客户不需要", "已申请\n好",
)  # fmt: skip
ACTS: dict[str, Callable[[Play, int], None]] = {
    "right": lambda play, _: play.answer_right(),
    "tap": lambda play, n: play.tap_nth(n),
    "old": lambda play, n: play.tap_old(n),
    "photo": Play.photo,
    "law": lambda play, _: play.change_consents(),
    "sticker": lambda play, _: play.sticker(),
    "lose": Play.lose_file,
    "way": go_another_way,
    "inspect": lambda play, n: play.inspect(
        n, FAULTS[n % len(FAULTS)], same_as=0 if n % 11 == 0 and play.files else None
    ),
    "voice": lambda play, n: play.file("voice", f"v{n}"),
    "big": lambda play, n: play.file("document", f"b{n}", size=30_000_000),
    "phone": lambda play, n: play.share_phone("+8613900001234", own=n % 2 == 0),
    "edit": lambda play, n: play.edit(max(1, play.last_message - n), EDITS[n % len(EDITS)]),
    "silence": lambda play, n: play.be_silent(days=n % 32),
    "code": say_something,
    "privacy": ask_privacy,
    "word": lambda play, n: play.say(WORDS[n % len(WORDS)]),
    "agent": lambda play, n: play.say(AGENT_WORDS[n % len(AGENT_WORDS)], chat_of(n)),
    "agent_tap": lambda play, n: play.tap_nth(n, chat_of(n)),
    "agent_old": lambda play, n: play.tap_old(n, chat_of(n)),
    "policy": change_policy,
    "claim": lambda play, n: claim_next(play, chat_of(n)),
    "serve": lambda play, n: serve_next(play, chat_of(n)),
    "wrong": lambda play, _: play.answer_wrong(),
}
acts = st.lists(
    st.tuples(
        st.sampled_from(["right"] * 6 + ["agent", "agent_tap"] * 3 + ["tap"] * 2 + list(ACTS)),
        st.integers(0, 60),
    ),
    max_size=60,
)


def walk(play: Play, taken: list[Act]) -> None:
    for act, number in taken:
        ACTS[act](play, number)
        assert play.session.state in {*ASKING, *RESTING}, "a waiting state is never rested in"


def finish(play: Play) -> None:
    """From wherever it is, a patient person and a diligent agent get a request through."""
    play.policy = POLICY
    play.right = dict(RIGHT)
    play.now += timedelta(days=2)
    for case in list(play.cases.values()):
        play.cases[case.id] = replace(case, stage="closed", version=case.version + 1)
    play.cancel()
    play.say("/start")
    if play.session.state == "submitted":
        play.press("!renew")
    for _ in range(80):
        if play.session.state == "submitted":
            return
        play.answer_right()
    raise AssertionError(play.session.state)


@contextmanager
def watched(table: Table[Any]) -> Iterator[set[tuple[str, str, str]]]:
    """Gather every transition that a table takes."""
    taken: set[tuple[str, str, str]] = set()
    fire = table.fire

    def watch(trigger: str, model: Stateful) -> None:
        source = model.state
        fire(trigger, model)
        taken.add((trigger, source, model.state))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "fire", watch)
        yield taken


def every(table: Table[Any]) -> set[tuple[str, str, str]]:
    """Every transition that a table has."""
    return {(row.trigger, source, row.dest) for row in table.rows for source in row.sources}


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 30), acts, st.sampled_from(POLICIES))
def test_no_walk_ends_in_a_dead_end(head: int, taken: list[Act], policy: Policy) -> None:
    play = Play(policy)
    walk(play, [("right", 0)] * head + taken)
    finish(play)


def withdraw_consents(play: Play) -> None:
    play.say("/privacy")
    play.press("%withdraw")
    play.press("%withdraw_now")


def confirm_in_every_state() -> None:
    """The insured confirms while nobody has the case, while its owner talks, and after it was handed back."""
    for agent_says in ((), ("/next",), ("/next", "交还")):
        play = steered("relation")
        at("submitted", play)
        for words in agent_says:
            play.say(words, LIN)
            if words == "/next":
                play.tap_nth(0, LIN)
        say_something(play, 1)
        assert next(iter(play.cases.values())).confirmed_at is not None


def restrict_what_was_worked_on() -> None:
    """A case that somebody worked on is restricted where it is: put back, handed back, or talked about."""
    for words, ownership in (("放回", UNASSIGNED), ("交还", BOT_SPEAKS), ("您好", AGENT_SPEAKS)):
        play = at("submitted")
        play.say("/next", LIN)
        play.tap_nth(0, LIN)
        play.say(words, LIN)
        withdraw_consents(play)
        (case,) = play.cases.values()
        assert case.ownership == ownership
        assert case.restricted_at is not None


def lose_every_record(play: Play) -> None:
    """Each file turns out to be empty."""
    for number in range(len(play.files)):
        play.inspect(number, "empty")


LEAVING: tuple[Callable[[Play], None], ...] = (
    lambda play: play.say("上一步"),
    lambda play: play.cancel(),
    lambda play: play.be_silent(days=31),
    withdraw_consents,
    lambda play: play.answer_right(),
    lambda play: play.say("我叫张桂兰，身份证110101195503129931，手机13900001234，保单P2026000001"),
    lose_every_record,
    lambda play: play.press("!decline") if play.session.state in {"consents", "guardian"} else None,
)


def change_everything(way: dict[str, str]) -> None:
    """Open each answer of the review card again, one at a time, and come back."""
    count = 1
    while count:
        play = Play()
        play.right |= way
        at("review", play)
        changes = [data for data in play.shown[PATIENT] if ":@" in data]
        play.tap(changes[count - 1])
        play.say("上一步")
        assert play.session.state == "review"
        count = count + 1 if count < len(changes) else 0


def lock_out(play: Play) -> Play:
    play.right["name"] = "李四"
    for _ in range(200):
        if play.session.state == "locked":
            return play
        play.answer_right()
    raise AssertionError(play.session.state)


def come_to_rest(state: str) -> Play:
    play = Play()
    if state == "declined":
        at("consents", play).press("!decline")
    elif state == "cancelled":
        at("name", play).cancel()
    elif state == "locked":
        lock_out(play)
    assert play.session.state == state
    return play


def leave_rest(state: str) -> None:
    """From rest: withdraw, be silent for long, begin anew."""
    play = come_to_rest(state)
    play.say("/privacy")
    play.press("%delete")
    play.press("%delete_now")
    come_to_rest(state).be_silent(days=31)
    play = come_to_rest(state)
    play.now += timedelta(days=1)
    play.say("/start")
    assert play.session.state in ASKING


def use_up_the_visit_meanwhile() -> None:
    """Without a use of the visit an admission without a notice goes to a human; with one freed meanwhile it goes on."""
    for freed, state in ((False, "submitted"), (True, "city")):
        play = Play(used(POLICY))
        play.right |= {"service": "住院"}
        at("branch", play)
        play.policy = POLICY if freed else play.policy
        play.answer_right()
        assert play.session.state == state


def leave_guardian_behind() -> None:
    play = steered("guardian")
    at("phone", play).say("上一步")
    assert play.session.state == "guardian"


def test_walks_visit_every_state_and_transition_of_both_tables() -> None:
    chance = random.Random(20261122)  # noqa: S311 - a walk, not a secret
    often = [*ACTS, *["right"] * 6, *["tap", "agent", "agent_tap"] * 3]
    with watched(INTAKE) as intake, watched(STAGES) as stages:
        for state in ASKING:
            for leave in LEAVING:
                leave(at(state))
        for way in WAYS[:4]:
            change_everything(way)
        for state in ("new", "declined", "cancelled", "locked"):
            leave_rest(state)
        use_up_the_visit_meanwhile()
        leave_guardian_behind()
        carry_every_way()
        confirm_in_every_state()
        restrict_what_was_worked_on()
        for _ in range(300):
            play = Play(chance.choice(POLICIES))
            head = [("right", 0)] * chance.randrange(30)
            walk(play, head + [(chance.choice(often), chance.randrange(61)) for _ in range(60)])
            finish(play)
    assert every(INTAKE) - intake == set()
    assert every(STAGES) - stages == set()
    assert {state for _, source, dest in intake for state in (source, dest)} == set(INTAKE.states)
    assert {state for _, source, dest in stages for state in (source, dest)} == set(STAGES.states)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts, st.sampled_from(POLICIES))
def test_a_session_saved_and_reloaded_between_every_two_events_ends_the_same(taken: list[Act], policy: Policy) -> None:
    kept, reloaded = Play(policy), Play(policy, reload=True)
    walk(kept, taken)
    walk(reloaded, taken)
    assert kept.sessions == reloaded.sessions
    assert kept.cases == reloaded.cases
    assert kept.messages == reloaded.messages


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts, st.sampled_from(sorted(INTAKE.triggers)))
def test_a_trigger_without_a_row_raises_and_changes_nothing(taken: list[Act], trigger: str) -> None:
    play = Play()
    walk(play, taken)
    if INTAKE.can_fire(trigger, play.session.state):
        return
    model = IntakeStep(play.session, now=play.now, ids=play.ids, reference=REFERENCE)
    with pytest.raises(IllegalEvent) as raised:
        INTAKE.fire(trigger, model)
    assert (raised.value.trigger, raised.value.state, model.state) == (trigger, play.session.state, play.session.state)


def test_the_bot_says_nothing_while_an_agent_has_the_conversation() -> None:
    play = Play()
    play.say("转人工")
    play.say("/next", LIN)
    play.tap_nth(0, LIN)
    before = [m for m in play.messages if m.chat == PATIENT]
    play.say("在吗")
    play.say("我想申请")
    play.photo(1)
    assert [m for m in play.messages if m.chat == PATIENT] == before
    assert [m.text.key for m in play.messages if m.chat == LIN][-3:] == ["desk.from_policyholder"] * 3


def test_uses_are_reserved_once_for_each_case() -> None:
    play = Play()
    play.say("/start")
    at("submitted", play)
    assert [use.year for use in play.uses] == [date(2026, 6, 1)]
    assert [use.case for use in play.uses] == list(play.cases)
