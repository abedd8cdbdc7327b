"""What a person can do on the chat page beside typing and tapping, as the bot's own getUpdates sees it.

A browser takes its time to start: these tests run for some seconds.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import telegram
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from tests.bot.papers import page
from tests.bot.sandbox_world import ZHANG, World, open_world
from tests.browser.screen import Column, open_page

BIG = 21 * 1024 * 1024
KEYS = telegram.ReplyKeyboardMarkup(
    [[telegram.KeyboardButton("发送手机号", request_contact=True)], ["手动输入"]],
    one_time_keyboard=True,
    resize_keyboard=True,
)


@dataclass
class Scene:
    """The page of a person whose chat has begun, and the sandbox behind it."""

    page: Page
    world: World
    chat: Column
    at: Locator

    async def updates(self, count: int) -> list[dict[str, Any]]:
        """Return the newest updates once the page shows everything: `count` is how many messages of the person."""
        await expect(self.at.locator("[data-from=person]")).to_have_count(count)
        return await self.world.fetch()

    async def choose(self, action: str) -> None:
        """Right-click the person's newest message, and choose from its menu."""
        await self.at.locator("[data-from=person]").last.click(button="right")
        await self.at.get_by_test_id(f"action-{action}").click()


@asynccontextmanager
async def scene(browser: Browser) -> AsyncIterator[Scene]:
    async with open_world() as world:
        page = await open_page(browser, world.url, ZHANG)
        at = page.locator(f".column[data-person='{ZHANG}']")
        await world.bot.send_message(ZHANG, "您好")
        chat = Column(page, ZHANG)
        await chat.read("您好")
        yield Scene(page, world, chat, at)


@pytest.fixture
async def shown(browser: Browser) -> AsyncIterator[Scene]:
    async with scene(browser) as opened:
        yield opened


def picture(number: int) -> FilePayload:
    return {"name": f"page{number}.png", "mimeType": "image/png", "buffer": page((200 + number, 300))}


async def test_an_album_a_contact_and_an_edit_are_sent_from_the_page(shown: Scene) -> None:
    await shown.at.get_by_test_id("upload-photo").set_input_files([picture(1), picture(2)])
    await shown.page.get_by_text("发送 2 张照片").wait_for()
    await shown.page.get_by_test_id("caption").fill("病历两页")
    await shown.page.get_by_test_id("caption").press("Enter")
    first, second = [update["message"] for update in await shown.updates(2)]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first.get("caption"), second.get("caption")) == ("病历两页", None)
    assert [first["photo"][-1]["width"], second["photo"][-1]["width"]] == [201, 202]

    await shown.world.bot.send_message(ZHANG, "您的手机号？", reply_markup=KEYS)
    await shown.at.locator("[data-key=发送手机号]").click()
    await shown.page.get_by_test_id("contact-send").click()
    contact = (await shown.updates(3))[-1]["message"]["contact"]
    assert contact == {"phone_number": "8613800001234", "first_name": "张伟", "user_id": ZHANG}
    await expect(shown.at.get_by_test_id("keys")).to_be_hidden()

    await shown.chat.say("张为")
    await shown.updates(4)
    await shown.choose("edit")
    assert await shown.at.get_by_test_id("input").input_value() == "张为"
    await shown.chat.say("张伟")
    await shown.at.locator("[data-from=person]").get_by_text("已编辑").wait_for()
    edited = (await shown.updates(4))[-1]["edited_message"]
    assert edited["text"] == "张伟"


async def test_declining_to_share_the_number_sends_nothing_and_leaves_the_keyboard(shown: Scene) -> None:
    await shown.world.bot.send_message(ZHANG, "您的手机号？", reply_markup=KEYS)
    await shown.at.locator("[data-key=发送手机号]").click()
    await shown.page.get_by_test_id("contact-cancel").click()
    await expect(shown.at.get_by_test_id("keys")).to_be_visible()
    await shown.at.locator("[data-key=手动输入]").click()
    assert [update["message"]["text"] for update in await shown.updates(1)] == ["手动输入"]
    await shown.world.bot.send_message(ZHANG, "好的", reply_markup=telegram.ReplyKeyboardRemove())
    await expect(shown.at.get_by_test_id("keyboard-toggle")).to_be_hidden()


async def test_a_message_is_forwarded_and_deleted_from_its_menu(shown: Scene) -> None:
    await shown.chat.say("明天到")
    await shown.updates(1)
    await shown.at.locator("[data-from=person]").hover()
    await shown.at.get_by_test_id("message-menu").click()
    await shown.at.get_by_test_id("action-forward").click()
    forwarded = (await shown.updates(2))[-1]["message"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == ZHANG
    assert await shown.at.get_by_test_id("origin").inner_text() == "转发自 张伟"
    await shown.choose("delete")
    assert len(await shown.updates(1)) == 2


async def test_voice_and_cards_are_sent_from_the_paperclip(shown: Scene) -> None:
    await shown.at.get_by_test_id("attach").click()
    await shown.at.get_by_test_id("attach-voice").click()
    await shown.page.get_by_test_id("upload-send").click()
    assert (await shown.updates(1))[-1]["message"]["voice"]["duration"] == 3
    await shown.at.get_by_test_id("attach").click()
    await shown.at.get_by_test_id("attach-contact").click()
    await shown.page.get_by_test_id("card-name").fill("李建国")
    await shown.page.get_by_test_id("card-phone").fill("13700001234")
    await shown.page.get_by_test_id("card-phone").press("Enter")
    assert (await shown.updates(2))[-1]["message"]["contact"] == {
        "phone_number": "13700001234",
        "first_name": "李建国",
    }


async def test_a_file_of_21_mb_with_any_name_is_sent_and_shown_without_a_link(shown: Scene, tmp_path: Path) -> None:
    big = tmp_path / "片子 (1).tar.xyz"
    with big.open("wb") as file:
        file.truncate(BIG)
    await shown.at.get_by_test_id("upload-document").set_input_files(big)
    await shown.page.get_by_test_id("upload-send").click()
    document = (await shown.updates(1))[-1]["message"]["document"]
    assert (document["file_name"], document["file_size"]) == (big.name, BIG)
    assert await shown.at.get_by_test_id("document").get_attribute("href") is None


async def test_the_commands_are_offered_and_what_the_bot_deletes_vanishes(shown: Scene) -> None:
    await expect(shown.at.get_by_test_id("commands")).to_be_hidden()
    await shown.world.bot.set_my_commands([("help", "帮助"), ("status", "进度")])
    await shown.at.get_by_test_id("commands").click()
    await shown.at.locator("[data-command=status]").click()
    (update,) = await shown.updates(1)
    assert update["message"]["text"] == "/status"
    await expect(shown.at.get_by_test_id("commands-menu")).to_be_hidden()
    await shown.world.bot.delete_message(ZHANG, update["message"]["message_id"])
    await shown.updates(0)
