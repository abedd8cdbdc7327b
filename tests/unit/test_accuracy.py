"""The command that measures the readers: a line a file, a page renewed, and what it cannot read named."""

import json
from pathlib import Path

import pytest

from benchmarks.accuracy.__main__ import main

EXAMPLES = Path(__file__).parents[1] / "examples"
PHONES = str(EXAMPLES / "phones.json")


def test_it_ends_with_one_line_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(
        json.dumps({"cases": [{"id": "X1", "phrase": "肺癌", "expect": {"status": "unclear"}}]}, ensure_ascii=False),
        "utf-8",
    )
    assert main([PHONES, str(wrong)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "ACCEPTED X1: '肺癌' expected: unclear got: listed 恶性肿瘤——重度",
        f"{PHONES}: wrong acceptances 0, right 28/28",
        f"{wrong}: wrong acceptances 1, right 0/1",
    ]


@pytest.mark.parametrize("content", ["no json", "{}", "[]"])
def test_a_file_that_holds_no_cases_is_named_and_the_others_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    bad, missing = tmp_path / "bad.json", tmp_path / "missing.json"
    bad.write_text(content, "utf-8")
    assert main([str(bad), str(missing), PHONES]) == 1
    said = capsys.readouterr()
    assert f": {bad}\n" in said.err
    assert f": {missing}\n" in said.err
    assert "right 28/28" in said.out


def test_the_tables_of_a_page_are_renewed(tmp_path: Path) -> None:
    page = tmp_path / "reading.md"
    page.write_text((EXAMPLES.parents[1] / "docs" / "reading.md").read_text("utf-8"), "utf-8")
    assert main([PHONES, "--write", str(page)]) == 0
    assert "### phones" in page.read_text("utf-8")
    assert "### dates" not in page.read_text("utf-8")


def test_a_page_without_a_place_for_the_tables_is_named_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("words", "utf-8")
    assert main([PHONES, "--write", str(page)]) == 1
    assert f": {page}\n" in capsys.readouterr().err
    assert page.read_text("utf-8") == "words"
