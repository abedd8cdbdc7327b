"""What an operator sees of an import."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import main
from bot.cli import import_report

Run = Callable[..., Result]
ILLNESSES = "product,version,code,name,short,severity\n康健一生,2024,cancer,恶性肿瘤——重度,恶性肿瘤,重疾\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command line in an empty folder, with keys, a token and a migrated database."""
    runner = CliRunner()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GREEN_CHANNEL_TOKEN", "7000000001:sandbox")
    for line in runner.invoke(main.app, ["keys"]).stdout.split():
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    assert runner.invoke(main.app, ["migrate"]).exit_code == 0
    return lambda *words: runner.invoke(main.app, ["import", *(str(word) for word in words)])


def test_each_kind_is_imported_and_no_bar_is_drawn_where_there_is_no_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "illnesses.csv").write_text(ILLNESSES, "gb18030")
    for kind, file, said in (
        ("policies", main.SAMPLE / "policies.csv", "已导入 7 份保单，其中新增 7 份。"),
        ("hospitals", main.HOSPITALS, "已导入 707 行，原来的名录已全部替换，现有 707 家医院。"),
        ("illnesses", tmp_path / "illnesses.csv", "已导入 1 个产品版本的清单，共 1 种疾病。"),
    ):
        result = run(kind, file)
        assert (result.exit_code, result.output) == (0, said + "\n")


def test_faults_are_told_on_the_error_stream_and_end_with_1(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["product", "version", "code", "name", "short", "severity"])
    book.active.append(["康健一生", 2024, "癌", "恶性肿瘤——重度", "恶性肿瘤", "重疾"])
    book.save(tmp_path / "illnesses.xlsx")
    result = run("illnesses", tmp_path / "illnesses.xlsx")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.split("：")[0] for line in result.stderr.splitlines()][:1] == ["第 2 行，code"]
    result = run("hospitals", tmp_path / "illnesses.xlsx")
    assert "第 1 行，province：缺少这一列" in result.stderr


def test_a_bar_for_each_part_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(force_terminal=True, record=True, width=80)
    monkeypatch.setattr(import_report, "Console", lambda: terminal)
    with import_report.progress_bar() as show:
        show("reading", 10, 10)
        show("writing", 5, 10)
    drawn = terminal.export_text()
    assert "读取核对" in drawn
    assert "100%" in drawn
    assert "加密写入" in drawn
    assert "50%" in drawn
