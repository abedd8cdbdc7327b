"""The Bot API's methods do, and refuse, what Telegram does and refuses."""

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.error import BadRequest, InvalidToken

from bot.sandbox import Player
from bot.sandbox.entities import marked
from tests.bot.sandbox_world import LI, ZHANG, World, inline, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def test_message_ids_run_on_in_both_directions(world: World) -> None:
    said = await world.zhang.say("hello")
    sent = await world.bot.send_message(ZHANG, "hi")
    other = await world.bot.send_message(LI, "hi")
    assert said["message"]["message_id"] == 1
    assert sent.message_id == 2
    assert other.message_id == 1


async def test_a_chat_that_nobody_has_is_not_found(world: World) -> None:
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await world.bot.send_message(99, "hi")


@pytest.mark.parametrize(
    ("text", "refusal"), [("", "text is empty"), (" \n", "text is empty"), ("长" * 4097, "too long")]
)
async def test_a_text_has_1_to_4096_characters(world: World, text: str, refusal: str) -> None:
    with pytest.raises(BadRequest, match=refusal):
        await world.bot.send_message(ZHANG, text)


async def test_4096_characters_arrive(world: World) -> None:
    await world.bot.send_message(ZHANG, "长" * 4096)
    assert len((await world.zhang.last())["text"]) == 4096


async def test_what_a_person_writes_beyond_4096_characters_goes_as_several_messages(world: World) -> None:
    await world.zhang.say("长" * 4097)
    assert [len(update["message"]["text"]) for update in await world.fetch()] == [4096, 1]


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("长" * 22, False), ("", False)])
async def test_callback_data_has_1_to_64_bytes(world: World, data: str, *, fits: bool) -> None:
    markup = {"inline_keyboard": [[{"text": "go", "callback_data": data}]]}
    answer = await world.post("sendMessage", {"chat_id": ZHANG, "text": "?", "reply_markup": markup})
    assert answer["ok"] is fits
    assert fits or answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    "markup",
    [
        {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]},
        {"inline_keyboard": [[{"text": "does nothing"}]]},
        {"inline_keyboard": [[{"text": str(n), "callback_data": str(n)}] for n in range(101)]},
        {"keyboard": []},
    ],
)
async def test_a_broken_keyboard_is_refused(world: World, markup: dict[str, object]) -> None:
    answer = await world.post("sendMessage", {"chat_id": ZHANG, "text": "?", "reply_markup": markup})
    assert answer["error_code"] == 400


async def test_an_edit_changes_text_and_keyboard_in_place(world: World) -> None:
    sent = await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    await world.bot.edit_message_text("done", ZHANG, sent.message_id)
    shown = await world.zhang.wait_for("done")
    assert shown["message_id"] == sent.message_id
    assert "reply_markup" not in shown
    assert shown["edit_date"] == world.clock.now


async def test_an_edit_that_changes_nothing_is_refused(world: World) -> None:
    sent = await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    with pytest.raises(BadRequest, match=r"[Mm]essage is not modified"):
        await world.bot.edit_message_text("?", ZHANG, sent.message_id, reply_markup=inline(("yes", "y")))
    with pytest.raises(BadRequest, match=r"[Mm]essage is not modified"):
        await world.bot.edit_message_reply_markup(ZHANG, sent.message_id, reply_markup=inline(("yes", "y")))


async def test_a_keyboard_can_be_taken_away_alone(world: World) -> None:
    sent = await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    await world.bot.edit_message_reply_markup(ZHANG, sent.message_id)
    shown = await world.zhang.last()
    assert shown["text"] == "?"
    assert "reply_markup" not in shown


async def test_only_the_bots_own_messages_can_be_edited(world: World) -> None:
    said = await world.zhang.say("mine")
    with pytest.raises(BadRequest, match="can't be edited"):
        await world.bot.edit_message_text("yours", ZHANG, said["message"]["message_id"])
    with pytest.raises(BadRequest, match=r"[Mm]essage to edit not found"):
        await world.bot.edit_message_text("nobody's", ZHANG, 999)


