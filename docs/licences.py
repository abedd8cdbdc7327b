"""Writes NOTICE, the licence of every pinned dependency, and refuses what may not be depended on.

`python -m docs.licences` writes; with `--check` it writes nothing and exits 1 where NOTICE is stale. Either exits 1
where a licence is refused: the rules are in `docs.licence_rules`. It reads what is installed, without the network.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from docs.licence_rules import (
    ACCEPTED,
    AMBIGUOUS,
    HARMLESS_TEXT,
    NAMES,
    REFUSED_LIBRARY,
    REFUSED_TEXT,
    REVIEWED,
    STATED,
)

ROOT: Final = Path(__file__).parent.parent
NOTICE: Final = ROOT / "NOTICE"
RUN_TIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
UNKNOWN: Final = "unknown"
PIN: Final = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+-]+)", re.MULTILINE)
LICENCE_FILE: Final = re.compile(r"licen[sc]e|copying|notice", re.IGNORECASE)
SOURCE: Final = frozenset({".py", ".pyi", ".pyc", ".js", ".ts"})
GNU_FAMILIES: Final = (("Affero", "AGPL"), ("AGPL", "AGPL"), ("Lesser", "LGPL"), ("LGPL", "LGPL"), ("", "GPL"))
HEAD: Final = """\
Green Channel Intake
Licensed under the Apache License, Version 2.0: see LICENSE.

It uses the following software, which is not part of it. Each comes with its licence in full.
Made by `make notice` from the pinned requirements. Do not edit.
"""


class Pin(NamedTuple):
    """A distribution and the version that the requirements fix."""

    name: str
    version: str


class Entry(NamedTuple):
    """A line of NOTICE."""

    name: str
    version: str
    licence: str


class Fault(NamedTuple):
    """Why a distribution is refused."""

    name: str
    reason: str


def pins(text: str) -> list[Pin]:
    """Return the pinned distributions of a requirements file."""
    return [Pin(*found) for found in PIN.findall(text)]


# ---- the licence as SPDX ----


def spdx(expression: str | None, field: str | None, classifiers: Iterable[str]) -> str:
    """Return the licence as an SPDX expression, `unknown` where the metadata names none.

    The License-Expression decides. Without one, the licence field and every licence classifier apply together.
    """
    if expression:
        return expression
    named = [field] if field and "\n" not in field.strip() else []
    named += [name.split(" :: ")[-1] for name in classifiers if name.startswith("License :: ")]
    known = sorted({_normalised(name) for name in named if name.lower() not in AMBIGUOUS})
    return " AND ".join(f"({name})" if len(known) > 1 and " OR " in name else name for name in known) or UNKNOWN


def _normalised(name: str) -> str:
    """Return the SPDX identifier of a licence's name, an expression as it is."""
    known = NAMES.get(name.strip().lower())
    if known is not None:
        return known
    return name.strip() if re.search(r" (OR|AND) ", name) else _gnu(name.strip())


def _gnu(name: str) -> str:
    """Return the SPDX identifier of a GNU licence's name; any other name as it is."""
    if name in ACCEPTED or not re.search(r"GNU|GPL|General Public", name):
        return name
    family = next(short for word, short in GNU_FAMILIES if word in name)
    version = re.search(r"\d(\.\d)?", name)
    later = "or-later" if re.search(r"later|\+", name) else "only"
    return f"{family}-{float(version[0]):.1f}-{later}" if version else family


def is_accepted(expression: str) -> bool:
    """Return True if every licence of one side of the expression is accepted."""
    while nested := re.search(r"\(([^()]*)\)", expression):
        inner = " MIT " if is_accepted(nested[1]) else f" {UNKNOWN} "
        expression = expression[: nested.start()] + inner + expression[nested.end() :]
    sides = re.split(r"\s+OR\s+", expression)
    return any(all(part.strip() in ACCEPTED for part in re.split(r"\s+AND\s+", side)) for side in sides)


# ---- what a distribution bundles ----


