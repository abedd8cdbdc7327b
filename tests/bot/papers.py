"""Made-up papers: a page of strokes, photographed as brightly as one likes, and PDFs, open and locked."""

import hashlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

A4 = (900, 1273)
ID = bytes(16)
HEIC = Path(__file__).parent / "heic"
PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")  # ISO 32000-1, 7.6.3.3


def encoded(image: Image.Image, kind: str = "png") -> bytes:
    into = BytesIO()
    image.save(into, {"jpg": "jpeg"}.get(kind, kind))
    return into.getvalue()


def drawn(size: tuple[int, int] = A4, *, exposure: float = 1.0, inverted: bool = False) -> Image.Image:
    """Draw rows of strokes, a tenth of the page; `exposure` is by how much paper and ink are darker."""
    paper, ink = (18, 235) if inverted else (235, 30)
    image = Image.new("L", size, round(paper * exposure))
    pen = ImageDraw.Draw(image)
    for top in range(40, size[1] - 40, 24):
        for left in range(40, size[0] - 40, 9):
            pen.rectangle((left, top, left + 1, top + 11), fill=round(ink * exposure))
    return image


def page(size: tuple[int, int] = A4, kind: str = "png", *, exposure: float = 1.0) -> bytes:
    if kind in {"heic", "heif"}:
        return (HEIC / f"{size[0]}x{size[1]}-{exposure:g}.heic").read_bytes()
    return encoded(drawn(size, exposure=exposure), kind)


def pdf(bodies: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Put numbered objects (from 1, the first is the catalogue) together, with a table of where each begins."""
    whole, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R %b>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, len(whole))
    return whole + head + table + end


def pages(count: int) -> list[bytes]:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count),
        *([sheet] * count),
    ]


def locked_pdf(user: str, owner: str = "owner", *, count: int = 2) -> bytes:
    """Lock one by the standard handler, revision 2 (ISO 32000-1, 7.6.3); without a user password anybody opens it."""
    forbidden = -64  # printing, changing, copying
    known = _padded(user)
    by_owner = _rc4(_md5(_padded(owner))[:5], known)
    key = _md5(known + by_owner + forbidden.to_bytes(4, "little", signed=True) + ID)[:5]
    by_user = _rc4(key, PADDING)
    lock = b"<</Filter/Standard/V 1/R 2/P %d/O<%b>/U<%b>>>" % (forbidden, _hex(by_owner), _hex(by_user))
    bodies = pages(count)
    return pdf([*bodies, lock], b"/Encrypt %d 0 R/ID[<%b><%b>]" % (len(bodies) + 1, _hex(ID), _hex(ID)))


def _hex(value: bytes) -> bytes:
    return value.hex().encode()


def _padded(password: str) -> bytes:
    return (password.encode() + PADDING)[:32]


def _md5(value: bytes) -> bytes:
    return hashlib.md5(value, usedforsecurity=False).digest()


def _rc4(key: bytes, value: Iterable[int]) -> bytes:
    box, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    j = 0
    for place, byte in enumerate(value, start=1):
        i = place % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