async def test_a_deleted_message_is_gone_for_both_sides(world: World) -> None:
    sent = await world.bot.send_message(ZHANG, "secret")
    await world.bot.delete_message(ZHANG, sent.message_id)
    assert await world.zhang.messages() == []
    with pytest.raises(BadRequest, match=r"[Mm]essage to delete not found"):
        await world.bot.delete_message(ZHANG, sent.message_id)


async def test_a_message_older_than_48_hours_is_not_deleted(world: World) -> None:
    said = await world.zhang.say("secret")
    world.clock.now += 48 * 3600 + 1
    with pytest.raises(BadRequest, match=r"[Mm]essage can't be deleted for everyone"):
        await world.bot.delete_message(ZHANG, said["message"]["message_id"])
    assert await world.bot.delete_messages(ZHANG, [said["message"]["message_id"]]) is True
    assert len(await world.zhang.messages()) == 1


async def test_several_messages_of_both_sides_are_deleted_at_once(world: World) -> None:
    said = await world.zhang.say("secret")
    sent = await world.bot.send_message(ZHANG, "noted")
    await world.bot.send_message(ZHANG, "stays")
    await world.bot.delete_messages(ZHANG, [said["message"]["message_id"], sent.message_id, 999])
    assert [message["text"] for message in await world.zhang.messages()] == ["stays"]
    with pytest.raises(BadRequest, match="message identifiers"):
        await world.bot.delete_messages(ZHANG, list(range(1, 102)))


async def test_the_bot_sends_a_card(world: World) -> None:
    sent = await world.bot.send_contact(ZHANG, "4008000000", "服务热线")
    assert sent.contact is not None
    assert (await world.zhang.last())["contact"] == {"phone_number": "4008000000", "first_name": "服务热线"}
    answer = await world.post("sendContact", {"chat_id": ZHANG, "first_name": "服务热线"})
    assert answer["description"] == "Bad Request: phone number is empty"


async def test_a_tap_carries_the_message_and_its_answer_reaches_the_screen(world: World) -> None:
    sent = await world.bot.send_message(ZHANG, "?", reply_markup=inline(("yes", "y")))
    tapped = await world.zhang.tap("yes")
    (update,) = await world.bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.data == "y"
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    await query.answer("noted", show_alert=True)
    toast = await world.zhang.wait_for_toast(tapped["query_id"])
    assert toast["text"] == "noted"
    assert toast["show_alert"] is True


async def test_a_reply_keyboard_stays_until_it_is_removed(world: World) -> None:
    keyboard = telegram.ReplyKeyboardMarkup([["转人工", "帮助"]], resize_keyboard=True)
    await world.bot.send_message(ZHANG, "hi", reply_markup=keyboard)
    await world.bot.send_message(ZHANG, "more")
    shown = await world.zhang.keyboard()
    assert shown is not None
    assert [button["text"] for button in shown["keyboard"][0]] == ["转人工", "帮助"]
    await world.bot.send_message(ZHANG, "bye", reply_markup=telegram.ReplyKeyboardRemove())
    assert await world.zhang.keyboard() is None


async def test_a_wrong_token_is_unauthorised(world: World) -> None:
    bot = telegram.Bot("1:wrong", base_url=f"{world.url}/bot")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_an_unknown_method_is_not_found(world: World) -> None:
    answer = await world.post("sendNothing", {})
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_method_names_are_read_in_any_case(world: World) -> None:
    assert (await world.post("getme", {}))["result"]["is_bot"] is True


