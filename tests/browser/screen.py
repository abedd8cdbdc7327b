"""A person at the chat page: types, taps, sends pictures, reads; and pictures of the page for docs/."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from bot.backend import Clock
from bot.process import BotProcess
from tests.bot.process import Town, running
from tests.bot.wording import part

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
TAKE_PICTURES = "GREEN_CHANNEL_PICTURES"  # set, the pictures in docs/ are taken anew
SETTLED = 300  # milliseconds in which what has just come is laid out; only pictures wait for it
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)  # ten in the morning in China, a working day, as are those after it

DESK: ViewportSize = {"width": 1180, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
TALLEST = 2000
COLOURS = 192
PATIENCE = 10_000  # milliseconds until what is waited for has failed to come

SHEET = """
html { background: #e9e6df; } body { margin: 36px; padding: 40px; height: 968px; background: #fffefa;
  font: 30px/1.75 "Noto Sans CJK SC", sans-serif; color: #1c2430; }
h1 { margin: 0; font-size: 44px; text-align: center; }
p { margin: 0; } hr { margin: 30px 0 0; border: 0; border-top: 2px solid #8a93a0; }
"""
DARK = "html { filter: brightness(.13); background: #000; }"
RULED = 9  # lines under what is written, to write on

# Hides all but the messages of a picture and what is for players only, and says how high the page is to be then.
ONLY = """(column, [last, but]) => {
  const messages = [...column.querySelectorAll("[data-message-id]")];
  const shown = messages.slice(-last - but, messages.length - but);
  for (const each of messages) each.style.display = shown.includes(each) ? "" : "none";
  for (const each of column.querySelectorAll(".hint, .day, .toast")) each.style.display = "none";
  const first = shown[0].getBoundingClientRect(), end = shown.at(-1).getBoundingClientRect();
  return Math.ceil(innerHeight - column.querySelector(".log").offsetHeight + end.bottom - first.top + 30);
}"""
ALL_AGAIN = """column => {
  for (const each of column.querySelectorAll("[style]")) each.style.removeProperty("display");
}"""


def words_of(expected: str) -> str:
    """Return what to wait for: a better wording of a sentence changes no test."""
    try:
        return part(expected)
    except KeyError:
        return expected


class Column:
    """One person's chat on the page."""

    def __init__(self, page: Page, person: int) -> None:
        self.page = page
        self.at: Locator = page.locator(f".column[data-person='{person}']")

    async def start(self) -> None:
        """Press 开始."""
        await self.at.get_by_test_id("start").click()

    async def say(self, text: str) -> None:
        """Type, and press Enter."""
        box = self.at.get_by_test_id("input")
        await box.fill(text)
        await box.press("Enter")

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        await self.at.locator(f"[data-button='{label}']").last.click()

    async def answer(self, *steps: tuple[str, str]) -> None:
        """Answer, each by its button where there is one, else typed; wait for what is said to it."""
        for text, following in steps:
            newest = await self.at.locator("[data-message-id]").last.get_attribute("data-message-id")
            by_button = "\n" not in text and await self.offers(text)
            await (self.tap(text) if by_button else self.say(text))
            since = self.at.locator(f"[data-message-id='{newest}'] ~ [data-from=bot]")
            await since.filter(has_text=words_of(following)).last.wait_for()

    async def tap_nth(self, number: int) -> None:
        """Tap one of the newest message's buttons."""
        await self.at.locator("[data-message-id]").last.locator("[data-button]").nth(number).click()

    async def offers(self, label: str) -> bool:
        """Return True if there is a button with this label."""
        return await self.at.locator(f"[data-button='{label}']").count() > 0

    async def share_phone(self) -> None:
        """Press the key that shares one's own number, and agree."""
        await self.at.locator("[data-key=用本机号码]").click()
        await self.page.get_by_test_id("contact-send").click()

    async def send_picture(self, *contents: bytes) -> None:
        """Choose pictures, and send them."""
        pictures = [FilePayload(name=f"{n}.png", mimeType="image/png", buffer=each) for n, each in enumerate(contents)]
        await self.at.get_by_test_id("upload-photo").set_input_files(pictures)
        await self.page.get_by_test_id("upload-send").click()

    async def read(self, text: str) -> None:
        """Wait until the bot has said this: the catalogue's key of a sentence, or a piece of one."""
        await self.at.locator("[data-from=bot]").filter(has_text=words_of(text)).last.wait_for()

    async def reads_last(self, text: str) -> None:
        """Wait until the newest message in the chat holds this."""
        await expect(self.at.locator("[data-message-id]").last).to_contain_text(words_of(text))

    async def said(self) -> list[str]:
        """Return everything that is in the chat."""
        return await self.at.locator("[data-message-id]").all_inner_texts()

    async def picture(self, name: str, *, last: int = 1, but: int = 0) -> None:
        """Take a picture for docs/, as a phone shows it, if asked for: of the `last` messages before the last `but`."""
        if TAKE_PICTURES not in os.environ:
            return
        await self.page.mouse.move(0, 0)
        await self.page.set_viewport_size({"width": PHONE["width"], "height": TALLEST})
        height = await self.at.evaluate(ONLY, [last, but])
        await self.page.set_viewport_size({"width": PHONE["width"], "height": height})
        await self.page.wait_for_timeout(SETTLED)
        keep(name, await self.at.screenshot())
        await self.at.evaluate(ALL_AGAIN)
        await self.page.set_viewport_size(PHONE)


async def open_page(browser: Browser, url: str, *people: int) -> Page:
    """Open the page with these people side by side, connected; one alone has it on a phone."""
    page = await browser.new_page(
        viewport=DESK if len(people) > 1 else PHONE,
        device_scale_factor=2 if TAKE_PICTURES in os.environ else 1,
        reduced_motion="reduce",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page.set_default_timeout(PATIENCE)
    await page.goto(f"{url}/#{','.join(map(str, people))}")
    await page.wait_for_selector("[data-connected=true]")
    return page


async def open_chat(browser: Browser, town: Town, person: int) -> Column:
    """Open one person's chat on a phone."""
    return Column(await open_page(browser, town.url, person), person)


@asynccontextmanager
async def serving(town: Town, *, at: datetime = MONDAY) -> AsyncIterator[BotProcess]:
    """Let the bot run, `at` by the clocks of the sandbox and of the bot; both go on."""
    town.stand_in.state.skew = (at - datetime.now(UTC)).total_seconds()
    async with running(town.settings, clock=clock_of(town)) as process:
        yield process


def clock_of(town: Town) -> Clock:
    """Return the sandbox's clock, for the bot."""
    return lambda: datetime.fromtimestamp(town.stand_in.state.now(), UTC)


async def write_down(browser: Browser, lines: Sequence[str], *, dark: bool = False) -> bytes:
    """Return a photo of a sheet of paper with these lines on it, large enough to be read; or taken in the dark."""
    page = await browser.new_page(viewport={"width": 840, "height": 1120})
    head, *rest = (f"<p>{line}</p>" for line in lines)
    strokes = "<hr>" * RULED
    await page.set_content(f"<style>{SHEET}{DARK if dark else ''}</style><h1>{head}</h1>{''.join(rest)}{strokes}")
    photo = await page.screenshot()
    await page.close()
    return photo


async def picture(page: Page, name: str) -> None:
    """Take a picture of the whole page for docs/, if that was asked for."""
    if TAKE_PICTURES in os.environ:
        await page.wait_for_timeout(SETTLED)
        keep(name, await page.screenshot())


def keep(name: str, taken: bytes) -> None:
    """Write a picture down in as many colours as it needs: a third of the size."""
    Image.open(BytesIO(taken)).convert("RGB").quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)
