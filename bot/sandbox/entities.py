"""What Telegram marks in a text by itself: commands, with offsets in UTF-16 units as it counts them."""

import re
from typing import Any

COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?(?![\w/])", re.ASCII)


def marked(text: str) -> list[dict[str, Any]]:
    """Return the MessageEntity list of a text without markup."""
    if "/" not in text:
        return []
    return [
        {
            "type": "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found.group()),
        }
        for found in COMMAND.finditer(text)
    ]
