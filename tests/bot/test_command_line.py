"""What an operator types."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import main
from bot.cli import demo
from bot.cli.execution import settings_or_exit
from bot.sandbox.app import serve
from bot.sandbox.telegram import StandIn
from storage.imports import read_policies
from storage.migrations import migrate
from tests.contract.last_release import FILE, FOUND, unpack

SAMPLE = main.SAMPLE / "policies.csv"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command line in an empty folder, with keys and a token in the environment."""
    runner = CliRunner()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GREEN_CHANNEL_TOKEN", "7000000001:sandbox")
    monkeypatch.setenv("GREEN_CHANNEL_API_URL", "http://127.0.0.1:9")
    keys = runner.invoke(main.app, ["keys"]).stdout.split()
    for line in keys:
        name, _, value = line.partition("=")
        monkeypatch.setenv(name, value)
    return lambda *words: runner.invoke(main.app, [str(word) for word in words])


def test_help_is_chinese_for_every_command(run: Run) -> None:
    for words in (
        [],
        ["run"],
        ["demo"],
        ["import"],
        ["import", "policies"],
        ["agents", "add"],
        ["agents", "remove"],
        ["agents", "list"],
        ["check"],
        ["migrate"],
    ):
        result = run(*words, "--help")
        assert result.exit_code == 0
        assert "用法：" in result.stdout
        assert not {"Usage", "Options", "Show"} & set(result.stdout.replace(":", " ").split())


def test_every_fault_of_the_settings_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GREEN_CHANNEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GREEN_CHANNEL_SEALING_KEYS", "k1:c2hvcnQ=")
    result = CliRunner().invoke(main.app, ["run"])
    assert result.exit_code == 1
    for name in ("TOKEN", "SEALING_KEYS", "HASHING_KEYS"):
        assert f"GREEN_CHANNEL_{name}" in result.output
    assert "c2hvcnQ=" not in result.output


def test_policies_are_imported_and_a_second_import_adds_none(run: Run) -> None:
    assert run("migrate").exit_code == 0
    assert "新增 7 份" in run("import", "policies", SAMPLE).stdout
    assert "新增 0 份" in run("import", "policies", SAMPLE).stdout


def test_each_bad_row_is_named_by_line_and_reason_and_nothing_is_imported(run: Run, tmp_path: Path) -> None:
    run("migrate")
    lines = SAMPLE.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace("终止", "作废")
    lines[3] = lines[3].replace("440106197001159919", "440106197001159918")
    lines.append(lines[1])
    file = tmp_path / "bad.csv"
    file.write_text("\n".join(lines), "utf-8")
    result = run("import", "policies", file)
    assert result.exit_code == 1
    assert [line.split("：")[0] for line in result.output.splitlines()] == [
        "第 3 行，状态",
        "第 4 行，投保人证件号",
        "第 4 行，被保险人证件号",
        "第 9 行，保单号",
        "共 4 处错误，什么都没有导入。请改好后重新导入。",
    ]
    assert "440106" not in result.output
    assert "新增 7 份" in run("import", "policies", SAMPLE).stdout


def test_a_15_digit_number_on_file_is_upgraded_before_it_is_kept(tmp_path: Path) -> None:
    text = SAMPLE.read_text("utf-8").replace("440106197001159919", "440106700115991")
    (tmp_path / "old.csv").write_text(text, "utf-8")
    policies = read_policies(tmp_path / "old.csv", ids=main.new_ids(), today=main.now().date())
    assert [policy.insured.number for policy in policies][2] == "440106197001159919"


def test_agents_are_added(run: Run) -> None:
    run("migrate")
    assert "林敏" in run("agents", "add", "201", "林敏").stdout


def test_agents_are_listed_with_their_role_in_order_of_number(run: Run) -> None:
    run("migrate")
    assert run("agents", "list").stdout == "还没有登记客服。\n"
    assert run("agents", "add", "202", "周洁", "--role", "supervisor").stdout == "已登记主管：周洁\n"
    assert run("agents", "add", "201", "林敏").stdout == "已登记客服专员：林敏\n"
    run("agents", "add", "203", "何平", "--role", "auditor")
    assert run("agents", "list").stdout.splitlines() == [
        "201\t客服专员\t林敏\t不在班",
        "202\t主管\t周洁\t不在班",
        "203\t审计\t何平\t不在班",
    ]


def test_an_agent_who_is_added_again_gets_the_new_name_and_role(run: Run) -> None:
    run("migrate")
    run("agents", "add", "201", "林敏", "--role", "supervisor")
    run("agents", "add", "201", "林小敏")
    assert run("agents", "list").stdout == "201\t客服专员\t林小敏\t不在班\n"


