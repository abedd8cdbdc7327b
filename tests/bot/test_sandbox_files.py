"""Photos and documents travel as Telegram lets them travel."""

import struct
from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.error import BadRequest

from bot.sandbox.files import measure
from bot.sandbox.player import PlayerError
from tests.bot.sandbox_world import ZHANG, World, open_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"rest"


def jpeg(width: int, height: int) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    quantisation = b"\xff\xdb" + struct.pack(">H", 67) + bytes(65)
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + app0 + quantisation + frame


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(640, 480), (640, 480)),
        (jpeg(3000, 4000), (3000, 4000)),
        (jpeg(3000, 4000)[:40], None),
        (png(1, 1)[:20], None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_picture_is_measured_by_its_header(content: bytes, size: tuple[int, int] | None) -> None:
    assert measure(content) == size


async def receive(world: World) -> telegram.Message:
    update = (await world.bot.get_updates())[-1]
    assert update.message is not None
    return update.message


async def test_a_photo_comes_in_two_sizes_and_downloads_whole(world: World) -> None:
    await world.zhang.send_photo(jpeg(3000, 4000), caption="病历")
    message = await receive(world)
    assert [(size.width, size.height) for size in message.photo] == [(240, 320), (3000, 4000)]
    assert message.caption == "病历"
    assert len({size.file_unique_id for size in message.photo}) == 2
    file = await world.bot.get_file(message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == jpeg(3000, 4000)


async def test_a_photo_of_an_unread_kind_has_the_size_it_is_said_to_have(world: World) -> None:
    await world.zhang.send_photo(b"heic", size=(800, 600))
    assert (await receive(world)).photo[-1].width == 800


async def test_what_is_no_picture_cannot_be_sent_as_a_photo(world: World) -> None:
    with pytest.raises(PlayerError, match="not_a_picture"):
        await world.zhang.send_photo(b"%PDF-1.7")


async def test_a_document_keeps_its_name_and_kind(world: World) -> None:
    await world.zhang.send_document(b"%PDF-1.7", "出院小结.pdf", caption="两页")
    message = await receive(world)
    document = message.document
    assert document is not None
    assert (document.file_name, document.mime_type, document.file_size) == (
        "出院小结.pdf",
        "application/pdf",
        8,
    )
    assert message.caption == "两页"
    file = await world.bot.get_file(document)
    assert file.file_path is not None
    assert file.file_path.endswith(".pdf")
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"


async def test_a_file_over_20_mb_cannot_be_downloaded(world: World) -> None:
    world.stand_in.send_document(ZHANG, bytes(20 * 1024 * 1024 + 1), file_name="big.pdf", mime_type="application/pdf")
    document = (await receive(world)).document
    assert document is not None
    with pytest.raises(BadRequest, match=r"[Ff]ile is too big"):
        await world.bot.get_file(document)


async def test_an_unknown_file_is_refused(world: World) -> None:
    with pytest.raises(BadRequest, match="file_id"):
        await world.bot.get_file("unknown")
    async with world.http.get(f"{world.url}/file/bot{world.stand_in.token}/photos/none.jpg") as response:
        assert response.status == 404
    async with world.http.get(f"{world.url}/file/botwrong/photos/none.jpg") as response:
        assert response.status == 401


async def test_a_known_file_is_sent_on_by_its_id(world: World) -> None:
    await world.zhang.send_photo(png(640, 480))
    photo = (await receive(world)).photo[-1]
    sent = await world.bot.send_photo(ZHANG, photo.file_id, caption="张伟")
    assert sent.photo[-1].file_unique_id == photo.file_unique_id
    assert (await world.zhang.last())["caption"] == "张伟"
    with pytest.raises(BadRequest, match=r"(?i)can't use file of type photo as document"):
        await world.bot.send_document(ZHANG, photo.file_id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await world.bot.send_document(ZHANG, "unknown")


async def test_what_is_sent_protected_says_so_and_is_not_forwarded(world: World) -> None:
    await world.zhang.send_photo(png(640, 480))
    photo = (await receive(world)).photo[-1]
    sent = await world.bot.send_photo(ZHANG, photo.file_id, protect_content=True)
    assert sent.has_protected_content
    with pytest.raises(PlayerError, match="protected"):
        await world.zhang.forward_message(sent.message_id)
    plain = await world.bot.send_photo(ZHANG, photo.file_id)
    assert not plain.has_protected_content
    await world.zhang.forward_message(plain.message_id)


async def test_the_bot_can_upload_a_file(world: World) -> None:
    sent = await world.bot.send_document(ZHANG, b"summary", filename="summary.txt")
    assert sent.document is not None
    assert sent.document.file_name == "summary.txt"
    photo = await world.bot.send_photo(ZHANG, png(10, 20))
    assert photo.photo[-1].height == 20


async def test_the_screen_sees_a_file_of_any_size(world: World) -> None:
    await world.zhang.send_photo(png(640, 480))
    shown = (await world.zhang.messages())[-1]
    async with world.http.get(f"{world.url}/api/files/{shown['photo'][0]['file_id']}") as response:
        assert response.content_type == "image/png"
        assert await response.read() == png(640, 480)
