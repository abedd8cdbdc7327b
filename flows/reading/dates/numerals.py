"""Arabic and Chinese numerals as they stand in dates. Neither function raises."""

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"廿": 20, "卅": 30}
UNITS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "".join(DIGITS) + "".join(TENS) + "".join(UNITS)
SHORT_YEAR, FULL_YEAR = 2, 4


def count(text: str) -> int | None:
    """Return the number; None for two digits in a row (三四: three or four) and for what is no number."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, None
    for place, char in enumerate(text):
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS[char]
        elif char in TENS:
            total += TENS[char]
        elif char in UNITS:
            first = 1 if place == 0 else 0
            total, digit = total + (digit or first) * UNITS[char], None
        else:
            return None
    return total + (digit or 0) if text else None


def year(text: str) -> int | None:
    """Return a year of four digits, or of two as typed (26); None for any other length or no number."""
    if text.isdecimal() or all(c in DIGITS or c.isdecimal() for c in text):
        digits = "".join(str(DIGITS.get(c, c)) for c in text)
        return int(digits) if len(digits) in {SHORT_YEAR, FULL_YEAR} else None
    value = count(text)
    return value if value is not None and len(str(value)) == FULL_YEAR else None


def number(text: str | None) -> int | None:
    """Return the number of a group, None when it is absent or no number."""
    return None if text is None else count(text)