def test_an_agent_who_is_removed_is_listed_no_more_and_can_be_added_again(run: Run) -> None:
    run("migrate")
    run("agents", "add", "201", "林敏")
    assert run("agents", "remove", "201").stdout == "已取消客服专员：林敏\n"
    assert "林敏" not in run("agents", "list").stdout
    run("agents", "add", "201", "林敏")
    assert "林敏" in run("agents", "list").stdout


def test_a_number_that_is_no_agents_and_a_role_that_is_none_are_refused(run: Run) -> None:
    run("migrate")
    result = run("agents", "remove", "201")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "没有登记过编号为 201 的客服。\n")
    assert run("agents", "add", "201", "林敏", "--role", "boss").exit_code != 0
    assert run("agents", "list").stdout == "还没有登记客服。\n"


def test_check_names_each_part_and_fails_without_a_database(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 1
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["FAULT", "令牌"],
        ["FAULT", "数据库"],
        ["OK", "文案"],
        ["OK", "工作日历"],
        ["FAULT", "密钥"],
        ["FAULT", "病种列表"],
    ]


async def test_check_is_content_with_a_whole_house(tmp_path: Path) -> None:
    """In a process of its own, as an operator runs it; three starts of Python take their time."""
    keys = CliRunner().invoke(main.app, ["keys"]).stdout.split()
    async with serve(StandIn()) as url:
        environment = {
            **os.environ,
            **dict(line.split("=", 1) for line in keys),
            "GREEN_CHANNEL_TOKEN": StandIn().token,
            "GREEN_CHANNEL_API_URL": url,
        }
        for command in (["migrate"], ["import", "illnesses", str(main.SAMPLE / "illnesses.csv")], ["check"]):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(main.HERE / "main.py"),
                *command,
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
            )
            output, _ = await process.communicate()
            assert process.returncode == 0, output.decode()
    assert [line.split()[0] for line in output.decode().splitlines()] == ["OK"] * 6


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", ""),
        ("API_URL", "api.telegram.org"),
        ("DATABASE_URL", "mysql://host/name"),
        ("CALENDAR_FILE", "nowhere.toml"),
        ("SEALING_KEYS", "c2VjcmV0:k1"),
    ],
)
def test_a_setting_that_cannot_work_is_named_before_anything_begins(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GREEN_CHANNEL_{name}", value)
    result = run("run")
    assert result.exit_code == 1
    assert result.output.startswith(f"设置有误：GREEN_CHANNEL_{name}：")
    assert "c2VjcmV0" not in result.output


def test_a_slash_behind_the_address_of_the_api_changes_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("migrate").exit_code == 0
    monkeypatch.setenv("GREEN_CHANNEL_API_URL", "http://127.0.0.1:9/")
    assert settings_or_exit().api_url == "http://127.0.0.1:9"


def test_a_port_that_is_taken_is_said_in_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("sandbox", "--port", taken.getsockname()[1])
    assert result.exit_code == 1
    assert result.output.startswith("已停止：")
    assert len(result.output.splitlines()) == 1


def test_a_second_demo_on_the_same_port_leaves_the_first_ones_database_alone(run: Run) -> None:
    demo.FOLDER.mkdir(parents=True)
    (demo.FOLDER / "demo.sqlite3").write_bytes(b"at work")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run("demo", "--port", taken.getsockname()[1]).exit_code == 1
    assert (demo.FOLDER / "demo.sqlite3").read_bytes() == b"at work"


def test_a_database_of_the_last_release_is_migrated_with_the_keys_of_the_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unpack(tmp_path)
    monkeypatch.setenv("GREEN_CHANNEL_DATABASE_URL", f"sqlite:///{tmp_path / FILE}")
    for name in ("sealing", "hashing"):
        keys = ",".join(f"{key_id}:{key}" for key_id, key in FOUND[f"{name}_keys"].items())
        monkeypatch.setenv(f"GREEN_CHANNEL_{name.upper()}_KEYS", keys)
    assert "main.py migrate" in run("run").output
    result = run("migrate")
    assert result.exit_code == 0
    assert "unreadable" not in result.output
    assert asyncio.run(migrate.current(f"sqlite:///{tmp_path / FILE}")) == migrate.head()


def test_run_before_migrate_says_what_to_do(run: Run) -> None:
    result = run("run")
    assert result.exit_code == 1
    assert "main.py migrate" in result.output
