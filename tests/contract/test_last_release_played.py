"""The database of the last release (commit 0910dde), migrated: every draft and every case goes on to its end."""

from datetime import timedelta
from typing import Final

from flows.ids import AgentId
from flows.session import Agent
from tests.contract.last_release import FOUND, Chat, Found, Replay

REFUSED: Final = {  # what ends with a human: the record or the policy is not good enough, or the use is spent
    "anonymous_served",
    "restricted_owned",
    "restricted_closed",
    "deleted_after_close",
    "locked",
    "asking_better_record",
    "resting_refused",
    "resting_refused_spent",
}
FREE: Final = 207  # the agent who takes what nobody owns
RETIRED: Final = 208
OTHER: Final = 209  # an agent who is new


# ---- drafts ----


async def test_every_draft_is_played_on_until_it_is_submitted(replay: Replay) -> None:
    drafts = [found for found in FOUND["chats"] if found["person"] and found["state"] != "submitted"]
    await _return_to_bot(replay, drafts)
    refused = {found["scene"] for found in drafts if await _submit(replay, found)}
    assert len(drafts) > 60
    assert refused == REFUSED


async def _return_to_bot(replay: Replay, drafts: list[Found]) -> None:
    """Have the agents who talk with somebody in a draft give the conversation back; the question is asked again."""
    chats = {found["chat"] for found in drafts}
    talking = [found for found in FOUND["cases"] if found["state"] == "talking" and found["chat"] in chats]
    for found in talking:
        await Chat(replay, found["owner"]).say("/hand_back")
    assert len(talking) > 0


async def _submit(replay: Replay, found: Found) -> bool:
    """Play a chat on, from the buttons of the last release; return True if it is refused and goes to a human."""
    chat, before = replay.seat(found), len((await replay.session(found["chat"])).cases)
    if found["state"] == "locked":
        await chat.say("/start")
    refused = await chat.come_to("submitted", "refused") == "refused"
    if refused:
        await chat.press("!appeal")
        assert await chat.state() == "submitted"
    session = await replay.session(found["chat"])
    case = await replay.case(session.cases[-1])
    assert len(session.cases) > before
    assert case.request_type == ("appeal" if refused else "application")
    assert chat.told[-1]
    return refused


async def test_an_insured_confirms_a_relatives_request_with_the_code_they_were_given(replay: Replay) -> None:
    (found,) = [found for found in FOUND["chats"] if "confirmation_code" in found]
    await Chat(replay, 9001).say(f"确认{found['confirmation_code']}")
    assert (await replay.case(found["cases"][0])).confirmed_at is not None


# ---- cases ----


async def test_every_case_is_closed_by_buttons_of_the_last_release(replay: Replay) -> None:
    await _hire(replay)
    opened = [found for found in FOUND["cases"] if found["state"] != "closed"]
    for found in sorted(opened, key=lambda found: found["state"] != "talking"):
        await _work_off(replay, found)
    assert {found["state"] for found in opened} == {"queued", "talking", "owned"}
    assert len(opened) > 15
    cases = await replay.cases([found["id"] for found in FOUND["cases"]])
    assert {case.stage for case in cases.values()} == {"closed"}


async def _hire(replay: Replay) -> None:
    """The retired agent comes back, and a new one begins."""
    for found in FOUND["agents"]:
        if found["user"] == RETIRED:
            await replay.database.directory.add_agent(Agent(AgentId(RETIRED), found["name"]))
    await replay.database.directory.add_agent(Agent(AgentId(OTHER), "new"))


async def _work_off(replay: Replay, found: Found) -> None:
    """Claim, take over, talk, return, release, claim again, close."""
    owner = Chat(replay, found["owner"] or FREE)
    if found["state"] != "talking":
        await owner.tap(f"desk:{'claim' if found['state'] == 'queued' else 'talk'}:{found['id']}")
    await _talk(replay, owner, found)
    await _expect(replay, found, "verifying", "agent_speaks", owner.id)
    await owner.tap(f"desk:hand_back:{found['id']}")
    if found["kind"] == "help":
        await _expect(replay, found, "closed", "bot_speaks", owner.id)
        return
    await _expect(replay, found, "verifying", "bot_speaks", owner.id)
    await owner.tap(f"desk:talk:{found['id']}")
    await _expect(replay, found, "verifying", "agent_speaks", owner.id)
    await owner.tap(f"desk:release:{found['id']}")
    await _expect(replay, found, "verifying", "unassigned", None)
    await _close(replay, found)


async def _close(replay: Replay, found: Found) -> None:
    other = Chat(replay, OTHER)
    await other.tap(f"desk:claim:{found['id']}")
    await other.tap(f"desk:hand_back:{found['id']}")
    await other.tap(f"desk:close:{found['id']}")
    if found["kind"] in {"OP", "IP"}:
        await other.say("办结\n结果：客户取消\n原因：客户说不需要了")
    await other.tap(f"desk:confirm:{found['id']}")
    await _expect(replay, found, "closed", "bot_speaks", OTHER)
    session = await replay.session(found["chat"])
    assert found["id"] not in session.cases
    assert found["id"] in session.closed_cases


async def _talk(replay: Replay, owner: Chat, found: Found) -> None:
    """What the owner types reaches the policyholder, and the other way round."""
    customer = Chat(replay, found["chat"])
    await owner.say(f"A{found['id']}")
    assert f"A{found['id']}" in customer.told[-1]
    await customer.say(f"C{found['id']}")
    assert f"C{found['id']}" in owner.told[-1]


async def _expect(replay: Replay, found: Found, stage: str, ownership: str, owner: int | None) -> None:
    case = await replay.case(found["id"])
    assert (case.stage, case.ownership, case.owner) == (stage, ownership, owner), found["scene"]


async def test_cases_whose_time_is_up_are_made_anonymous(replay: Replay) -> None:
    due = [found for found in FOUND["cases"] if found["forget_at"]]
    purged = await replay.database.purge(replay.now + timedelta(days=40), keep_sent=timedelta(days=7))
    assert purged.cases == len(due) > 0
    for found in due:
        assert (await replay.case(found["id"])).chat == 0
