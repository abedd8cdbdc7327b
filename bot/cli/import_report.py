"""What the command line shows of an import: a bar while it runs, and every fault of the file where it fails."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import progress as rich_progress
from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.cli import texts as t
from bot.cli.help import TEXTS

Fault = tuple[int, str, str]
"""Line (0: the whole file), column ("": the whole line), code."""

Progress = Callable[[str, int, int], None]
"""Told the part that is under way (reading, writing), how much of it is done, and how much there is."""

_LABELS = {"reading": t.IMPORT_READING, "writing": t.IMPORT_WRITING}


def fault_lines(faults: Sequence[Fault]) -> Iterator[str]:
    """Yield a sentence for each fault, and one at the end with their number."""
    for fault in faults:
        yield _sentence(*fault)
    yield TEXTS(t.NOT_IMPORTED(count=len(faults)))


def _sentence(line: int, column: str, code: str) -> str:
    reason = TEXTS(t.ROW_REASONS.get(code, t.ROW_REASONS["bad_format"])())
    if not line:
        return TEXTS(t.FILE_FAULT(reason=reason))
    if not column:
        return TEXTS(t.LINE_FAULT(line=line, reason=reason))
    return TEXTS(t.ROW_FAULT(line=line, column=column, reason=reason))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a callback that draws a bar for each part; nothing is drawn where standard output is no terminal."""
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with rich_progress.Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(part: str, done: int, total: int) -> None:
            if part not in tasks:
                tasks[part] = bars.add_task(TEXTS(_LABELS[part]()))
            bars.update(tasks[part], completed=done, total=total)

        yield show
