"""Files that people send: measured by their header, named as Telegram names them, kept in memory.

What no bot can download, anything over 20 MB, is only announced.
"""

import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from bot.sandbox.errors import ApiError, NotAPicture, bad_request

Kind = Literal["photo", "document", "voice", "video"]
Json = dict[str, Any]

BIGGEST_DOWNLOAD = 20 * 1024 * 1024
THUMBNAIL = 320
VOICE_TYPE = "audio/ogg"
UNMEASURED_VIDEO = (1280, 720)
PLAIN_SUFFIX = re.compile(r"[A-Za-z0-9]{1,10}")
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
JPEG_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE_MARKERS = frozenset(range(0xD0, 0xDA)) | {0x01}


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file as somebody sends it: `size` is a picture's or video's width and height, `seconds` a recording's length.

    `file_size` counts the bytes of a file whose content was left unread because no bot can download it.
    """

    kind: Kind
    content: bytes = b""
    file_name: str = ""
    mime_type: str = "application/octet-stream"
    size: tuple[int, int] | None = None
    seconds: int = 0
    file_size: int = 0

    def length(self) -> int:
        """How many bytes the file has."""
        return self.file_size or len(self.content)


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file. Each size of a photo has its own id but shares the content.

    `content` is None for a file over 20 MB: it is announced with its size, and nothing can ask for its bytes.
    """

    file_id: str
    file_unique_id: str
    path: str
    file_size: int
    content: bytes | None
    mime_type: str

    def as_file(self) -> Json:
        """Return what all of Telegram's file objects have in common."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "file_size": self.file_size,
        }


class Files:
    """All files, found by id or by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, Json] = {}

    def add(self, attachment: Attachment) -> Json:
        """Store a file; return the field of a message that shows it. NotAPicture for a photo that is none."""
        media: Json = {attachment.kind: SHAPES[attachment.kind](self, attachment)}
        for each in _sizes(media[attachment.kind]):
            self._media[each["file_id"]] = media
        return media

    def media(self, file_id: str, kind: str) -> Json:
        """Return the message field ("photo", "document", ...) that re-sends a known file."""
        media = self._media.get(file_id)
        if media is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if kind not in media:
            raise bad_request(f"can't use file of type {next(iter(media)).title()} as {kind.title()}")
        return media

    def get(self, file_id: str) -> StoredFile:
        """Return a file by id, as getFile does: 400 when unknown or over 20 MB."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if stored.file_size > BIGGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return stored

    def download(self, path: str) -> bytes:
        """Return a file's content by its file_path; 404 when there is none."""
        stored = self._by_path.get(path)
        if stored is None or stored.content is None:
            raise ApiError(404, "Not Found")
        return stored.content

    def show(self, file_id: str) -> StoredFile | None:
        """Return a file by id, for a person's screen."""
        return self._by_id.get(file_id)

    def store(self, attachment: Attachment, folder: str, suffix: str) -> StoredFile:
        """Keep one file under ids of its own."""
        number = len(self._by_id) + 1
        stored = StoredFile(
            file_id=f"BQACAgUAAxkBAAI{number:09d}",
            file_unique_id=f"AgAD{number:09d}",
            path=f"{folder}/file_{number}.{suffix}",
            file_size=attachment.length(),
            content=attachment.content if attachment.length() <= BIGGEST_DOWNLOAD else None,
            mime_type=attachment.mime_type,
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored


def _photo(files: Files, attachment: Attachment) -> list[Json]:
    size = measure(attachment.content) or attachment.size
    if size is None:
        raise NotAPicture
    mime_type = "image/png" if attachment.content.startswith(PNG_MAGIC) else "image/jpeg"
    photo = msgspec.structs.replace(attachment, mime_type=mime_type)
    return [
        {**files.store(photo, "photos", "jpg").as_file(), "width": width, "height": height}
        for width, height in _photo_sizes(size)
    ]


def _document(files: Files, attachment: Attachment) -> Json:
    stored = files.store(attachment, "documents", _suffix(attachment.file_name))
    return {**stored.as_file(), "mime_type": stored.mime_type, **_named(attachment)}


def _voice(files: Files, attachment: Attachment) -> Json:
    recorded = msgspec.structs.replace(attachment, mime_type=VOICE_TYPE)  # whatever an app records, it sends this
    stored = files.store(recorded, "voice", "oga")
    return {**stored.as_file(), "duration": attachment.seconds, "mime_type": stored.mime_type}


def _video(files: Files, attachment: Attachment) -> Json:
    width, height = attachment.size or UNMEASURED_VIDEO
    stored = files.store(attachment, "videos", "mp4")
    shape = {"width": width, "height": height, "duration": attachment.seconds, "mime_type": stored.mime_type}
    return {**stored.as_file(), **shape, **_named(attachment)}


SHAPES: dict[Kind, Callable[[Files, Attachment], Any]] = {
    "photo": _photo,
    "document": _document,
    "voice": _voice,
    "video": _video,
}


def _sizes(shown: Any) -> list[Json]:  # noqa: ANN401 - JSON
    return shown if isinstance(shown, list) else [shown]


def _named(attachment: Attachment) -> Json:
    return {"file_name": attachment.file_name} if attachment.file_name else {}


def _suffix(file_name: str) -> str:
    suffix = file_name.rpartition(".")[2]
    return suffix if "." in file_name and PLAIN_SUFFIX.fullmatch(suffix) else "bin"


def _photo_sizes(size: tuple[int, int]) -> list[tuple[int, int]]:
    width, height = size
    shrink = THUMBNAIL / max(width, height, THUMBNAIL + 1)
    return [(max(1, round(width * shrink)), max(1, round(height * shrink))), size]


def measure(content: bytes) -> tuple[int, int] | None:
    """Read width and height from a PNG's or JPEG's header; None for anything else."""
    if content.startswith(PNG_MAGIC) and content[12:16] == b"IHDR" and len(content) >= 24:  # noqa: PLR2004 - PNG 11.2.1
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return _measure_jpeg(content) if content.startswith(JPEG_MAGIC) else None


def _measure_jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - ITU T.81 B.1.1.2, every marker's first byte
        marker = content[at + 1]
        if marker in JPEG_SIZE_MARKERS:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 if marker in JPEG_BARE_MARKERS else 2 + int.from_bytes(content[at + 2 : at + 4])
    return None
