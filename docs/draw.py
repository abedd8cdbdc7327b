"""Draws the tables (Mermaid), the decisions and the conversation, measures the readers: docs/ tells no other story.

`python -m docs.draw` writes; with `--check` it writes nothing and exits 1 where a page is stale.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy import renewed, score
from docs import conversation_page, decision_table
from flows.actors import ROLES
from flows.cases.bookings import ENDED, LIVE
from flows.cases.bookings import TABLE as BOOKINGS
from flows.cases.case import AGENT_SPEAKS, BOT_SPEAKS, UNASSIGNED
from flows.cases.stages import CLOSED, OPEN
from flows.cases.stages import STAGES as STAGE_NAMES
from flows.cases.stages import TABLE as STAGES
from flows.desk.commands import COMMANDS
from flows.intake.machine import ASKING, INTAKE, RESTING, WAITING
from flows.intake.questions.ordered import TOPICS
from flows.machine import Table, Transition

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "tests" / "examples"
READERS = HERE / "reading.md"
NOTE = "<!-- Drawn by `make docs` from {source}. Do not edit. -->"


class Group(NamedTuple):
    """States that are drawn as one box: its topics, each a box inside with its states listed."""

    name: str
    topics: Mapping[str, Sequence[str]]

    @property
    def states(self) -> frozenset[str]:
        """Every state inside."""
        return frozenset(state for states in self.topics.values() for state in states)


def diagram(table: Table[Any], groups: Mapping[str, Sequence[str]], together: Group | None = None) -> str:
    """A table as a Mermaid state diagram: one arrow for each way between two boxes."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", f"    [*] --> {table.states[0]}"]
    lines += [f"    classDef {name} {STYLES[name]}" for name in groups]
    if together:
        lines += [f"    state {together.name} {{", "        direction TB"]
        lines += [f"        {topic}: {'<br/>'.join(states)}" for topic, states in together.topics.items()]
        lines += ["    }"]
    lines += list(dict.fromkeys(f"    {arrow}" for row in table.rows for arrow in _arrows(row, together)))
    for name, states in groups.items():
        inside = [s for s in states if not together or s not in together.states]
        boxes = [*inside, *(together.topics if together and len(inside) < len(states) else ())]
        lines += [f"    class {','.join(boxes)} {name}"]
    return "\n".join([*lines, "```"])


def _arrows(row: Transition[Any], together: Group | None) -> Iterator[str]:
    """The arrows of a row; those of most states of a group start from the group, of a few from their topics."""
    inside = together.states if together else frozenset()
    sources = [source for source in row.sources if source not in inside]
    grouped = [source for source in row.sources if source in inside]
    if together and len(grouped) > len(inside) // 2:
        sources.append(together.name)
    elif together:
        sources += [topic for topic, states in together.topics.items() if set(states) & set(grouped)]
    dest, trigger = row.dest, row.trigger
    if together and dest in inside:
        prefix = trigger.partition("_")[0]
        one_each = trigger == f"{prefix}_{dest}"  # one row for each question
        topic = next(topic for topic, states in together.topics.items() if dest in states)
        dest, trigger = (together.name, prefix) if one_each else (topic, trigger)
    label = trigger + (f" [{row.condition}]" if row.condition else "")
    yield from (f"{source} --> {dest}: {label}" for source in sources)


def rows(table: Table[Any]) -> str:
    """The same table as text."""
    lines = ["| trigger | from | to | if |", "| --- | --- | --- | --- |"]
    lines += [f"| {r.trigger} | {', '.join(r.sources)} | {r.dest} | {r.condition} |" for r in table.rows]
    return "\n".join(lines)


OWNERSHIP = {UNASSIGNED: "unassigned", AGENT_SPEAKS: "own, agent speaks", BOT_SPEAKS: "own, bot speaks"}


