"""Looks for secrets in raw bytes, in every form in which a careless layer may have written them."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SHORTEST = 6  # bytes; what is shorter stands in random bytes by chance
URL_SAFE = bytes.maketrans(b"+/", b"-_")


def forms(secret: str) -> dict[str, bytes]:
    """Return each form by its name; those that would be too short to mean anything are left out."""
    raw, escaped, percent = secret.encode(), _escaped(secret), quote(secret, safe="")
    found = {
        "utf-8": raw,
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
        "gb18030": secret.encode("gb18030"),
        "escaped": escaped.encode(),
        "ESCAPED": escaped.upper().replace("\\U", "\\u").encode(),
        "escaped twice": escaped.replace("\\", "\\\\").encode(),
        "percent": percent.encode(),
        "percent lower": _lowered(percent).encode(),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
    }
    for offset in range(3):
        inside = _base64(raw, offset)
        found |= {f"base64+{offset}": inside, f"base64url+{offset}": inside.translate(URL_SAFE)}
    return {name: form for name, form in found.items() if len(form) >= SHORTEST}


def _escaped(text: str) -> str:
    """Return every UTF-16 code unit as JSON escapes it."""
    encoded = text.encode("utf-16-be")
    return "".join(f"\\u{encoded[at : at + 2].hex()}" for at in range(0, len(encoded), 2))


def _lowered(quoted: str) -> str:
    head, *rest = quoted.split("%")
    return head + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)


def _base64(raw: bytes, offset: int) -> bytes:
    """Return the characters that depend on `raw` alone where it stands `offset` bytes after a group of three."""
    encoded = base64.b64encode(bytes(offset) + raw)
    first, last = -(-offset * 8 // 6), (offset + len(raw)) * 8 // 6
    return encoded[first:last]


@dataclass(frozen=True)
class Search:
    """How much was looked through for how many forms, and where each secret was found, as `place: form`."""

    places: int
    size: int
    needles: int
    found: Mapping[str, Sequence[str]]


def search(secrets: Iterable[str], places: Mapping[str, bytes]) -> Search:
    """Look for every form of every secret in every place; a place is a name and its bytes."""
    needles = {secret: forms(secret) for secret in secrets}
    found = {
        secret: [
            f"{place}: {name}" for place, content in places.items() for name, form in each.items() if form in content
        ]
        for secret, each in needles.items()
    }
    return Search(
        places=len(places),
        size=sum(map(len, places.values())),
        needles=sum(map(len, needles.values())),
        found={secret: where for secret, where in found.items() if where},
    )


def on_disk(folder: Path) -> dict[str, bytes]:
    """Return everything below `folder`: each file's content, and under one more name the names of them all."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = "\n".join(str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files} | {"names of files": names.encode()}
