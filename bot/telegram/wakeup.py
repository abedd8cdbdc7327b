"""A wait with a time limit that somebody else can end early."""

import asyncio


class Wakeup:
    """An event for one waiting task. Set while nobody waits, it ends the next wait at once; a wait clears it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """End the wait."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait until it is set, at most so long; return True if it was."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
