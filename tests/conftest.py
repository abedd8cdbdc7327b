"""What every test leaves behind as it found it."""

import logging
from collections.abc import Iterator

import hypothesis
import pytest
import structlog

from bot.logs import QUIET

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A command sets the log up for its process; the next test is another process."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in QUIET)]
    levels = [logger.level for logger in loggers]
    yield
    structlog.reset_defaults()
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
