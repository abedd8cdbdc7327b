"""Which kind of file it is, by its first bytes; never by its name or the media type that somebody gave it."""

from typing import Final

PDF: Final = "pdf"
_PDF_WITHIN: Final = 1024  # readers accept a PDF's header so far into the file (ISO 32000-1, Adobe's note 13)
_HEIF_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_BMP_HEADERS: Final = {12, 16, 40, 52, 56, 64, 108, 124}  # bytes; `BM` alone also begins many a text
_STARTS: Final = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"PK\x03\x04", ""),  # an archive, or an office document: a PDF inside of it would be found below
    (b"\xd0\xcf\x11\xe0", ""),
)


def kind_of(content: bytes) -> str:
    """Return the kind (see `Inspection.kind`), empty where it is none of those that are read."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if _is_heif(content):
        return "heif"
    return PDF if b"%PDF-" in content[:_PDF_WITHIN] else ""


def _is_heif(content: bytes) -> bool:
    """Read the brands of the first box (ISO 14496-12): a film has such a box too, and so has an AVIF."""
    if content[4:8] != b"ftyp":
        return False
    box = content[: min(int.from_bytes(content[:4], "big"), 256)]
    brands = {box[8:12], *(box[at : at + 4] for at in range(16, len(box) - 3, 4))}
    return bool(brands & _HEIF_BRANDS) and not brands & _AVIF_BRANDS
