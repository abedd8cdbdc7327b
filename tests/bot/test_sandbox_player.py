"""The player acts as a person does, and says what it saw when it waits in vain."""

from collections.abc import AsyncIterator

import pytest
import telegram

from bot.sandbox import Player, StandIn, serve
from bot.sandbox.player import PlayerError
from tests.bot.sandbox_world import ZHANG, World, inline, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


async def test_a_label_is_pressed_on_the_newest_message_that_has_it(world: World) -> None:
    await world.bot.send_message(ZHANG, "1", reply_markup=inline(("next", "old")))
    await world.bot.send_message(ZHANG, "2", reply_markup=inline(("next", "new"), ("stop", "stop")))
    await world.bot.send_message(ZHANG, "3")
    await world.zhang.tap("next")
    (update,) = await world.fetch()
    assert update["callback_query"]["data"] == "new"


async def test_a_label_of_the_reply_keyboard_is_typed(world: World) -> None:
    await world.bot.send_message(ZHANG, "?", reply_markup=telegram.ReplyKeyboardMarkup([["转人工"]]))
    await world.zhang.tap("转人工")
    (update,) = await world.fetch()
    assert update["message"]["text"] == "转人工"


async def test_a_wait_sees_only_what_came_after_the_players_last_act(world: World) -> None:
    await world.bot.send_message(ZHANG, "same question")
    await world.zhang.say("answer")
    with pytest.raises(PlayerError, match="same question"):
        await world.zhang.wait_for("same", timeout=0.05)
    await world.bot.send_message(ZHANG, "same question")
    assert (await world.zhang.wait_for("same"))["message_id"] == 3


async def test_a_wait_sees_edits_and_takes_predicates(world: World) -> None:
    sent = await world.bot.send_message(ZHANG, "before")
    await world.zhang.say("go")
    await world.bot.edit_message_text("after", ZHANG, sent.message_id)
    assert (await world.zhang.wait_for(lambda message: "edit_date" in message))["text"] == "after"


async def test_a_button_that_is_not_there_cannot_be_pressed(world: World) -> None:
    with pytest.raises(PlayerError, match="a button 'none'"):
        await world.zhang.tap("none", timeout=0.05)
    with pytest.raises(PlayerError, match="no_such_button"):
        await world.zhang.tap_data(1, "none")


async def test_an_unknown_person_cannot_play(world: World) -> None:
    player = Player(world.url, 99)
    with pytest.raises(PlayerError, match="unknown_person"):
        await player.say("hello")
    await player.close()


async def test_an_empty_text_cannot_be_sent(world: World) -> None:
    with pytest.raises(PlayerError, match="empty_text"):
        await world.zhang.say("  ")


async def test_a_second_screen_sees_the_same_chat(world: World) -> None:
    await world.zhang.say("hello")
    await world.bot.send_message(ZHANG, "hi")
    async with Player(world.url, ZHANG) as second:
        assert await second.messages() == await world.zhang.messages()


async def test_a_player_goes_on_after_the_server_came_back(world: World) -> None:
    stand_in = StandIn()
    chat = stand_in.add_person(world.stand_in.state.people.chat(ZHANG).person)
    async with serve(stand_in) as url:
        port = int(url.rpartition(":")[2])
        player = Player(url, ZHANG)
        await player.say("before")
    chat.tell("typing", {})
    async with serve(stand_in, port=port):
        await player.say("after")
        assert [message["text"] for message in await player.messages()] == ["before", "after"]
        await player.close()


async def test_a_taken_port_is_refused(world: World) -> None:
    port = int(world.url.rpartition(":")[2])
    with pytest.raises(OSError, match=r"[Aa]ddress"):
        async with serve(StandIn(), port=port):
            raise AssertionError
