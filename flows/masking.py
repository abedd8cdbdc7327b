"""Personal data as it is shown where somebody may look over a shoulder."""


def masked(value: str, *, shown: int = 4) -> str:
    """Return the last `shown` characters behind stars; of a short value only the last one."""
    kept = shown if len(value) > 2 * shown else 1
    return "*" * min(max(len(value) - kept, 0), 6) + value[-kept:]


def masked_name(name: str) -> str:
    """Return a name with all but its first character starred, as hospitals call it out."""
    return name[:1] + "*" * max(1, min(len(name) - 1, 3))
