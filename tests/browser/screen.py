"""A person at the chat page: types, taps, sends a picture, reads; and pictures of the page for docs/."""

import os
import struct
import zlib
from pathlib import Path

from playwright.async_api import Browser, Locator, Page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
TAKE_PICTURES = "GREEN_CHANNEL_PICTURES"  # set, the pictures in docs/ are taken anew
SETTLED = 500  # milliseconds in which what has just come has faded in; only pictures wait for it


def sheet(width: int = 420, height: int = 560) -> bytes:
    """Draw a sheet with lines on it, as a PNG: it stands for a record."""
    paper, ink = bytes((250, 249, 244)), bytes((70, 80, 90))
    rows = []
    for y in range(height):
        end = width - 40 if (y // 28) % 3 else width * 2 // 3
        line = paper * 40 + ink * (end - 40) + paper * (width - end) if y % 28 in {10, 11, 12} else paper * width
        rows.append(b"\0" + line)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"".join(rows))) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class Column:
    """One person's chat on the page."""

    def __init__(self, page: Page, person: int) -> None:
        self._at: Locator = page.locator(f".column[data-person='{person}']")

    async def start(self) -> None:
        """Press 开始."""
        await self._at.get_by_test_id("start").click()

    async def say(self, text: str) -> None:
        """Type, and press Enter."""
        box = self._at.get_by_test_id("input")
        await box.fill(text)
        await box.press("Enter")

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        await self._at.locator("[data-button]").get_by_text(label, exact=True).last.click()

    async def send_picture(self, content: bytes) -> None:
        """Choose a picture, and send it."""
        picture = {"name": "record.png", "mimeType": "image/png", "buffer": content}
        await self._at.get_by_test_id("upload-photo").set_input_files(picture)  # type: ignore[arg-type] # a FilePayload
        await self._at.page.get_by_test_id("upload-send").click()

    async def read(self, text: str) -> None:
        """Wait until the bot has said this."""
        await self._at.locator("[data-from=bot]").get_by_text(text).last.wait_for()

    async def said(self) -> list[str]:
        """Give everything that is in the chat."""
        return await self._at.locator("[data-message-id]").all_inner_texts()


async def open_page(browser: Browser, url: str, *people: int) -> Page:
    """Open the page with these people side by side, connected."""
    page = await browser.new_page(viewport={"width": 1180, "height": 860})
    await page.goto(f"{url}/#{','.join(map(str, people))}")
    await page.wait_for_selector("[data-connected=true]")
    return page


async def picture(page: Page, name: str) -> None:
    """Take a picture for docs/, if that was asked for."""
    if TAKE_PICTURES in os.environ:
        await page.wait_for_timeout(SETTLED)
        await page.screenshot(path=PICTURES / f"{name}.png")
