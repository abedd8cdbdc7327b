"""What an operator sees of the readers."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import main
from bot.cli.readings import Kind

EXAMPLES = Path(__file__).parents[1] / "examples"


def output(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main.app, words)
    assert result.exit_code == code, result.output
    return result.output


def test_accuracy_ends_with_one_line_for_each_file(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(
        json.dumps({"cases": [{"id": "X1", "phrase": "肺癌", "expect": {"status": "unclear"}}]}, ensure_ascii=False),
        "utf-8",
    )
    phones = str(EXAMPLES / "phones.json")
    assert output("accuracy", phones, str(wrong)).splitlines() == [
        "ACCEPTED X1: '肺癌' expected: unclear got: listed 恶性肿瘤——重度",
        f"{phones}: wrong acceptances 0, right 28/28",
        f"{wrong}: wrong acceptances 1, right 0/1",
    ]


@pytest.mark.parametrize("content", ["no json", "{}", "[]"])
def test_accuracy_names_a_file_that_holds_no_cases_and_scores_the_others(tmp_path: Path, content: str) -> None:
    bad, missing = tmp_path / "bad.json", tmp_path / "missing.json"
    bad.write_text(content, "utf-8")
    lines = output("accuracy", str(bad), str(missing), str(EXAMPLES / "phones.json"), code=1)
    assert f"：{bad}" in lines
    assert f"：{missing}" in lines
    assert "right 28/28" in lines


def test_accuracy_renews_the_tables_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "reading.md"
    page.write_text((EXAMPLES.parents[1] / "docs" / "reading.md").read_text("utf-8"), "utf-8")
    output("accuracy", str(EXAMPLES / "phones.json"), "--write", str(page))
    assert "### phones" in page.read_text("utf-8")
    assert "### dates" not in page.read_text("utf-8")


@pytest.mark.parametrize("kind", Kind)
def test_read_says_something_of_any_answer(kind: str) -> None:
    for text in ("", "你好", "我爸肺癌二期，在协和，13800001234"):
        assert "。\n" in output("read", kind, text)


def test_read_shows_the_outcome_and_the_values() -> None:
    lines = output("read", "date", "上周三", "--today", "2026-11-22").splitlines()
    assert lines == ["看懂了，可以接受。", "  start: 2026-11-11", "  end: 2026-11-11"]
    assert "还不能确定" in output("read", "hospital", "协和")
    assert "人工" in output("read", "illness", "疑似肺癌")
    assert "18 位" in output("read", "id", "1101011985031299")


def test_read_all_shows_each_part_with_its_place() -> None:
    lines = output("read", "all", "张伟 13800001234，在协和", "--today", "2026-11-22").splitlines()
    assert lines == [
        "name [0:2] 张伟 -> 张伟",
        "  看懂了，可以接受。",
        "phone [3:14] 13800001234 -> +8613800001234",
        "  看懂了，可以接受。",
        "hospital [16:18] 协和 -> -",
        "  还不能确定，要再问一次：ambiguous",
    ]


def test_a_page_without_a_place_for_the_tables_is_named_and_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("words", "utf-8")
    assert f"：{page}" in output("accuracy", str(EXAMPLES / "phones.json"), "--write", str(page), code=1)
    assert page.read_text("utf-8") == "words"