def bundled(dist: Distribution) -> Iterator[str]:
    """Yield the files of a distribution whose name or licence text says that it bundles GPL or AGPL code."""
    for file in dist.files or ():
        if REFUSED_LIBRARY.match(file.name) or (_is_licence(file) and _applies_gpl(Path(str(file.locate())))):
            yield str(file)


def _is_licence(file: PurePath) -> bool:
    """Return True if the file holds the text of a licence."""
    inside = any(part.endswith(".dist-info") for part in file.parts) and LICENCE_FILE.search(str(file))
    return file.suffix not in SOURCE and bool(inside or LICENCE_FILE.match(file.name))


def _applies_gpl(path: Path) -> bool:
    """Return True if the text speaks of the GPL, the AGPL or x265 otherwise than in passing."""
    text = " ".join(path.read_text(errors="replace").split()) if path.is_file() else ""
    for passage in HARMLESS_TEXT:
        text = passage.sub("", text.translate({0x201C: '"', 0x201D: '"'}))
    return REFUSED_TEXT.search(text) is not None


def _reviewed(name: str, file: str) -> bool:
    """Return True if somebody has read this file and said why it does not matter."""
    last = PurePath(file).name
    library = REFUSED_LIBRARY.match(last)
    return (name, library[0] if library else last) in REVIEWED


# ---- the report ----


def entry(pin: Pin) -> Entry:
    """Return the line of NOTICE for a pinned distribution."""
    stated = STATED.get(pin.name)
    if stated is not None:
        return Entry(*pin, stated.licence)
    try:
        metadata = distribution(pin.name).metadata
    except PackageNotFoundError:
        return Entry(*pin, UNKNOWN)
    expression, field, classifiers = (
        metadata.get_all(key) or () for key in ("License-Expression", "License", "Classifier")
    )
    return Entry(*pin, spdx(next(iter(expression), None), next(iter(field), None), classifiers))


def faults(pin: Pin, licence: str) -> Iterator[Fault]:
    """Yield why a pinned distribution is refused."""
    if not is_accepted(licence):
        yield Fault(pin.name, f"the licence is not accepted: {licence}")
    try:
        dist = distribution(pin.name)
    except PackageNotFoundError:
        return
    if dist.version != pin.version:
        yield Fault(pin.name, f"{dist.version} is installed, {pin.version} is pinned")
    yield from (Fault(pin.name, f"GPL or AGPL in {file}") for file in bundled(dist) if not _reviewed(pin.name, file))


def notice(run_time: Sequence[Entry], development: Sequence[Entry]) -> str:
    """Return the text of NOTICE."""
    return "\n".join(
        [HEAD, "Run time", *_lines(run_time), "", "Development only, not shipped", *_lines(development), ""]
    )


def _lines(entries: Sequence[Entry]) -> list[str]:
    """Return one aligned line for each entry, sorted by name."""
    width = max(len(f"{name} {version}") for name, version, _ in entries)
    return [f"  {f'{name} {version}':<{width}}  {licence}" for name, version, licence in sorted(entries)]


def entries(root: Path = ROOT) -> tuple[list[Entry], list[Entry]]:
    """Return the entries of run time, and those that only development adds."""
    run_time, every = (pins((root / name).read_text()) for name in (RUN_TIME, DEVELOPMENT))
    return [entry(pin) for pin in run_time], [entry(pin) for pin in every if pin not in run_time]


def main(arguments: Sequence[str]) -> int:
    """Write NOTICE, or check it; return the exit code."""
    run_time, development = entries()
    found = [
        fault for name, version, licence in (*run_time, *development) for fault in faults(Pin(name, version), licence)
    ]
    for fault in found:
        print(f"{fault.name}: {fault.reason}", file=sys.stderr)
    text = notice(run_time, development)
    if "--check" not in arguments and not found:
        NOTICE.write_text(text)
    stale = not NOTICE.exists() or NOTICE.read_text() != text
    if stale:
        print("NOTICE is stale: make notice", file=sys.stderr)
    return int(bool(found) or stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
