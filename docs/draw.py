"""Draws the tables (Mermaid), the decisions and the conversation, measures the readers: docs/ tells no other story.

`python -m docs.draw` writes; with `--check` it writes nothing and exits 1 where a page is stale.
"""

import json
import sys
from datetime import date
from pathlib import Path

from benchmarks.accuracy import renewed, score
from docs import conversation_page, decision_table
from flows.desk.machine import DESK
from flows.intake.machine import ASKING, INTAKE, RESTING, WAITING
from flows.machine import Row, Table

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "tests" / "examples"
READERS = HERE / "reading.md"
NOTE = "<!-- Drawn by `make docs` from {source}. Do not edit. -->"


def sources(row: Row) -> list[str]:
    """The states that a row leaves from."""
    source = row["source"]
    return [source] if isinstance(source, str) else list(source)


def guards(row: Row) -> str:
    """A row's guards, as they stand in brackets on its arrow."""
    names = row.get("conditions", [])
    return " and ".join([names] if isinstance(names, str) else names)


def diagram(table: Table, groups: dict[str, tuple[str, ...]]) -> str:
    """A table as a Mermaid state diagram: groups of states, and an arrow for each row and source."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", f"    [*] --> {table.states[0]}"]
    lines += [f"    classDef {name} {STYLES[name]}" for name in groups]
    for row in table.rows:
        label = row["trigger"] + (f" [{guards(row)}]" if guards(row) else "")
        lines += [f"    {source} --> {row['dest']}: {label}" for source in sources(row)]
    lines += [f"    class {','.join(states)} {name}" for name, states in groups.items()]
    return "\n".join([*lines, "```"])


def rows(table: Table) -> str:
    """The same table as text."""
    lines = ["| trigger | from | to | if |", "| --- | --- | --- | --- |"]
    lines += [f"| {r['trigger']} | {', '.join(sources(r))} | {r['dest']} | {guards(r)} |" for r in table.rows]
    return "\n".join(lines)


STYLES = {
    "asking": "fill:#e8f4e8,stroke:#2e7d32",
    "waiting": "fill:#fff4e0,stroke:#ef6c00",
    "resting": "fill:#eceff1,stroke:#546e7a",
    "open": "fill:#e3f2fd,stroke:#1565c0",
    "ended": "fill:#eceff1,stroke:#546e7a",
}

PAGES = {
    "intake.md": (
        "# The policyholder's conversation",
        "flows/intake/machine.py",
        (
            "Green states are questions, orange ones last only while the transaction looks something up, grey ones "
            "rest. What may be said in every state (转人工, 帮助, 重复, /status, a call to 120) leaves the state alone."
        ),
        INTAKE,
        {"asking": ASKING, "waiting": WAITING, "resting": RESTING},
    ),
    "case.md": (
        "# The life of a case",
        "flows/desk/machine.py",
        (
            "`queued` 待领取, `talking` the owner has the conversation, `owned` the bot has it again, `closed` 办结. "
            "Claiming is compare-and-set; only the owner speaks."
        ),
        DESK,
        {"open": ("queued", "talking", "owned"), "ended": ("closed",)},
    ),
}


def pages() -> dict[Path, str]:
    """Every drawn page, by its file."""
    return drawn() | {READERS: measured()}


def measured() -> str:
    """The page on the readers, measured anew on the shown cases, each of which names its own day."""
    files = sorted(EXAMPLES.glob("*.json"))
    reports = {file.name: score(json.loads(file.read_text("utf-8")), today=date.min) for file in files}
    return renewed(READERS.read_text("utf-8"), reports)


def drawn() -> dict[Path, str]:
    """The pages on the tables, by file."""
    tables = {
        HERE / name: "\n\n".join([title, NOTE.format(source=source), text, diagram(table, groups), rows(table), ""])
        for name, (title, source, text, table, groups) in PAGES.items()
    }
    note = NOTE.format(source=decision_table.SOURCE)
    decisions = "\n\n".join([decision_table.TITLE, note, *decision_table.page(), ""])
    return tables | {HERE / "decisions.md": decisions, HERE / "conversation.md": conversation()}


def conversation() -> str:
    """The page with every sentence that a policyholder may read."""
    note = NOTE.format(source=conversation_page.SOURCE)
    return "\n\n".join([conversation_page.TITLE, note, *conversation_page.page(), ""])


def main() -> int:
    """Write the pages, or say which are stale."""
    stale = [file for file, page in pages().items() if not file.exists() or file.read_text("utf-8") != page]
    if "--check" in sys.argv:
        for file in stale:
            print(f"stale: docs/{file.name} (make docs)")
        return 1 if stale else 0
    for file in stale:
        file.write_text(pages()[file], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
