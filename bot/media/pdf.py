"""Finds out if a PDF can be opened without a password; its pages are not drawn."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from bot.media.findings import DAMAGED, Inspection
from bot.media.signature import PDF

PATIENCE: Final = 30.0  # seconds, on a busy machine; the processor's seconds are bounded in `pdf_alone`
_ALONE: Final = str(Path(__file__).with_name("pdf_alone.py"))


def look(content: bytes) -> Inspection:
    """Open a PDF in another process, which gets none of our environment. What brings that one down is damaged.

    Raises OSError or CalledProcessError where no such process can be run at all, which is no fault of the file.
    """
    command = [sys.executable, "-I", _ALONE]
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed command
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Inspection(DAMAGED, PDF)
    if done.returncode < 0:  # killed by a signal: a limit, or PDFium's own end
        return Inspection(DAMAGED, PDF)
    done.check_returncode()
    fault, pages = done.stdout.decode().split(":")
    return Inspection(fault, PDF, pages=int(pages))
