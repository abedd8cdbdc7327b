"""Whether anybody can see anything on a picture: it is whole, large enough to read, and not black.

A picture of more than `MOST_PIXELS` is measured by its header and never decoded.
"""

from io import BytesIO
from typing import Final

from pi_heif import register_heif_opener
from PIL import Image

from bot.media.findings import DAMAGED, TOO_DARK, TOO_SMALL, Inspection

MOST_PIXELS: Final = 2**26  # 67 million: more than telephones take as a rule, at most 256 MiB decoded
MOST_SCANS: Final = 100  # of a progressive JPEG, each of which costs a pass; an honest one has about ten
# An A4 page 600 pixels wide has one pixel to the point: a character of a report, 10.5 points (五号), has ten pixels
# then, below which strokes run together. What is narrower may be a slip, whose characters are no smaller.
LEAST_PIXELS: Final = 600 * 848
LEAST_SIDE: Final = 300
# Of 255. Paper photographed at an eighth of its brightness still shows its print. White on black, as a screenshot may
# be, is dark on the whole, but not in its brightest hundredth.
DARK: Final = 28
BRIGHT: Final = 72
_BRIGHTEST: Final = 0.01
_SAMPLE: Final = (256, 256)
_SCANNED: Final = frozenset({"JPEG", "MPO"})
_UNSCALED: Final = frozenset({"I", "F", "LAB", "HSV"})  # modes whose values are no brightness from 0 to 255

# The limit that counts is MOST_PIXELS: Pillow's own would refuse even to measure.
Image.MAX_IMAGE_PIXELS = None
register_heif_opener()


def look(content: bytes, kind: str) -> Inspection:
    """Look into a picture of this kind. Never raises, whatever the bytes."""
    width = height = 0
    try:
        with Image.open(BytesIO(content), formats=(kind.upper(),)) as image:
            width, height = image.size
            fault = _fault(image, content)
    except Exception:  # noqa: BLE001 -- the edge: decoders raise whatever comes to them at such bytes
        fault = DAMAGED
    return Inspection(fault, kind, width, height, 1)


def _fault(image: Image.Image, content: bytes) -> str:
    width, height = image.size
    sample = _sample(image) if _is_cheap(image, content) else None
    if min(width, height) < LEAST_SIDE or width * height < LEAST_PIXELS:
        return TOO_SMALL
    return TOO_DARK if sample is not None and _is_dark(sample) else ""


def _is_cheap(image: Image.Image, content: bytes) -> bool:
    scans = content.count(b"\xff\xda") if image.format in _SCANNED else 1
    return image.width * image.height <= MOST_PIXELS and scans <= MOST_SCANS


def _sample(image: Image.Image) -> Image.Image:
    """Decode, and pick pixels from all over. Raises where the picture is not whole."""
    image.draft("L", _SAMPLE)  # a JPEG is decoded at an eighth of its size
    image.load()
    return image.resize(_SAMPLE, Image.Resampling.NEAREST)


def _is_dark(sample: Image.Image) -> bool:
    histogram = _brightness(sample).histogram()
    count = sum(histogram)
    mean = sum(value * many for value, many in enumerate(histogram)) / count
    bright = sum(histogram[BRIGHT:])
    return mean < DARK and bright < count * _BRIGHTEST


def _brightness(sample: Image.Image) -> Image.Image:
    """Return the picture in grey, as it is seen: what is transparent lies on white paper."""
    if sample.mode in _UNSCALED:
        return Image.new("L", (1, 1), 255)
    if sample.mode.startswith("I;16"):
        return _high_bytes(sample)
    if sample.has_transparency_data:
        paper = Image.new("RGBA", sample.size, "white")
        paper.alpha_composite(sample.convert("RGBA"))
        return paper.convert("L")
    return sample.convert("L")


def _high_bytes(sample: Image.Image) -> Image.Image:
    """Return sixteen bits of grey in eight; Pillow's own conversion cuts them off at 255."""
    raw = sample.tobytes()
    return Image.frombytes("L", sample.size, raw[0::2] if sample.mode.endswith("B") else raw[1::2])
