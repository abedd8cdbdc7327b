"""CONTRIBUTING.md says how a question, an effect with a table and a command are added: here it is done, in a copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("bot", "flows", "storage", "locales", "tests")
UNUSED = shutil.ignore_patterns("__pycache__", "release_*", "browser", "sandbox")
SECTION = r"^### {}\b.*?^```diff\n(.*?)^```$"
TOUCHED = re.compile(r"^\+\+\+ b/(.+)$", re.MULTILINE)
MOST = {"question": 6, "effect": 4, "command": 3}  # files that are edited by hand


def diff_of(example: str) -> str:
    """Return the diff in the section of one example; a migration in it follows the newest of the project."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(SECTION.format(example.capitalize()), text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"no diff for: {example}"
    newest = max(path.name[:4] for path in (ROOT / "storage/migrations/versions").glob("[0-9]*.py"))
    return re.sub(r'(down_revision = )"\d{4}"', rf'\1"{newest}"', found[1])


@pytest.mark.parametrize("example", MOST)
def test_the_worked_example_works(example: str, tmp_path: Path) -> None:
    diff = diff_of(example)
    assert 1 < len(set(TOUCHED.findall(diff))) <= MOST[example]
    copy, data = tmp_path / "copy", tmp_path / "data"
    data.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, copy / part, ignore=UNUSED)
    _run(["git", "apply", "--verbose", "-C1", "-"], copy, diff)
    _run([sys.executable, "-m", f"tests.contributing.{example}", str(data)], copy)


def _run(command: list[str], folder: Path, written: str = "") -> None:
    alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=alone, input=written, capture_output=True, text=True, check=False)  # noqa: S603 - its own commands
    assert done.returncode == 0, done.stderr
