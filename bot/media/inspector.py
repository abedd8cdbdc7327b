"""What a file is, and whether it is of any use: the one way in to this package."""

from threading import Lock

from bot.media import pdf, picture
from bot.media.findings import EMPTY, NOT_A_PICTURE, Inspection
from bot.media.signature import PDF, kind_of

# One file at a time, so that what the largest needs is what all need.
_one_at_a_time = Lock()


def inspect(content: bytes) -> Inspection:
    """Look into a file, by its bytes alone. Synchronous: for a thread. Bounded in memory and time, see ADR 7.

    No bytes make it raise; OSError or CalledProcessError say that a PDF could not be looked into here and now.
    """
    if not content:
        return Inspection(EMPTY)
    kind = kind_of(content)
    if not kind:
        return Inspection(NOT_A_PICTURE)
    with _one_at_a_time:
        return pdf.look(content) if kind == PDF else picture.look(content, kind)