def commands() -> str:
    """The registry of commands: what each does, and who may give it, in which stages, under which ownership."""
    head = ("command", "does", "roles", "stages", "ownership", "booking", "facts needed")
    lines = (
        (
            found.name,
            (found.run.__doc__ or "").strip().splitlines()[0],
            ", ".join(role for role in ROLES if role in found.roles),
            ", ".join(stage for stage in STAGE_NAMES if stage in found.stages),
            "; ".join(said for ownership, said in OWNERSHIP.items() if ownership in found.ownership),
            found.acts.trigger if found.acts else decision_table.NONE,
            ", ".join(found.needs) or decision_table.NONE,
        )
        for found in COMMANDS.values()
    )
    return decision_table.table(head, lines)


STYLES = {
    "asking": "fill:#e8f4e8,stroke:#2e7d32",
    "waiting": "fill:#fff4e0,stroke:#ef6c00",
    "resting": "fill:#eceff1,stroke:#546e7a",
    "open": "fill:#e3f2fd,stroke:#1565c0",
    "ended": "fill:#eceff1,stroke:#546e7a",
}

QUESTIONS = Group(
    "asking",
    {
        **{topic: [question.state for question in questions] for topic, questions in TOPICS.items()},
        "unmatched": ["unmatched"],
        "review": ["review"],
    },
)

Page = tuple[str, str, str, Table[Any], Mapping[str, Sequence[str]], Group | None]
PAGES: dict[str, Page] = {
    "intake.md": (
        "# The policyholder's conversation",
        "flows/intake/machine.py",
        (
            "Green states are questions, orange ones last only while the transaction looks something up, grey ones "
            "rest. The questions stand by topic, in the order of asking: from the hub (`next_question`) the first that "
            "applies and has no answer is asked. What may be said in every state (转人工, 帮助, 重复, /status, a call "
            "to 120) leaves the state alone."
        ),
        INTAKE,
        {"asking": ASKING, "waiting": WAITING, "resting": RESTING},
        QUESTIONS,
    ),
    "case.md": (
        "# The life of a case",
        "flows/cases/stages.py",
        (
            "`received` 待受理, `verifying` 核实中, `arranging` 安排中, `booked` 已约好, `in_progress` 进行中, "
            "`after_visit` 诊后, `closed` 办结. Who owns the case and who speaks are facts "
            "beside the stage: claiming is compare-and-set, only the owner speaks, a released case keeps its stage."
        ),
        STAGES,
        {"open": OPEN, "ended": (CLOSED,)},
        None,
    ),
}

BOOKINGS_TITLE = "## The bookings of a case"
BOOKINGS_NOTE = (
    "From the table in flows/cases/bookings.py. A case has one booking for each attempt at a visit or an admission: "
    "`to_book` 待约, `requested` 已申请, `obtained` 已出号 or 已排床, `told` 已告知, `confirmed` 客户已确认, "
    "`met` 已见面, `done` 已完成; or `stopped` 停诊, `moved` 改期, `cancelled` 已取消, `no_show` 未赴约, "
    "`not_obtained` 未约上, `mistaken` 录错."
)


def bookings() -> str:
    """The table of a booking's states, drawn and as text."""
    drawing = diagram(BOOKINGS, {"open": LIVE, "ended": ENDED})
    return "\n\n".join([BOOKINGS_TITLE, BOOKINGS_NOTE, drawing, rows(BOOKINGS)])


COMMANDS_TITLE = "## What agents may do with a case"
COMMANDS_NOTE = (
    "From the registry in flows/desk/registry.py. A command is checked in this order: role, stage, ownership, facts; "
    "what is refused is refused with a code and changes nothing."
)


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
        HERE / name: "\n\n".join(
            [title, NOTE.format(source=source), text, diagram(table, groups, together), rows(table), ""]
        )
        for name, (title, source, text, table, groups, together) in PAGES.items()
    }
    tables[HERE / "case.md"] += f"{bookings()}\n\n{COMMANDS_TITLE}\n\n{COMMANDS_NOTE}\n\n{commands()}\n"
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
