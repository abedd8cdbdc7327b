"""Who else is alive: so that a process that starts after a crash need not wait for leases that nobody holds any more.

Each process that works on a SQLite file holds a shared lock on a file beside it; the kernel lets go of it when the
process ends, however it ends. Who can have the lock alone is the only one alive. The file's own time says when somebody
was last at work, so that an outage is known for one.
"""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path


class Presence:
    """This process's lock, held until `close`."""

    def __init__(self, file: Path) -> None:
        """Open the file and take the shared lock."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.last_beat = datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Return True if nobody else is present."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_SH)
        return True

    def beat(self) -> None:
        """Record that somebody is at work now; the next process reads it as `last_beat`."""
        os.utime(self._handle)

    def close(self) -> None:
        """Release the lock."""
        os.close(self._handle)
