"""A file is what its bytes are: of use, or with the one fault that makes it of none; no bytes make it raise."""

import struct
import subprocess
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.media import pdf as pdfs
from bot.media import pdf_alone
from bot.media.findings import Inspection
from bot.media.inspector import inspect
from bot.media.picture import look
from bot.media.signature import kind_of
from tests.bot.papers import A4, drawn, encoded, locked_pdf, page, pages, pdf

KINDS = ("jpeg", "png", "webp", "gif", "bmp", "tiff", "heif")
PICTURES = {kind: page(kind=kind) for kind in KINDS}
OPEN_PDF = pdf(pages(3))


def archive(name: str, content: bytes) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as zipped:
        zipped.writestr(name, content)
    return into.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is so large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", KINDS)
def test_a_legible_picture_has_no_fault(kind: str) -> None:
    assert inspect(PICTURES[kind]) == Inspection("", kind, *A4, 1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I", "F", "LAB", "I;16", "LA"])
def test_a_legible_picture_has_no_fault_however_its_colours_are_written(mode: str) -> None:
    if mode == "I;16":
        image = Image.frombytes("I;16", A4, b"".join(bytes((0, value)) for value in drawn().tobytes()))
    else:
        image = Image.new("LAB", A4) if mode == "LAB" else drawn().convert(mode)
    assert inspect(encoded(image, "tiff")) == Inspection("", "tiff", *A4, 1)


def test_nothing_at_all_is_empty() -> None:
    assert inspect(b"") == Inspection("empty")


@pytest.mark.parametrize(
    "content",
    [
        b" ",
        "病理报告".encode(),
        b"BMI 23.5, and more words than a header of a bitmap has",
        archive("word/document.xml", b"<w:document/>"),
        archive("report.pdf", OPEN_PDF),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
        b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"OggS" + bytes(100),
    ],
)
def test_what_is_neither_a_picture_nor_a_pdf_is_neither_whatever_its_name_says(content: bytes) -> None:
    assert inspect(content) == Inspection("not_a_picture")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_picture_that_was_cut_off_is_damaged(kind: str, share: float) -> None:
    content = PICTURES[kind]
    assert inspect(content[: int(len(content) * share)]).fault == "damaged"


def test_a_picture_with_something_after_it_is_whole() -> None:
    assert not inspect(PICTURES["jpeg"] + b"\0" * 500 + b"\xff\xda" * 300).fault


# ---- large and small ----


@pytest.mark.parametrize(
    ("size", "fault"),
    [
        ((599, 847), "too_small"),
        ((600, 848), ""),
        ((640, 480), "too_small"),
        ((905, 1280), ""),
        ((1280, 420), ""),  # a slip of paper
        ((1280, 290), "too_small"),
        ((1, 1), "too_small"),
        ((299, 8000), "too_small"),
        ((1080, 9000), ""),  # a long screenshot
    ],
)
def test_a_picture_is_too_small_where_a_pages_print_could_not_be_read(size: tuple[int, int], fault: str) -> None:
    assert inspect(encoded(Image.new("L", size, 200))).fault == fault


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_an_enormous_picture_is_measured_by_its_header_and_never_decoded(side: int) -> None:
    assert inspect(png_that_claims(side, side)) == Inspection("", "png", side, side, 1)


def test_a_picture_that_claims_more_than_it_has_is_damaged() -> None:
    assert inspect(png_that_claims(2000, 2000)).fault == "damaged"


def test_a_picture_without_a_side_is_damaged() -> None:
    assert inspect(png_that_claims(0, 2000)).fault == "damaged"


def test_a_jpeg_of_countless_scans_is_not_decoded() -> None:
    content = PICTURES["jpeg"]
    assert inspect(content[: len(content) // 2] + b"\xff\xda" * 101) == Inspection("", "jpeg", *A4, 1)


# ---- dark ----


@pytest.mark.parametrize("kind", ["jpeg", "png", "heif"])
@pytest.mark.parametrize(
    ("exposure", "fault"),
    [(1.0, ""), (0.5, ""), (0.25, ""), (0.15, ""), (0.08, "too_dark"), (0.03, "too_dark"), (0.0, "too_dark")],
)
def test_a_page_is_too_dark_where_its_print_is_lost_and_not_where_it_is_only_dim(
    kind: str, exposure: float, fault: str
) -> None:
    assert inspect(page(kind=kind, exposure=exposure)).fault == fault


def test_white_print_on_black_is_not_too_dark() -> None:
    assert not inspect(encoded(drawn(inverted=True))).fault


def test_what_is_transparent_lies_on_white_paper() -> None:
    assert not inspect(encoded(Image.new("RGBA", A4))).fault
    assert inspect(encoded(Image.new("RGBA", A4, "black"))).fault == "too_dark"


def test_sixteen_bits_of_darkness_are_dark() -> None:
    assert inspect(encoded(Image.new("I;16", A4, 300), "tiff")).fault == "too_dark"
    assert inspect(encoded(Image.new("I;16", A4, 300))).fault == "too_dark"


# ---- PDF ----


@pytest.mark.parametrize(
    "content",
    [OPEN_PDF, b"\xef\xbb\xbf\n" + OPEN_PDF, OPEN_PDF + bytes(9000), locked_pdf("", count=3)],
    ids=["plain", "with something before", "with zeros after", "with an owner's password only"],
)
def test_a_pdf_that_anybody_can_open_has_no_fault(content: bytes) -> None:
    assert inspect(content) == Inspection("", "pdf", pages=3)


def test_a_pdf_that_opens_with_a_password_only_needs_it() -> None:
    assert inspect(locked_pdf("secret")) == Inspection("needs_password", "pdf")


def test_a_pdf_of_one_small_page_is_not_too_small() -> None:
    assert not inspect(pdf(pages(1)).replace(b"595 842", b"10 10  ")).fault


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4 a page", OPEN_PDF[:200], OPEN_PDF[:-40], pdf(pages(0)), pdf([*pages(2)[:3]])],
    ids=["words", "cut off", "without its end", "no page", "a page is missing"],
)
def test_a_pdf_that_is_not_whole_is_damaged(content: bytes) -> None:
    assert inspect(content).fault == "damaged"


def bomb(size: int) -> bytes:
    """Return a small PDF whose catalogue unpacks to so many bytes."""
    packer, blank = zlib.compressobj(9), b" " * 1000
    packed = packer.compress(b"1 0 <</Type/Catalog/Pages 2 0 R>>")
    packed += b"".join(packer.compress(blank) for _ in range(size // 1000)) + packer.flush()
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
    whole, places = b"%PDF-1.5\n", [0, 0]
    for number, body in ((2, pages(1)[1]), (3, pages(1)[2]), (4, stream)):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    entries = [(0, 0), (2, 4), *((1, place) for place in places[2:]), (1, len(whole))]
    table = b"".join(struct.pack(">BIB", kind, place, 0) for kind, place in entries)
    head = b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return whole + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(whole)


def test_a_pdf_that_unpacks_beyond_all_measure_is_damaged_and_harms_nobody_else() -> None:
    assert not inspect(bomb(1000)).fault
    content = bomb(pdf_alone.MEMORY // 2)  # takes its seconds: half a gigabyte is packed
    assert len(content) < 600_000
    assert inspect(content).fault == "damaged"


def test_where_no_process_can_be_run_the_file_is_not_to_blame(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdfs, "_ALONE", str(tmp_path / "nothing.py"))
    with pytest.raises(subprocess.CalledProcessError):
        inspect(OPEN_PDF)


# ---- anything ----

SMALL = {kind: page((60, 90), kind) for kind in KINDS}
Change = tuple[int, int]
CHANGES = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=12)


def changed(content: bytes, changes: list[Change], length: int) -> bytes:
    mutated = bytearray(content)
    for place, value in changes:
        mutated[place % len(mutated)] = value
    return bytes(mutated[: max(1, len(mutated) - length)])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), CHANGES, st.sampled_from([0, 0, 1, 100]))
def test_no_picture_however_mangled_makes_it_raise(kind: str, changes: list[Change], cut: int) -> None:
    content = changed(SMALL[kind], changes, cut)
    found = look(content, kind)
    assert found.fault in {"", "damaged", "too_small", "too_dark"}
    assert found.kind == kind


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([OPEN_PDF, locked_pdf("secret"), locked_pdf("")]), CHANGES, st.sampled_from([0, 0, 1, 100]))
def test_no_pdf_however_mangled_makes_it_raise(content: bytes, changes: list[Change], cut: int) -> None:
    fault, count = pdf_alone.opened(changed(content, changes, cut))
    assert fault in {"", "damaged", "needs_password"}
    assert fault or count


@given(st.binary(max_size=200))
def test_whatever_comes_is_of_a_kind_or_of_none(content: bytes) -> None:
    kind = kind_of(content)
    assert kind in {"", "pdf", *KINDS}
    assert look(content, kind or "jpeg").fault == "damaged"
