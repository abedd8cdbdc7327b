"""The agents' handbook names every command by the word on its button."""

from pathlib import Path

from flows.cases.stages import STAGES
from flows.desk.buttons import BUTTONS
from flows.desk.process_texts import STAGE_NAMES
from tests.world import TEXTS

HANDBOOK = Path(__file__).parents[3] / "docs" / "agents.zh-CN.md"


def test_the_handbook_names_every_command_and_every_stage() -> None:
    text = HANDBOOK.read_text("utf-8")
    words = [TEXTS(label()) for label in BUTTONS.values()]
    assert [word for word in words if word not in text] == []
    assert all(TEXTS(STAGE_NAMES[stage]()) in text for stage in STAGES)
