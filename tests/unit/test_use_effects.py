"""What becomes of a use is seen at once by whoever comes later in the batch, and written when it ends."""

from datetime import date, datetime

import pytest

from bot.telegram.render import TelegramRenderer
from flows.effects import Effect, PolicyAsk, PolicyKnown, UseConsumption, UseRelease, UseReservation, UseSettlement
from flows.engine.batch import Batch
from flows.engine.engine import Engine
from flows.engine.locks import Locks
from flows.events import Event, TextReceived
from flows.ids import CaseId, ChatId, Ids, MessageId
from flows.session import Session
from flows.terms.policy import CONSUMED, RELEASED, RESERVED, Use
from tests.fakes import Counter, FakeStore
from tests.world import MONDAY, POLICY, REFERENCE, TEXTS

MINE, OTHERS, YEAR = CaseId(7), CaseId(8), date(2026, 6, 1)


class Settling(Engine):
    """Everybody looks at the policy; the first to see it reserves one use more and settles what the case has."""

    def __init__(self, *settled: UseSettlement) -> None:
        super().__init__(REFERENCE)
        self.settled = settled
        self.seen: list[tuple[Use, ...]] = []

    def step(self, session: Session, event: Event, now: datetime, ids: Ids) -> tuple[Session, list[Effect]]:
        del now, ids
        if not isinstance(event, PolicyKnown):
            return session, [PolicyAsk(because=event, number=POLICY.number)]
        assert event.policy is not None
        self.seen.append(event.policy.uses)
        if len(self.seen) > 1:
            return session, []
        more = UseReservation(policy=POLICY.id, service="IP", year=YEAR, case=MINE)
        return session, [more, *self.settled]


@pytest.mark.parametrize(
    ("settled", "states"),
    [
        (
            (UseConsumption(case=MINE, service="OP"), UseRelease(case=MINE, service="IP")),
            [CONSUMED, RESERVED, RELEASED],
        ),
        ((UseRelease(case=MINE, service="OP"),), [RELEASED, RESERVED, RESERVED]),
        (
            (UseRelease(case=MINE, service="OP"), UseConsumption(case=MINE, service="OP")),
            [RELEASED, RESERVED, RESERVED],
        ),
        ((UseConsumption(case=CaseId(99), service="OP"),), [RESERVED, RESERVED, RESERVED]),
    ],
)
async def test_a_later_chat_sees_what_an_earlier_one_settled(
    settled: tuple[UseSettlement, ...], states: list[str]
) -> None:
    store, engine = FakeStore(), Settling(*settled)
    store.add_policy(POLICY)
    for row, case in ((1001, MINE), (1002, OTHERS)):
        store.state.uses[row] = POLICY.id, Use("OP", YEAR, RESERVED, case)
    async with store.begin() as unit:
        batch = Batch(unit, engine, TelegramRenderer(TEXTS), ids=Counter(), now=MONDAY)
        await batch.run(
            [TextReceived(chat=ChatId(n), message=MessageId(1), at=MONDAY, text="x") for n in (1, 2)], Locks()
        )
        changes = batch.changes()
    assert [use.state for use in engine.seen[0]] == [RESERVED, RESERVED]
    assert [use.state for use in engine.seen[1]] == states
    written = [effect for kind in (UseConsumption, UseRelease) for _, effect in changes.of(kind)]
    assert written == sorted(settled, key=lambda e: isinstance(e, UseRelease))
