"""The log: JSON lines with codes and ids, nothing else."""

import logging

import structlog

QUIET = ("httpx", "telegram", "aiohttp.access", "uvicorn.access")  # what these log below WARNING is not for a log


def quiet_logs(level: str) -> None:
    """JSON lines with codes and ids. What others log may hold the token or personal data, so it is silenced."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    )
    logging.basicConfig()
    logging.getLogger().setLevel(logging.WARNING)  # basicConfig leaves it alone where a handler is there already
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
