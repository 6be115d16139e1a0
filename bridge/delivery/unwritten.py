"""What became of attempts, from the moment it is known until it is durable."""

from collections import deque
from collections.abc import Callable

from bridge.errors import StoreUnavailable

Write = Callable[[], object]
"""One transaction of the store."""


class Unwritten:
    """Keeps what is to be written while the store cannot take it; one a lane.

    A lane claims nothing new before it is done: no more than one round's writes are ever kept.
    """

    def __init__(self) -> None:
        self._writes: deque[Write] = deque()

    def keep(self, write: Write) -> None:
        """Remember what has to be written."""
        self._writes.append(write)

    def write(self) -> None:
        """Write what is kept, in its order.

        Raises StoreUnavailable, and keeps what is not written. What fails otherwise is forgotten.
        """
        while self._writes:
            write = self._writes.popleft()
            try:
                write()
            except StoreUnavailable:
                self._writes.appendleft(write)
                raise
