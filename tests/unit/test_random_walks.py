"""Whatever people do, in whatever order: no dead end, no exception, nothing lost, nothing remembered outside."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.desk.machine import DESK
from flows.errors import IllegalEvent
from flows.ids import ChatId
from flows.intake.machine import ASKING, INTAKE, RESTING
from flows.machine import Stateful, Table
from flows.terms.policy import ENDED, SUSPENDED, Policy
from tests.unit.play import AGENTS, PATIENT, Play
from tests.world import POLICY, used

LIN, ZHOU = (ChatId(agent.user) for agent in AGENTS)

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


WORDS = (
    "/start", "/help", "/status", "/cancel", "/privacy", "/nonsense", "转人工", "上一步", "取消", "重复", "进度",
    "帮助", "你好", "张三", "110101198503129919", "P2026000099", "肺癌", "胸口疼得喘不上气", "不想活了",
    "😀" * 50, "\u202e\x00<b>{name}",
)  # fmt: skip
AGENT_WORDS = ("/next", "交还", "放回", "结束", "您好，我来帮您", "/start", "/hand_back", "/release", "/close")
ACTS: dict[str, Callable[[Play, int], None]] = {
    "right": lambda play, _: play.answer_right(),
    "tap": lambda play, n: play.tap_nth(n),
    "old": lambda play, n: play.tap_old(n),
    "photo": Play.photo,
    "law": lambda play, _: play.change_consents(),
    "sticker": lambda play, _: play.sticker(),
    "lose": Play.lose_file,
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
    for case in list(play.cases.values()):
        play.cases[case.id] = replace(case, state="closed", version=case.version + 1)
    play.say("/cancel")
    play.say("/start")
    if play.session.state == "submitted":
        play.press("!renew")
    for _ in range(40):
        if play.session.state == "submitted":
            return
        play.answer_right()
    raise AssertionError(play.session.state)


@contextmanager
def watched(table: Table) -> Iterator[set[tuple[str, str, str]]]:
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


def every(table: Table) -> set[tuple[str, str, str]]:
    """Every transition that a table has."""
    return {
        (row["trigger"], source, str(row["dest"]))
        for row in table.rows
        for source in ([row["source"]] if isinstance(row["source"], str) else row["source"])
    }


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 16), acts, st.sampled_from(POLICIES))
def test_no_walk_ends_in_a_dead_end(head: int, taken: list[Act], policy: Policy) -> None:
    play = Play(policy)
    walk(play, [("right", 0)] * head + taken)
    finish(play)


def test_walks_visit_every_state_and_transition_of_both_tables() -> None:
    chance = random.Random(20261122)  # noqa: S311 - a walk, not a secret
    often = [*ACTS, *["right"] * 6, *["tap", "agent", "agent_tap"] * 3]
    with watched(INTAKE) as intake, watched(DESK) as desk:
        for _ in range(500):
            play = Play(chance.choice(POLICIES))
            head = [("right", 0)] * chance.randrange(16)
            walk(play, head + [(chance.choice(often), chance.randrange(61)) for _ in range(40)])
            finish(play)
    assert every(INTAKE) - intake == set()
    assert every(DESK) - desk == set()
    assert {state for _, source, dest in intake for state in (source, dest)} == set(INTAKE.states)
    assert {state for _, source, dest in desk for state in (source, dest)} == set(DESK.states)


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
@given(acts, st.sampled_from(sorted({row["trigger"] for row in INTAKE.rows})))
def test_a_trigger_without_a_row_raises_and_changes_nothing(taken: list[Act], trigger: str) -> None:
    play = Play()
    walk(play, taken)
    if trigger in INTAKE.triggers(play.session.state):
        return
    model = Model(play.session.state)
    with pytest.raises(IllegalEvent) as raised:
        INTAKE.fire(trigger, model)
    assert (raised.value.trigger, raised.value.state, model.state) == (trigger, model.state, play.session.state)


class Model:
    def __init__(self, state: str) -> None:
        self.state = state


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
    for _ in range(20):
        play.answer_right()
    assert [use.year for use in play.uses] == [date(2026, 6, 1)]
    assert [use.case for use in play.uses] == list(play.cases)
