"""Everybody who plays: customers, each with a policy of their own, and agents; what the inventory says of them."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct, field

from flows.ids import UserId
from flows.session import Agent
from flows.terms.policy import IN_FORCE, Policy, Use
from tests.release_0910dde.house import Chat, House, Worker
from tests.release_0910dde.people import Person, person, policy

FIRST_CHAT: Final = 1001
AGENTS: Final = (
    (201, "林敏"),
    (202, "周洁"),
    (203, "陈浩"),
    (204, "吴倩"),
    (205, "郑凯"),
    (207, "吕静"),
    (208, "何平"),
)


class Terms(Struct, frozen=True):
    """What is particular about a customer's policy."""

    status: str = IN_FORCE
    limits: dict[str, int] | None = None
    uses: tuple[Use, ...] = ()
    child: bool = False


USUAL: Final = Terms()


class Cast(Struct):
    """The house, its agents, and every chat with the scene that it was made for."""

    house: House
    agents: dict[str, Worker] = field(default_factory=dict)
    scenes: dict[str, Chat] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def hire(self) -> None:
        """Add the agents."""
        for user, name in AGENTS:
            await self.house.database.directory.add_agent(Agent(UserId(user), name))
            self.agents[name] = Worker(self.house, user)

    async def customer(self, scene: str, terms: Terms = USUAL, **answers: str) -> Chat:
        """Return a new customer with a policy of their own. `answers` differ from the usual ones."""
        if scene in self.scenes:
            raise ValueError(scene)
        index = len(self.scenes) + 1
        who = person(index, child=terms.child)
        held = policy(who, status=terms.status, limits=terms.limits, uses=terms.uses)
        await self.house.database.directory.import_policies([held], self.house.ids)
        self.policies[scene] = held
        return self._seat(scene, who, answers)

    def stranger(self, scene: str, of: Sequence[Person] = (), **answers: str) -> Chat:
        """Return a new chat without a policy of its own; with `of`, it describes that person."""
        return self._seat(scene, of[0] if of else None, answers)

    def _seat(self, scene: str, who: Person | None, answers: dict[str, str]) -> Chat:
        chat = Chat(self.house, FIRST_CHAT + len(self.scenes), who, **answers)
        self.scenes[scene] = chat
        return chat

    def note(self, scene: str, **facts: Any) -> None:  # noqa: ANN401 - goes into the inventory as JSON
        """Add facts about a scene to the inventory."""
        self.notes.setdefault(scene, {}).update(facts)


ADMISSION: Final = {"service": "住院"}
KINDS: Final[dict[str, dict[str, str]]] = {
    "OP": {},
    "IP-A": {**ADMISSION, "notice": "有", "notice_file": "photo"},
    "IP-B": {**ADMISSION, "notice": "没有"},
    "IP-undecided": {**ADMISSION, "notice": "=unknown"},
}
"""What is answered for a request of each kind."""


async def request(cast: Cast, scene: str, kind: str, terms: Terms = USUAL, **answers: str) -> Chat:
    """Let a new customer open a case of a kind: those of `KINDS`, `help`, `review`."""
    if kind == "review":
        return await appealed(await cast.customer(scene, Terms(status="ended"), **answers))
    customer = await cast.customer(scene, terms, **{**KINDS.get(kind, {}), **answers})
    if kind == "help":
        await customer.come_to("phone")
        await customer.say("转人工")
        return customer
    return await customer.come_to("submitted")


async def appealed(customer: Chat) -> Chat:
    """Let a customer be refused, and ask for a human's look at it."""
    await customer.come_to("refused")
    await customer.press("!appeal")
    return customer
