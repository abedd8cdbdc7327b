"""An effect becomes the call of the Bot API that shows it, with the one keyboard that a message can have."""

from functools import partial
from typing import Any

import msgspec
import pytest

from bot.telegram.render import TelegramRenderer
from bot.texts import Texts
from flows.effects import Button, Message
from flows.ids import ChatId, MessageId, RowId
from flows.messages import VERBATIM, Text

RENDERER = TelegramRenderer(Texts.load())


def words(text: str) -> Text:
    return VERBATIM(text=text)


said = partial(Message, id=RowId(1), chat=ChatId(7), text=words("您好"))


def shown(message: Message) -> tuple[str, dict[str, Any]]:
    payload = RENDERER.render(message)
    body = msgspec.json.decode(payload.body)
    assert body.pop("chat_id") == 7
    assert body.pop("text") == "您好"
    return payload.method, body


def markup(message: Message) -> object:
    method, body = shown(message)
    assert method == "sendMessage"
    assert set(body) <= {"reply_markup"}
    return body.get("reply_markup")


YES = Button(label=words("是"), data="a:1")


def test_a_plain_message_has_no_keyboard() -> None:
    assert markup(said()) is None


def test_buttons_stand_under_the_message() -> None:
    assert markup(said(rows=((YES,),))) == {"inline_keyboard": [[{"text": "是", "callback_data": "a:1"}]]}


def test_a_keyboard_stays_until_it_is_taken_away() -> None:
    expected = {"keyboard": [[{"text": "甲"}, {"text": "乙"}]], "resize_keyboard": True}
    assert markup(said(keyboard=((words("甲"), words("乙")),))) == expected
    assert markup(said(keyboard_gone=True)) == {"remove_keyboard": True}


@pytest.mark.parametrize("rest", [(), ((words("手动输入"),),)])
def test_the_button_that_shares_the_own_number_comes_first(rest: tuple[tuple[Text, ...], ...]) -> None:
    expected = {
        "keyboard": [[{"text": "发送", "request_contact": True}], *([{"text": "手动输入"}] for _ in rest)],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    assert markup(said(contact=words("发送"), keyboard=rest)) == expected


def test_a_message_that_replaces_another_has_inline_buttons_or_none() -> None:
    place = MessageId(5)
    assert shown(said(replaces=place, contact=words("发送"), keyboard_gone=True)) == (
        "editMessageText",
        {"message_id": 5},
    )
    method, body = shown(said(replaces=place, rows=((YES,),)))
    assert method == "editMessageText"
    assert body["reply_markup"]["inline_keyboard"]
