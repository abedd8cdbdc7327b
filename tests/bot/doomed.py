"""Bots that kill themselves: each is a process of its own, which dies by SIGKILL in the very window it was told.

Run as a program. Every line on standard input is a `Life`; a process is forked for it that has everything imported
already, so that a life begins in a blink. Its process id is written to standard output, and when it is over its exit
code (minus the signal). Settings come from the environment, as in production. Log lines go to standard error.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass

import msgspec

from bot.settings import Settings
from main import open_process

LETTERS = {"fetched": b"f", "committed": b"c", "acknowledged": b"a", "sent": b"s"}


class Life(msgspec.Struct, frozen=True):
    """One life: it ends when `window` is passed for the `count`-th time; with no window, by SIGTERM.

    Just before, the window's letter is added to the file `register`.
    """

    register: str
    window: str = ""
    count: int = 1


@dataclass
class Doom:
    """The checkpoint of such a bot."""

    window: str
    left: int
    register: int

    def __call__(self, window: str) -> None:
        """Pass a window, or die in it."""
        if window != self.window:
            return
        self.left -= 1
        if self.left == 0:
            os.write(self.register, LETTERS[window])
            os.kill(os.getpid(), signal.SIGKILL)


async def live(life: Life) -> None:
    """Run a bot until it dies."""
    register = os.open(life.register, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    doom = Doom(life.window, life.count, register)
    async with open_process(Settings(_env_file=None), checkpoint=doom) as process:
        await process.run()


def say(number: int) -> None:
    """Tell the one who started this."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def bear(life: Life) -> None:
    """Fork a life, and wait for its end."""
    child = os.fork()
    if child == 0:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        asyncio.run(live(life))
        os._exit(0)
    say(child)
    _, status = os.waitpid(child, 0)
    say(os.waitstatus_to_exitcode(status))


def main() -> None:
    """Bear one life for each line."""
    for line in sys.stdin:
        bear(msgspec.json.decode(line, type=Life))


if __name__ == "__main__":
    main()
