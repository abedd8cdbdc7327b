"""The cases: one of each kind in each state of the desk table, then those with something particular about them."""

from datetime import date
from typing import Final

from flows.effects import UseConsumption
from flows.ids import UserId
from flows.ports import Changes
from flows.terms.policy import CONSUMED, Use
from tests.release_0910dde.cast import Cast, Terms, request
from tests.release_0910dde.house import Chat

THIS_YEAR: Final = date(2026, 6, 1)  # the policy year of every customer
EVERY: Final = ("queued", "talking", "owned", "closed")
STATES: Final[dict[str, tuple[str, ...]]] = {
    "help": ("queued", "talking", "closed"),  # never owned: it ends when the conversation is handed back
    "review": EVERY,
    "OP": EVERY,
    "IP-A": EVERY,
    "IP-B": ("queued", "owned"),
    "IP-undecided": ("queued", "talking"),
}
TALKERS: Final = {"help": "林敏", "review": "周洁", "OP": "陈浩", "IP-A": "吴倩", "IP-undecided": "郑凯"}


async def privacy(customer: Chat, action: str) -> None:
    """Open the privacy card, and carry out one of its actions."""
    await customer.say("/privacy")
    await customer.press(f"%{action}")
    await customer.press(f"%{action}_now")


async def forgotten(cast: Cast) -> None:
    """Two cases of weeks before, deleted by their customers: they are anonymous by now."""
    served = await request(cast, "anonymous_served", "OP")
    await cast.agents["吕静"].serve(served, "close")
    unserved = await request(cast, "anonymous_withdrawn", "IP-B")
    for customer in (served, unserved):
        await privacy(customer, "delete")


async def each_kind_in_each_state(cast: Cast) -> None:
    """Each kind in the states named in `STATES`, each state with several kinds."""
    for kind, states in STATES.items():
        for state in states:
            customer = await request(cast, f"{kind}_{state}", kind)
            if state == "talking":
                await cast.agents[TALKERS[kind]].serve(customer)
            elif state == "owned":
                await cast.agents["何平" if kind == "IP-B" else "吕静"].serve(customer, "hand_back")
            elif state == "closed":
                await cast.agents["吕静"].serve(customer, "hand_back" if kind == "help" else "close")
    await cast.house.database.directory.retire_agent(UserId(208))
    await talking_again(cast)
    await consumed(cast)


async def talking_again(cast: Cast) -> None:
    """The owner took the conversation a second time; the customer writes when it is the bot's again."""
    customer, agent = cast.scenes["OP_owned"], cast.agents["吕静"]
    case = await cast.house.newest_case(customer.id)
    for action in ("talk", "hand_back"):
        await agent.do(action, case)
    await customer.say("请问有消息了吗？")


async def consumed(cast: Cast) -> None:
    """The use of a closed case is consumed."""
    (case,) = (await cast.house.session(cast.scenes["OP_closed"].id)).past
    async with cast.house.database.begin() as unit:
        await unit.save(Changes(consumed=[UseConsumption(case=case, service="OP")]), cast.house.now)
        await unit.commit()


async def of_a_relative(cast: Cast) -> None:
    """The insured confirms it from a chat of their own."""
    await request(cast, "relative_confirmed", "OP", applicant="家人")
    await cast.stranger("relative_confirmed_by").say(f"确认{cast.house.ids.codes[-1]}")


async def restricted(cast: Cast) -> None:
    """Consents withdrawn or deletion asked for: before, during and after an agent's work."""
    agent = cast.agents["吕静"]
    await privacy(await request(cast, "deleted_while_queued", "IP-B"), "delete")
    for scene in ("restricted_owned", "restricted_closed"):
        customer = await request(cast, scene, "OP")
        case = await agent.serve(customer, "hand_back")
        await privacy(customer, "withdraw")
        if scene == "restricted_closed":
            await agent.do("close", case)
    closed = await request(cast, "deleted_after_close", "OP")
    await agent.serve(closed, "close")
    await privacy(closed, "delete")


async def particular(cast: Cast) -> None:
    """Waiting lines, two open cases, a released one, a child's, a past case and another one queued, a use spent."""
    agent = cast.agents["吕静"]
    waiting = await request(cast, "queued_with_lines", "OP")
    await waiting.say("我下周二上午不方便接电话。")
    await waiting.say("病理报告医院说周五出。")
    await waiting.photo(caption="这是新的检查单")
    await waiting.say("转人工")  # opens a second case
    released = await request(cast, "released", "IP-A")
    await agent.serve(released, "hand_back", "release")
    await released.say("换了新的客服吗？")
    await request(cast, "child_queued", "IP-B", Terms(child=True), applicant="家人")
    again = await request(cast, "past_and_queued", "OP")
    await agent.serve(again, "close")
    again.right.update({"service": "住院", "notice": "有", "notice_file": "photo"})
    await again.say("/start")
    await again.come_to("submitted")
    use = Use("OP", THIS_YEAR, CONSUMED)
    by_visit = await cast.customer("second_use_spent", Terms(uses=(use,)), service="住院", notice="没有")
    await by_visit.come_to("submitted")  # refused for IP-N10, and handed to a human at once
