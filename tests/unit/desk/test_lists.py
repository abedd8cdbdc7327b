"""/mine, /case, /queue and 帮助: what an agent can look up, and what of it is nobody else's business."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from flows.cases.case import AGENT, BOT, Case
from flows.desk.buttons import BUTTONS
from flows.desk.help import IN_WORDS
from flows.desk.lists import LOOK_UPS
from flows.effects import Message
from flows.ids import AgentId, CaseId, ChatId
from tests.unit.play import AGENT_ONE, AGENTS, PATIENT, Play
from tests.world import MONDAY, TEXTS, World

LIN, ZHOU = (agent.id for agent in AGENTS)
NAME = "张桂兰"


def make(number: int, owner: AgentId | None = LIN, *, speaker: str = BOT, stage: str = "") -> Case:
    """A case; the higher the number, the sooner it is due."""
    return Case(
        id=CaseId(number),
        number=f"261123-{number:06}",
        request_type="application",
        service="OP",
        chat=ChatId(1000 + number),
        created_at=MONDAY,
        due_at=MONDAY + timedelta(hours=100 - number),
        stage=stage or ("received" if owner is None else "verifying"),
        owner=owner,
        owner_name="" if owner is None else dict(zip((LIN, ZHOU), ("林敏", "周洁"), strict=True))[owner],
        speaker=speaker,
        answers={"name": NAME, "phone": "13900001234"},
    )


def with_cases(*cases: Case) -> Play:
    play = Play()
    play.cases.update({case.id: case for case in cases})
    return play


def last(play: Play, text: str = "") -> Message:
    """What the agent is shown last, after typing something."""
    if text:
        play.say(text, AGENT_ONE)
    return [message for message in play.messages if message.chat == AGENT_ONE][-1]


def numbers(shown: Message) -> list[str]:
    return [line.split()[0] for line in TEXTS(shown.text).splitlines()[1:]]


@pytest.mark.parametrize("typed", ["/mine", "我的案件", "我的案件。"])
def test_mine_are_the_agent_s_open_cases_by_due_time_each_with_a_button(typed: str) -> None:
    others = (make(3, ZHOU), make(4, None), make(5, LIN, stage="closed"))
    shown = last(with_cases(make(1), make(2), *others), typed)
    assert TEXTS(shown.text).startswith("您手上 2 件：")
    assert numbers(shown) == ["261123-000002", "261123-000001"]
    assert "特需、专家门诊｜核实中｜最晚 11月27日" in TEXTS(shown.text)
    assert [TEXTS(row[0].label) for row in shown.rows] == ["打开 261123-000002", "打开 261123-000001"]


def test_without_cases_mine_says_how_to_get_one() -> None:
    assert last(with_cases(make(1, ZHOU)), "/mine").text.key == "desk.none_owned"


def test_a_case_that_was_just_released_is_no_longer_among_mine() -> None:
    play = with_cases(make(1), make(2))
    play.tap("desk:release:1", AGENT_ONE)
    assert numbers(last(play, "/mine")) == ["261123-000002"]


def test_the_button_and_the_number_and_its_end_open_a_case() -> None:
    for typed in ("/case 261123-000002", "/case 02", "打开 2", "打开261123-000002", "打开案件 000002"):
        play = with_cases(make(1), make(2))
        assert last(play, typed).text.key == "desk.done_take_over", typed
        assert play.sessions[AGENT_ONE].active_case == 2
        assert play.cases[CaseId(2)].agent_speaks
    play = with_cases(make(1), make(2))
    play.say("/mine", AGENT_ONE)
    play.tap_nth(1, AGENT_ONE)
    assert play.sessions[AGENT_ONE].active_case == 1


def test_one_conversation_at_a_time() -> None:
    play = with_cases(make(1), make(2))
    play.say("/case 1", AGENT_ONE)
    assert last(play, "/case 2").text.key == "desk.busy_with"
    assert not play.cases[CaseId(2)].agent_speaks
    assert last(play, "/case 1").text.key == "desk.done_take_over"
    play.say("交还", AGENT_ONE)
    assert last(play, "/case 2").text.key == "desk.done_take_over"


def test_a_conversation_that_the_agent_has_elsewhere_is_opened_as_it_is() -> None:
    play = with_cases(make(1, speaker=AGENT))
    assert last(play, "/case 1").text.key == "desk.done_take_over"
    assert play.cases[CaseId(1)].version == 0
    play.say("您好", AGENT_ONE)
    assert [TEXTS(m.text) for m in play.messages if m.chat == ChatId(1001)] == ["客服林敏：您好"]


@pytest.mark.parametrize("typed", ["/case 000003", "/case 4", "/case 999999", "打开 3"])
def test_a_case_that_is_not_the_agent_s_is_not_opened_and_nothing_is_told_of_it(typed: str) -> None:
    play = with_cases(make(1), make(3, ZHOU), make(4, None))
    shown = last(play, typed)
    assert shown.text.key == "desk.not_owned"
    assert play.cases[CaseId(3)].owner == ZHOU
    assert play.sessions[AGENT_ONE].active_case is None


def test_an_end_that_several_numbers_have_lists_them_and_no_number_lists_all() -> None:
    play = with_cases(make(12), make(2), make(3))
    assert numbers(last(play, "/case 2")) == ["261123-000012", "261123-000002"]
    assert last(play).text.key == "desk.several_end_so"
    assert last(play, "/case").text.key == "desk.own"
    assert last(play, "打开").text.key == "desk.own"


@pytest.mark.parametrize("typed", ["/queue", "队列"])
def test_the_queue_shows_how_many_wait_and_the_first_five_and_nothing_personal(typed: str) -> None:
    shown = last(with_cases(*(make(n, None) for n in range(1, 8)), make(9)), typed)
    text = TEXTS(shown.text)
    assert text.startswith("队列里等候 7 件")
    assert numbers(shown) == [f"261123-00000{n}" for n in (7, 6, 5, 4, 3)]
    assert NAME[0] not in text
    assert "1390" not in text
    assert [TEXTS(each.label) for row in shown.rows for each in row] == ["下一件"]
    assert last(with_cases(), typed).text.key == "desk.queue_empty"


def test_a_list_of_many_fits_into_a_message() -> None:
    shown = last(with_cases(*(make(n) for n in range(1, 91))), "/mine")
    assert "您手上 90 件" in TEXTS(shown.text)
    assert len(TEXTS(shown.text)) < 4096
    assert len(shown.rows) == 30


def test_help_names_every_command_of_the_registry_and_of_the_chat() -> None:
    text = TEXTS(last(with_cases(), "帮助").text)
    assert len(BUTTONS) >= 5
    assert [name for name, label in BUTTONS.items() if TEXTS(label()) not in text] == []
    assert [name for name in (*IN_WORDS, *LOOK_UPS) if f"/{name}" not in text] == []
    assert "//" in text
    assert "/claim" not in text


@pytest.mark.parametrize("typed", ["/next", "/mine", "/queue", "/case 1", "/case", "/release", "/note", "/close"])
def test_an_agent_s_command_of_a_stranger_is_like_any_unknown_command(typed: str) -> None:
    cases = (make(1), make(2, None))
    play, other = with_cases(*cases), with_cases(*cases)
    play.say(typed)
    other.say("/nonsense")
    told = [[m.text for m in each.messages if m.chat == PATIENT] for each in (play, other)]
    assert told[0] == told[1]
    assert [text.key for text in told[0]] == ["help"]
    assert list(play.cases.values()) == list(cases)
    assert not any("261123" in TEXTS(text) for text in told[0])


@pytest.mark.parametrize("typed", ["我的案件", "队列", "打开 1", "下一件", "交还", "//记一下"])
def test_an_agent_s_words_of_a_stranger_are_just_words(typed: str) -> None:
    play = with_cases(make(1), make(2, None))
    play.say(typed)
    assert not any("261123" in TEXTS(m.text) for m in play.messages)
    assert play.cases[CaseId(2)] == replace(make(2, None))
    for data in ("desk:claim:2", "desk:next:0", "desk:take_over:1", "desk:send_held:1"):
        play.tap(data)
    assert not any("261123" in TEXTS(m.text) for m in play.messages)
    assert play.cases[CaseId(2)].owner is None


async def test_a_list_shows_what_the_same_batch_did() -> None:
    world = World()
    chats, agent = [world.chat(100 + n) for n in range(3)], world.agent(7, "林敏")
    for chat in chats:
        await chat.say("转人工")
    first, second, third = sorted(case.number for case in world.store.state.cases.values())
    await agent.say("/next")
    claim = agent.tapped("领取")
    await world.handle(claim, agent.said("/mine"), agent.said("/queue"))
    mine, queue = [payload["text"] for payload in world.sent(agent.id) if "件" in payload.get("text", "")][-2:]
    assert mine.startswith("您手上 1 件")
    assert first in mine
    assert "等候 2 件" in queue
    assert first not in queue
    assert (second in queue, third in queue) == (True, True)
    await world.handle(agent.said("放回"), agent.said("/mine"))
    assert "您手上没有案件" in agent.read()