async def test_parameters_may_come_in_the_query_string(world: World) -> None:
    url = f"{world.url}/bot{world.stand_in.token}/sendMessage"
    async with world.http.get(url, params={"chat_id": str(ZHANG), "text": "by GET"}) as response:
        assert (await response.json())["ok"] is True
    assert (await world.zhang.last())["text"] == "by GET"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"{", "can't parse JSON"),
        (b'{"chat_id":11,"message_id":"x"}', 'invalid parameter "message_id"'),
        (b'{"chat_id":11,"message_id":1,"text":"t","reply_markup":"{"}', "can't parse reply_markup"),
    ],
)
async def test_an_unreadable_parameter_is_a_bad_request(world: World, body: bytes, refusal: str) -> None:
    await world.bot.send_message(ZHANG, "hi")
    url = f"{world.url}/bot{world.stand_in.token}/editMessageText"
    headers = {"content-type": "application/json"}
    async with world.http.post(url, data=body, headers=headers) as response:
        answer = await response.json()
    assert response.status == 400
    assert refusal in answer["description"]


async def test_the_commands_are_kept(world: World) -> None:
    await world.bot.set_my_commands([("start", "开始"), ("help", "帮助")])
    assert [command.command for command in await world.bot.get_my_commands()] == ["start", "help"]


async def test_a_chats_own_commands_come_before_those_for_everybody(world: World) -> None:
    li = world.stand_in.state.people.chat(LI)
    await world.bot.set_my_commands([("start", "开始")])
    await world.bot.set_my_commands([("help", "帮助")], scope=telegram.BotCommandScopeAllPrivateChats())
    await world.bot.set_my_commands([("help", "help")], language_code="en")
    await world.bot.set_my_commands([("next", "下一件")], scope=telegram.BotCommandScopeChat(LI))
    assert [command["command"] for command in world.stand_in.state.commands.offered(li.person)] == ["next"]
    async with world.http.get(f"{world.url}/api/people/{ZHANG}/chat") as response:
        assert (await response.json())["commands"] == [{"command": "help", "description": "帮助"}]
    await world.zhang.messages()
    assert [command["command"] for command in world.zhang.commands] == ["help"]
    await world.bot.delete_my_commands(scope=telegram.BotCommandScopeAllPrivateChats())
    await world.zhang.messages()
    assert [command["command"] for command in world.zhang.commands] == ["start"]


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ([("Start", "开始")], "BOT_COMMAND_INVALID"),
        ([("开始", "开始")], "BOT_COMMAND_INVALID"),
        ([("s" * 33, "开始")], "BOT_COMMAND_INVALID"),
        ([("start", "")], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([("start", "长" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([(f"c{number}", "?") for number in range(101)], "too many commands"),
    ],
)
async def test_broken_commands_are_refused(world: World, commands: list[tuple[str, str]], refusal: str) -> None:
    body = {"commands": [{"command": name, "description": about} for name, about in commands]}
    answer = await world.post("setMyCommands", body)
    assert answer["error_code"] == 400
    assert refusal in answer["description"]


async def test_there_is_never_a_webhook(world: World) -> None:
    await world.zhang.say("waiting")
    assert (await world.bot.get_webhook_info()).pending_update_count == 1
    await world.bot.delete_webhook(drop_pending_updates=True)
    info = await world.bot.get_webhook_info()
    assert info.url == ""
    assert info.pending_update_count == 0


async def test_a_person_added_later_can_write(world: World) -> None:
    person = {"id": 33, "first_name": "王芳", "role": "客服", "hint": "/next"}
    async with world.http.post(f"{world.url}/api/people", json=person) as response:
        assert response.status == 201
    async with Player(world.url, 33) as wang:
        await wang.say("/next")
    (update,) = await world.bot.get_updates()
    assert update.effective_user is not None
    assert update.effective_user.first_name == "王芳"


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/start", [(0, 6)]),
        ("😀/status 查看", [(2, 7)]),
        ("发送 /next，再发 /help。", [(3, 5), (12, 5)]),
        ("1/2 与 a/b、https://x", []),
    ],
)
def test_commands_in_a_text_are_marked_in_utf_16_units(text: str, commands: list[tuple[int, int]]) -> None:
    assert [(entity["offset"], entity["length"]) for entity in marked(text)] == commands
