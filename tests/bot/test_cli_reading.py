"""What an operator sees of the readers."""

import pytest
from typer.testing import CliRunner

import main
from bot.cli.readings import Kind


def output(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main.app, words)
    assert result.exit_code == code, result.output
    return result.output


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
