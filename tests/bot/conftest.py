"""What the tests of the whole house share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.house import Template, Town, make_template, open_town


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Give a database that was migrated and seeded once."""
    return make_template(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    async with open_town(template, tmp_path) as town:
        yield town
