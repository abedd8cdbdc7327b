"""Files that people send: kept in memory, measured by their header, named as Telegram names them."""

from typing import Any

import msgspec

from bot.sandbox.errors import ApiError, bad_request

BIGGEST_DOWNLOAD = 20 * 1024 * 1024
THUMBNAIL = 320
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
JPEG_SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE_MARKERS = frozenset(range(0xD0, 0xDA)) | {0x01}


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file. Each size of a photo has its own id but shares the content."""

    file_id: str
    file_unique_id: str
    path: str
    content: bytes
    mime_type: str
    file_name: str | None = None

    def as_file(self) -> dict[str, Any]:
        """Give what all of Telegram's file objects have in common."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "file_size": len(self.content),
        }

    def as_document(self) -> dict[str, Any]:
        """Give Telegram's Document."""
        document = {**self.as_file(), "mime_type": self.mime_type}
        if self.file_name:
            document["file_name"] = self.file_name
        return document


class Files:
    """All files, found by id or by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._media: dict[str, dict[str, Any]] = {}

    def add_photo(self, content: bytes, size: tuple[int, int]) -> list[dict[str, Any]]:
        """Store a photo; give its PhotoSize list, smallest first."""
        sizes = [self._photo_size(content, fitted) for fitted in _photo_sizes(size)]
        for each in sizes:
            self._media[each["file_id"]] = {"photo": sizes}
        return sizes

    def add_document(self, content: bytes, file_name: str | None, mime_type: str) -> dict[str, Any]:
        """Store a document; give Telegram's Document."""
        suffix = file_name.rpartition(".")[2] if file_name and "." in file_name else "bin"
        stored = self._store(content, folder="documents", suffix=suffix, mime_type=mime_type, name=file_name)
        document = stored.as_document()
        self._media[stored.file_id] = {"document": document}
        return document

    def media(self, file_id: str, kind: str) -> dict[str, Any]:
        """Give the message field ("photo" or "document") that re-sends a known file."""
        media = self._media.get(file_id)
        if media is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if kind not in media:
            raise bad_request(f"can't use file of type {next(iter(media)).title()} as {kind.title()}")
        return media

    def get(self, file_id: str) -> StoredFile:
        """Give a file by id, as getFile does: 400 when unknown or over 20 MB."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if len(stored.content) > BIGGEST_DOWNLOAD:
            raise bad_request("file is too big")
        return stored

    def download(self, path: str) -> StoredFile:
        """Give a file by its file_path; 404 when there is none."""
        stored = self._by_path.get(path)
        if stored is None:
            raise ApiError(404, "Not Found")
        return stored

    def show(self, file_id: str) -> StoredFile | None:
        """Give a file of any size by id, for a person's screen."""
        return self._by_id.get(file_id)

    def _photo_size(self, content: bytes, size: tuple[int, int]) -> dict[str, Any]:
        mime_type = "image/png" if content.startswith(PNG_MAGIC) else "image/jpeg"
        stored = self._store(content, folder="photos", suffix="jpg", mime_type=mime_type)
        return {**stored.as_file(), "width": size[0], "height": size[1]}

    def _store(
        self, content: bytes, *, folder: str, suffix: str, mime_type: str, name: str | None = None
    ) -> StoredFile:
        number = len(self._by_id) + 1
        stored = StoredFile(
            file_id=f"BQACAgUAAxkBAAI{number:09d}",
            file_unique_id=f"AgAD{number:09d}",
            path=f"{folder}/file_{number}.{suffix}",
            content=content,
            mime_type=mime_type,
            file_name=name,
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored


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
