"""One hook process for one SQLite database: group commit is what keeps many callers fast."""

import fcntl
import time
from pathlib import Path
from typing import IO

from bridge.errors import SettingsInvalid

WAIT = 10.0
BETWEEN_TRIES = 0.1


def hold_hook_lock(path: Path) -> IO[bytes]:
    """Take the lock for as long as the answered file, or a copy in a forked process, is open.

    A hook that was killed gives it up within a moment, so a short wait is part of it.

    Raises:
        SettingsInvalid: another hook keeps it.
    """
    lock = path.open("ab")
    ends = time.monotonic() + WAIT
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends:
                lock.close()
                raise SettingsInvalid(
                    f"another hook runs on this database ({path}): stop it, or set another data_dir"
                ) from None
            time.sleep(BETWEEN_TRIES)
        else:
            return lock
