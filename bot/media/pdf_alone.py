"""Opens a PDF in a process of its own: `python pdf_alone.py < file` prints its fault and its number of pages.

A small PDF can unpack to gigabytes, and PDFium is a program in C: whatever it does to memory and time, it does here.
So this file imports nothing of ours, and is given nothing but the bytes.
"""

import resource
import sys
from typing import Final

import pypdfium2
from pypdfium2.raw import FPDF_ERR_PASSWORD

MEMORY: Final = 2**30  # bytes of address space
SECONDS: Final = 10  # of the processor
MOST_PAGES: Final = 200  # further ones are counted, but not looked for
_END: Final = (b"%%EOF", b"startxref")
_TAIL: Final = 4096


def opened(content: bytes) -> tuple[str, int]:
    """Return the fault (empty, needs_password or damaged) and the number of pages. Never raises."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
            for page in range(min(pages, MOST_PAGES)):
                document.get_page_size(page)  # raises where the page is missing
    except Exception as error:  # noqa: BLE001 -- the edge: it is asked for again, whatever is wrong with it
        password = getattr(error, "err_code", None) == FPDF_ERR_PASSWORD
        return "needs_password" if password else "damaged", 0
    return ("" if pages and _has_end(content) else "damaged"), pages


def _has_end(content: bytes) -> bool:
    """Return True if it was not cut off: PDFium mends what was, and leaves out what is missing."""
    tail = content.rstrip(b"\0 \r\n\t")[-_TAIL:]
    return any(mark in tail for mark in _END)


def main() -> None:
    """Read a PDF, print what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the document
    fault, pages = opened(sys.stdin.buffer.read())
    sys.stdout.write(f"{fault}:{pages}")


if __name__ == "__main__":
    main()
