"""A new table needs no list: its module is found."""

import shutil
import subprocess
import sys
from pathlib import Path

from storage import schema
from storage.records import registry
from storage.schema import metadata

NOTES = '''
"""Notes."""

from sqlalchemy import Table

from storage.schema.base import key_column, metadata

notes = Table("notes", metadata, key_column())
'''
LOOK = "from storage.schema import metadata; print(*sorted(metadata.tables))"


def test_a_table_in_a_module_of_its_own_is_part_of_the_metadata(tmp_path: Path) -> None:
    (source,) = schema.__path__
    copy = tmp_path / "storage" / "schema"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "storage" / "__init__.py").touch()
    (copy / "notes.py").write_text(NOTES)
    command = [sys.executable, "-c", LOOK]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)  # noqa: S603 - constant
    assert len(metadata.tables) > 10
    assert set(found.stdout.split()) == {*metadata.tables, "notes"}


def test_every_writer_stands_in_a_module_of_records() -> None:
    modules = {writer.__module__ for writer in registry.WRITERS.values()}
    assert len(modules) > 3
    assert all(module.startswith("storage.records.") for module in modules)
