"""A row that shows a document is posted by the method for its kind; what only takes one away waits for no limit."""

import re

import msgspec
import pytest
import telegram

from bot.telegram.filling import METHODS, NO_DOCUMENT, filled
from bot.telegram.pacing import Limits
from bot.telegram.render import TelegramRenderer
from bot.telegram.translate import _PLAYED
from bot.texts import Texts
from flows.effects import CopyRemoval, DocumentCopy
from flows.ids import AgentId, DocumentId, RowId
from flows.messages import VERBATIM
from flows.ports.outbox import FileReference
from flows.ports.rendering import Payload
from tests.bot.test_sender import ANNA, World, row

RENDERER = TelegramRenderer(Texts.load())
SHOWN = DocumentCopy(id=RowId(1), agent=AgentId(7), document=DocumentId(5), caption=VERBATIM(text="资料 1"))
REMOVAL = Payload("deleteMessage", b'{"chat_id":1,"row":3}')


@pytest.mark.parametrize("kind", METHODS)
def test_a_document_is_sent_by_its_kind_and_protected(kind: str) -> None:
    shown = row(1, document=DocumentId(5), file=FileReference(kind, "an-id"))
    payload = filled(msgspec.structs.replace(shown, payload=RENDERER.render(SHOWN)), {})
    assert isinstance(payload, Payload)
    body = msgspec.json.decode(payload.body)
    assert body == {"chat_id": 7, "caption": "资料 1", "protect_content": True, kind: "an-id"}
    assert hasattr(telegram.Bot, re.sub("([A-Z])", r"_\1", payload.method).lower())


def test_there_is_a_method_for_every_kind_of_file_that_is_received() -> None:
    assert set(METHODS) == {"photo", "document", *_PLAYED}


def test_a_document_that_is_not_there_any_more_is_not_sent() -> None:
    assert filled(row(1, document=DocumentId(5)), {}) == NO_DOCUMENT


async def test_a_row_whose_document_is_gone_has_failed_and_stops_no_other() -> None:
    world = await World(row(1, document=DocumentId(5)), row(2)).flushed()
    assert world.sent() == [2]
    assert world.outbox.outcomes() == {1: "failed", 2: "sent"}


def test_a_copy_is_removed_from_the_agents_chat() -> None:
    payload = RENDERER.render(CopyRemoval(agent=AgentId(7), row=RowId(1)))
    assert (payload.method, msgspec.json.decode(payload.body)) == ("deleteMessage", {"chat_id": 7})


async def test_removals_wait_for_no_limit_but_keep_their_place() -> None:
    removals = (row(number, refers=RowId(1), payload=REMOVAL) for number in range(3, 9))
    world = await World(row(1), row(2), *removals, limits=Limits()).flushed()
    assert world.sent() == [1, 2, *[3] * 6]
    assert world.clock.seconds == 0
    assert {body["message_id"] for _, body, _ in world.calls[2:]} == {1001}
    assert all(body["chat_id"] == ANNA for _, body, _ in world.calls)
