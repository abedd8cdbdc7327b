"""An update becomes the event it is, with the keys that recognise it, or nothing at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot

from bot.telegram.translate import parse, translate
from flows.events import (
    Arrival,
    ButtonTapped,
    CommandReceived,
    ContactShared,
    FileReceived,
    GroupWritten,
    Happening,
    MessageEdited,
    OtherReceived,
    TextReceived,
)
from flows.ids import ChatId, MessageId

BOT = Bot("1:a")
NAME = "Channel_Bot"
AT = 1_700_000_000
THEN = datetime.fromtimestamp(AT, UTC)
PERSON = {"id": 7, "is_bot": False, "first_name": "x"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -5, "type": "supergroup", "title": "x"}
CHANNEL = {"id": -9, "type": "channel", "title": "x"}
FILE = {"file_id": "F", "file_unique_id": "U"}


def message(**content: object) -> dict[str, Any]:
    return {"message_id": 3, "date": AT, "chat": PRIVATE, "from": PERSON, **content}


def arrival(**content: object) -> Arrival | None:
    return translate(parse({"update_id": 9, **content}, BOT), NAME)


def event(**content: object) -> Happening | None:
    found = arrival(message=message(**content))
    return None if found is None else found.event


def tap(**content: object) -> dict[str, Any]:
    return {"id": "Q", "from": PERSON, "chat_instance": "c", "data": "a:1", "message": message(text="x"), **content}


HEAD: dict[str, Any] = {"chat": ChatId(7), "message": MessageId(3), "at": THEN}


def test_a_message_is_recognised_by_its_update_and_by_chat_and_message() -> None:
    assert arrival(message=message(text="您好")) == Arrival(("u:9", "m:7:3"), TextReceived(**HEAD, text="您好"))


def test_a_tap_is_recognised_by_its_update_and_by_its_query() -> None:
    expected = ButtonTapped(chat=ChatId(7), query="Q", message=MessageId(3), data="a:1")
    assert arrival(callback_query=tap()) == Arrival(("u:9", "t:Q"), expected)


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", "start", ""),
        ("/START", "start", ""),
        ("/start abc", "start", "abc"),
        ("/start@channel_bot abc", "start", "abc"),
        ("/claim  20240001 \n", "claim", "20240001"),
        ("/note\n第一行\n第二行", "note", "第一行\n第二行"),
    ],
)
def test_a_command_is_its_name_and_its_argument(text: str, name: str, argument: str) -> None:
    assert event(text=text) == CommandReceived(**HEAD, name=name, argument=argument)


@pytest.mark.parametrize("text", ["/", "/帮助", "/start@other_bot", "/2024-01-02", " 3/4", "//start", "/a.b"])
def test_what_only_looks_like_a_command_is_text(text: str) -> None:
    assert event(text=text) == TextReceived(**HEAD, text=text)


def test_a_photo_is_its_largest_size() -> None:
    sizes = [
        {"file_id": "L", "file_unique_id": "UL", "width": 1280, "height": 960, "file_size": 99},
        {"file_id": "S", "file_unique_id": "US", "width": 90, "height": 60, "file_size": 9},
    ]
    expected = FileReceived(
        **HEAD, file_id="L", unique_id="UL", kind="photo", size=99, mime="image/jpeg", caption="病理"
    )
    assert event(photo=sizes, caption="病理") == expected


def test_a_document_keeps_name_kind_and_size() -> None:
    document = {**FILE, "file_name": "报告.pdf", "mime_type": "application/pdf", "file_size": 5}
    expected = FileReceived(
        **HEAD, file_id="F", unique_id="U", kind="document", size=5, name="报告.pdf", mime="application/pdf"
    )
    assert event(document=document) == expected


def test_a_document_of_which_telegram_says_little_is_still_one() -> None:
    assert event(document=FILE) == FileReceived(**HEAD, file_id="F", unique_id="U", kind="document")


PLAYED = {"duration": 3, "mime_type": "a/b", "file_size": 8}
SEEN = {"width": 1, "height": 1}
NAMED = {"file_name": "录音.m4a"}


@pytest.mark.parametrize(
    ("kind", "media", "mime", "name"),
    [
        ("voice", PLAYED, "a/b", ""),
        ("audio", PLAYED | NAMED, "a/b", "录音.m4a"),
        ("video", PLAYED | SEEN | NAMED, "a/b", "录音.m4a"),
        ("video_note", {"duration": 3, "length": 1, "file_size": 8}, "", ""),
        ("animation", PLAYED | SEEN | NAMED, "a/b", "录音.m4a"),
    ],
)
def test_what_is_heard_or_seen_is_a_file_of_its_kind(kind: str, media: dict[str, Any], mime: str, name: str) -> None:
    expected = FileReceived(
        **HEAD, file_id="F", unique_id="U", kind=kind, size=8, name=name, mime=mime, caption="听一下"
    )
    assert event(**{kind: FILE | media}, caption="听一下") == expected


def test_an_animation_that_comes_as_a_document_too_is_an_animation() -> None:
    found = event(document=FILE, animation=FILE | PLAYED | SEEN)
    assert isinstance(found, FileReceived)
    assert found.kind == "animation"


def test_a_live_photo_is_its_photo() -> None:
    live = FILE | PLAYED | SEEN
    found = event(photo=[FILE | SEEN], live_photo=live)
    assert isinstance(found, FileReceived)
    assert found.kind == "photo"


@pytest.mark.parametrize(
    "content", [{"photo": [FILE | SEEN]}, {"document": FILE}, {"video": FILE | PLAYED | SEEN}, {"audio": FILE | PLAYED}]
)
def test_parts_of_an_album_have_it_in_common(content: dict[str, Any]) -> None:
    found = event(**content, media_group_id="G")
    assert isinstance(found, FileReceived)
    assert found.album == "G"


@pytest.mark.parametrize(("user", "own"), [({"user_id": 7}, True), ({"user_id": 8}, False), ({}, False)])
def test_a_contact_is_the_senders_own_only_where_telegram_says_so(user: dict[str, int], own: bool) -> None:  # noqa: FBT001
    contact = {"phone_number": "+8613800000000", "first_name": "x", **user}
    assert event(contact=contact) == ContactShared(**HEAD, phone="+8613800000000", own=own)


PLACE = {"latitude": 1.0, "longitude": 2.0}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("location", {"location": PLACE}),
        ("venue", {"location": PLACE, "venue": {"location": PLACE, "title": "x", "address": "y"}}),
        ("dice", {"dice": {"emoji": "x", "value": 1}}),
        (
            "sticker",
            {"sticker": {**FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "x"}},
        ),
        ("unknown", {"hologram": {"file_id": "F"}}),
    ],
)
def test_a_kind_that_nothing_reads_yet_is_named(kind: str, content: dict[str, Any]) -> None:
    assert event(**content) == OtherReceived(**HEAD, kind=kind)


def test_a_service_message_is_nothing() -> None:
    assert event(pinned_message=message(text="x")) is None
    assert event(message_auto_delete_timer_changed={"message_auto_delete_time": 5}) is None


def test_what_bots_say_is_nothing() -> None:
    robot = {**PERSON, "is_bot": True}
    assert event(text="x", **{"from": robot}) is None
    assert arrival(callback_query=tap(**{"from": robot})) is None


def test_a_command_in_a_group_addresses_the_bot() -> None:
    for text in ("/start", "/start@Channel_Bot"):
        found = arrival(message=message(chat=GROUP, text=text))
        assert found == Arrival(("u:9", "m:-5:3"), GroupWritten(chat=ChatId(-5)))


def test_anything_else_in_a_group_is_nothing() -> None:
    for content in ({"text": "您好"}, {"text": "/start@other_bot"}, {"document": FILE}):
        assert arrival(message=message(chat=GROUP, **content)) is None


def test_a_tap_in_a_group_is_nothing() -> None:
    assert arrival(callback_query=tap(message=message(chat=GROUP, text="x"))) is None


def test_a_tap_on_a_message_that_telegram_no_longer_shows_is_a_tap() -> None:
    found = arrival(callback_query=tap(message={"message_id": 3, "date": 0, "chat": PRIVATE}))
    assert found is not None
    assert found.event == ButtonTapped(chat=ChatId(7), query="Q", message=MessageId(3), data="a:1")


def test_a_tap_that_does_not_say_on_what_is_a_tap_in_the_chat_of_the_person() -> None:
    query = tap()
    del query["message"]
    found = arrival(callback_query=query)
    assert found is not None
    assert found.event == ButtonTapped(chat=ChatId(7), query="Q", message=MessageId(0), data="a:1")


def test_a_tap_without_data_is_an_old_button() -> None:
    query = tap(game_short_name="x")
    del query["data"]
    found = arrival(callback_query=query)
    assert found is not None
    assert isinstance(found.event, ButtonTapped)
    assert not found.event.data


EDITED = {"edit_date": AT + 5}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"text": "张桂兰"}, "张桂兰"),
        ({"text": "/start x"}, "/start x"),
        ({"photo": [FILE | SEEN], "caption": "病理"}, "病理"),
        ({"document": FILE, "caption": "病理"}, "病理"),
        ({"voice": FILE | PLAYED}, ""),
        ({"document": FILE}, ""),
    ],
)
def test_an_edit_says_what_the_message_says_now(content: dict[str, Any], text: str) -> None:
    expected = MessageEdited(chat=ChatId(7), message=MessageId(3), at=THEN + timedelta(seconds=5), text=text)
    assert arrival(edited_message=message(**content, **EDITED)) == Arrival(("u:9", f"e:7:3:{AT + 5}"), expected)


@pytest.mark.parametrize(
    "content",
    [
        {"location": PLACE, **EDITED},
        {"text": "x"},
        {"text": "x", "chat": GROUP, **EDITED},
        {"text": "/start", "chat": GROUP, **EDITED},
        {"text": "x", "from": {**PERSON, "is_bot": True}, **EDITED},
    ],
)
def test_an_edit_that_says_nothing_to_us_is_nothing(content: dict[str, Any]) -> None:
    assert arrival(edited_message=message(**content)) is None


@pytest.mark.parametrize(
    "content",
    [
        {"channel_post": message(chat=CHANNEL, text="/start")},
        {"message": message(chat=CHANNEL, text="/start")},
        {"message_reaction_count": {"chat": GROUP, "message_id": 3, "date": AT, "reactions": []}},
        {"something_new": {}},
        {},
    ],
)
def test_every_other_kind_of_update_is_nothing(content: dict[str, Any]) -> None:
    assert arrival(**content) is None


@given(st.text(min_size=1, max_size=60))
def test_whatever_is_typed_is_a_command_or_the_text_itself(text: str) -> None:
    found = event(text=text)
    assert isinstance(found, CommandReceived) or found == TextReceived(**HEAD, text=text)
