"""What people do beside writing and tapping reaches the bot in the shapes that the Bot API documents."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
import telegram
from telegram.error import BadRequest

from bot.sandbox import Player
from bot.sandbox.files import Attachment
from bot.sandbox.player import PlayerError
from tests.bot.sandbox_world import LI, ZHANG, World, open_world
from tests.bot.test_sandbox_files import png

DAY = 86_400
BIG = 21 * 1024 * 1024
KEYS = telegram.ReplyKeyboardMarkup(
    [[telegram.KeyboardButton("发送手机号", request_contact=True), "手动输入"]], one_time_keyboard=True
)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def received(world: World) -> telegram.Message:
    update = (await world.bot.get_updates())[-1]
    assert update.message is not None
    return update.message


async def test_an_album_is_a_message_for_each_picture_with_the_caption_on_the_first(world: World) -> None:
    sent = await world.zhang.send_album([png(100, 200), png(300, 400), png(500, 600)], caption="病历三页")
    messages = [update.message for update in await world.bot.get_updates() if update.message]
    assert [message.photo[-1].width for message in messages] == [100, 300, 500]
    assert [message.message_id for message in messages] == [each["message_id"] for each in sent["messages"]]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["病历三页", None, None]


async def test_each_album_has_its_own_group_and_ten_go_into_one(world: World) -> None:
    await world.zhang.send_album([png(1, 1)] * 11)
    await world.zhang.send_album([png(1, 1)] * 2)
    groups = [update["message"].get("media_group_id") for update in await world.fetch()]
    assert groups[:10] == [groups[0]] * 10
    assert groups[10] is None, "one that is left over goes by itself"
    assert groups[11] == groups[12] != groups[0]


async def test_an_album_with_something_that_is_no_picture_is_not_sent_at_all(world: World) -> None:
    with pytest.raises(PlayerError, match="not_a_picture"):
        await world.zhang.send_album([png(1, 1), b"%PDF-1.7"])
    with pytest.raises(PlayerError, match="no_file"):
        await world.zhang.send_album([])
    assert await world.fetch() == []


async def test_voice_messages_go_into_no_album(world: World) -> None:
    voice, photo = Attachment(kind="voice", content=b"OggS"), Attachment(kind="photo", content=png(1, 1))
    with pytest.raises(Exception, match="mixed_album"):
        world.stand_in.send_album(ZHANG, [voice, photo])


async def test_a_contact_key_shares_the_persons_own_contact(world: World) -> None:
    context = await world.bot.send_message(ZHANG, "手机号？", reply_markup=KEYS)
    await world.zhang.tap("发送手机号")
    message = await received(world)
    contact = message.contact
    assert contact is not None
    assert (contact.phone_number, contact.first_name, contact.user_id) == ("8613800001234", "张伟", ZHANG)
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == context.message_id


async def test_without_a_key_that_asks_nobody_shares_by_key(world: World) -> None:
    async with world.http.post(f"{world.url}/api/people/{ZHANG}/contact", json={"by_key": True}) as response:
        assert await response.json() == {"error": "no_such_button"}


async def test_a_one_time_keyboard_comes_as_it_was_sent_and_goes_when_it_is_removed(world: World) -> None:
    await world.bot.send_message(ZHANG, "手机号？", reply_markup=KEYS)
    keyboard = await world.zhang.keyboard()
    assert keyboard is not None
    assert keyboard["one_time_keyboard"] is True
    assert keyboard["keyboard"][0][0]["request_contact"] is True
    await world.bot.send_message(ZHANG, "收到", reply_markup=telegram.ReplyKeyboardRemove())
    assert await world.zhang.keyboard() is None


async def test_ones_own_contact_can_be_shared_from_the_menu(world: World) -> None:
    await world.zhang.send_contact()
    message = await received(world)
    assert message.contact is not None
    assert message.contact.user_id == ZHANG
    assert message.reply_to_message is None


@pytest.mark.parametrize("user_id", [None, LI])
async def test_a_card_of_the_address_book_carries_only_an_account_that_is_known(
    world: World, user_id: int | None
) -> None:
    await world.zhang.send_contact("13700001234", "李建国", user_id=user_id)
    contact = (await received(world)).contact
    assert contact is not None
    assert (contact.phone_number, contact.first_name, contact.user_id) == ("13700001234", "李建国", user_id)


async def test_who_has_no_number_shares_none(world: World) -> None:
    async with Player(world.url, LI) as li:
        with pytest.raises(PlayerError, match="no_phone"):
            await li.send_contact()


async def test_a_voice_message_has_a_duration_and_is_downloaded_like_any_file(world: World) -> None:
    await world.zhang.send_voice(b"OggS sound", seconds=7)
    voice = (await received(world)).voice
    assert voice is not None
    assert (voice.to_dict()["duration"], voice.mime_type, voice.file_size) == (7, "audio/ogg", 10)
    file = await world.bot.get_file(voice)
    assert file.file_path is not None
    assert file.file_path.endswith(".oga")
    assert bytes(await file.download_as_bytearray()) == b"OggS sound"
    sent = await world.bot.send_voice(LI, voice.file_id)
    assert sent.voice is not None
    assert sent.voice.file_unique_id == voice.file_unique_id


async def test_a_video_has_a_duration_and_a_size(world: World) -> None:
    await world.zhang.send_video(seconds=12, caption="走路")
    message = await received(world)
    assert message.video is not None
    assert (message.video.to_dict()["duration"], message.video.mime_type) == (12, "video/mp4")
    assert message.video.width > 0
    assert message.caption == "走路"
    assert (await world.bot.send_video(LI, message.video.file_id)).video is not None


async def test_a_forwarded_text_says_who_wrote_it_unless_they_hide(world: World) -> None:
    await world.zhang.forward("明天 9 点到", name="赵医生")
    hidden = await received(world)
    assert hidden.text == "明天 9 点到"
    assert isinstance(hidden.forward_origin, telegram.MessageOriginHiddenUser)
    assert hidden.forward_origin.sender_user_name == "赵医生"
    await world.zhang.forward("好", name="李娜", user_id=LI)
    shown = (await received(world)).forward_origin
    assert isinstance(shown, telegram.MessageOriginUser)
    assert shown.sender_user.id == LI


async def test_a_forwarded_message_keeps_its_content_and_its_first_author(world: World) -> None:
    sent = await world.zhang.send_album([png(10, 20), png(30, 40)], caption="病历")
    first = await world.zhang.forward_message(sent["messages"][0]["message_id"])
    world.clock.now += 60
    await world.zhang.forward_message(first["message"]["message_id"])
    message = await received(world)
    assert message.photo[-1].width == 10
    assert message.caption == "病历"
    assert message.media_group_id is None
    assert isinstance(message.forward_origin, telegram.MessageOriginUser)
    assert message.forward_origin.sender_user.id == ZHANG
    assert message.forward_origin.date.timestamp() == world.clock.now - 60


async def test_an_edited_text_comes_under_its_message_id(world: World) -> None:
    said = await world.zhang.say("张为")
    world.clock.now += 5
    await world.zhang.edit(said["message"]["message_id"], "/start 张伟")
    written, changed = await world.bot.get_updates()
    assert written.message is not None
    assert written.message.text == "张为"
    assert changed.message is None
    edited = changed.edited_message
    assert edited is not None
    assert (edited.message_id, edited.text) == (said["message"]["message_id"], "/start 张伟")
    assert edited.edit_date is not None
    assert edited.edit_date.timestamp() == world.clock.now
    assert edited.entities[0].type == "bot_command"
    assert [message["text"] for message in await world.zhang.messages()] == ["/start 张伟"]


async def test_a_caption_is_edited_too(world: World) -> None:
    sent = await world.zhang.send_photo(png(10, 20), caption="病例")
    await world.zhang.edit(sent["message"]["message_id"], "病历")
    edited = (await world.bot.get_updates())[-1].edited_message
    assert edited is not None
    assert edited.caption == "病历"
    assert edited.photo[-1].width == 10


async def test_an_edit_that_changes_nothing_is_none(world: World) -> None:
    said = await world.zhang.say("张伟")
    await world.zhang.edit(said["message"]["message_id"], "张伟")
    assert len(await world.fetch()) == 1


async def test_only_ones_own_words_of_the_last_two_days_can_be_edited(world: World) -> None:
    context = await world.bot.send_message(ZHANG, "您叫什么名字？")
    said = await world.zhang.say("张伟")
    forwarded = await world.zhang.forward_message(said["message"]["message_id"])
    card = await world.zhang.send_contact()
    for message_id in (context.message_id, forwarded["message"]["message_id"], card["message"]["message_id"]):
        with pytest.raises(PlayerError, match="not_editable"):
            await world.zhang.edit(message_id, "李娜")
    world.clock.now += 2 * DAY + 1
    with pytest.raises(PlayerError, match="not_editable"):
        await world.zhang.edit(said["message"]["message_id"], "李娜")


@pytest.mark.parametrize(("text", "refusal"), [(" ", "empty_text"), ("长" * 4097, "text_too_long")])
async def test_an_edit_is_a_text_of_1_to_4096_characters(world: World, text: str, refusal: str) -> None:
    said = await world.zhang.say("张伟")
    with pytest.raises(PlayerError, match=refusal):
        await world.zhang.edit(said["message"]["message_id"], text)


async def test_the_bot_is_not_told_of_what_a_person_deleted(world: World) -> None:
    context = await world.bot.send_message(ZHANG, "您叫什么名字？")
    said = await world.zhang.say("张伟")
    await world.fetch()
    for message_id in (context.message_id, said["message"]["message_id"]):
        await world.zhang.delete(message_id)
    assert await world.zhang.messages() == []
    assert len(await world.fetch()) == 1
    with pytest.raises(BadRequest, match=r"[Mm]essage to edit not found"):
        await world.bot.edit_message_text("?", ZHANG, context.message_id)
    with pytest.raises(PlayerError, match="unknown_message"):
        await world.zhang.delete(context.message_id)


@pytest.mark.parametrize(
    ("name", "mime_type", "suffix"),
    [
        ("病历 “最终” (1).zip", "application/zip", ".zip"),
        ('the "last" one.JPG', "application/pdf", ".JPG"),
        ("没有后缀", "application/octet-stream", ".bin"),
        ("../../etc/passwd.a b/c", "text/x-anything", ".bin"),
    ],
)
async def test_a_document_has_any_name_and_any_type(world: World, name: str, mime_type: str, suffix: str) -> None:
    await world.zhang.send_document(b"PK", name, mime_type)
    document = (await received(world)).document
    assert document is not None
    assert (document.file_name, document.mime_type) == (name, mime_type)
    file = await world.bot.get_file(document)
    assert file.file_path is not None
    assert file.file_path.endswith(suffix)
    assert bytes(await file.download_as_bytearray()) == b"PK"


async def test_a_file_of_21_mb_is_announced_with_its_size_and_not_kept(world: World) -> None:
    await world.zhang.send_document(bytes(BIG), "片子.zip", "application/zip")
    document = (await received(world)).document
    assert document is not None
    assert document.file_size == BIG
    with pytest.raises(BadRequest, match=r"[Ff]ile is too big"):
        await world.bot.get_file(document)
    stored = world.stand_in.state.files.show(document.file_id)
    assert stored is not None
    assert stored.content is None
    async with world.http.get(f"{world.url}/api/files/{document.file_id}") as response:
        assert response.status == 404


async def act(world: World, what: str, **sent: Any) -> dict[str, Any]:  # noqa: ANN401 - a form or JSON
    async with world.http.post(f"{world.url}/api/people/{ZHANG}/{what}", **sent) as response:
        answer: dict[str, Any] = await response.json()
    return answer


async def test_what_the_people_s_api_cannot_read_is_refused(world: World) -> None:
    assert await act(world, "edit", json={"text": "?"}) == {"error": "unreadable"}
    assert await act(world, "upload", data={"file": "a field"}) == {"error": "no_file"}
    assert await act(world, "upload", data={"file": BytesIO(b"x"), "as": "sticker"}) == {"error": "unreadable"}
    assert await act(world, "forward", json={"message_id": 99}) == {"error": "unknown_message"}
    assert await act(world, "contact", json={"card": {"phone_number": " ", "first_name": "?"}}) == {"error": "no_phone"}


async def test_every_update_survives_a_round_through_the_library(world: World) -> None:
    await world.bot.send_message(ZHANG, "手机号？", reply_markup=KEYS)
    said = await world.zhang.say("hello")
    await world.zhang.tap("发送手机号")
    await world.zhang.send_album([png(1, 2), png(3, 4)], caption="two")
    await world.zhang.send_voice()
    await world.zhang.send_video()
    await world.zhang.send_document(b"x", "x.txt", "text/plain")
    await world.zhang.forward("there", name="X")
    await world.zhang.edit(said["message"]["message_id"], "hello!")
    updates = await world.fetch()
    assert len(updates) == 9
    for plain in updates:
        update = telegram.Update.de_json(plain, world.bot)
        assert not update.api_kwargs
        assert update.effective_message is not None
        assert not update.effective_message.api_kwargs
