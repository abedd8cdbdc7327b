"""What can be found out about a file: its kind, its measures, and the fault that makes it of no use."""

from typing import Final

from msgspec import Struct

EMPTY: Final = "empty"
NEEDS_PASSWORD: Final = "needs_password"  # noqa: S105 -- a code
NOT_A_PICTURE: Final = "not_a_picture"
DAMAGED: Final = "damaged"
TOO_SMALL: Final = "too_small"
TOO_DARK: Final = "too_dark"
USELESS: Final = frozenset({EMPTY, NEEDS_PASSWORD, NOT_A_PICTURE, DAMAGED})  # nobody can see anything in such a file


class Inspection(Struct, frozen=True):
    """What a file is. `fault` is one of the codes above (those of `flows.events.FileInspected`), empty where none is.

    `kind`: jpeg | png | webp | gif | bmp | tiff | heif | pdf, empty where it is none of these. Width and height in
    pixels as they are stored, 0 for a PDF or where they are not known; `pages` is 1 for a picture.
    """

    fault: str = ""
    kind: str = ""
    width: int = 0
    height: int = 0
    pages: int = 0
