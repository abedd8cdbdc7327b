"""What the tests of the whole bot share."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.newcomers import Newcomer, newcomer
from tests.bot.process import Template, Town, Watch, make_template, open_town, running

FIRST = 3000  # the place and chat of the first newcomer; those of others are below


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return a database that was migrated and seeded once."""
    return make_template(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(template, tmp_path) as town:
        yield town


@pytest.fixture(scope="session")
def places() -> Iterator[int]:
    """Return the places of those who come, one after the other."""
    return itertools.count(FIRST)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_town(template: Template, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town with a bot that runs, from a Monday at ten; one for all tests of a module."""
    async with open_town(template, tmp_path_factory.mktemp("town")) as town, running(town.settings, clock=Watch()):
        yield town


@pytest_asyncio.fixture(loop_scope="module")
async def somebody(running_town: Town, places: Iterator[int]) -> Newcomer:
    """Somebody new there."""
    return await newcomer(running_town, next(places))
