"""What became of attempts, from the moment it is known until it is durable."""

from collections import defaultdict, deque
from collections.abc import Callable

from bridge.errors import StoreUnavailable

Write = Callable[[], object]
"""One transaction of the store."""


class Unwritten:
    """Keeps what is to be written while the store cannot take it; one a process.

    A destination's writes are touched by the one thread that serves it, and it claims nothing new
    before they are done: no more than one round's are ever kept.
    """

    def __init__(self) -> None:
        self._writes: defaultdict[str, deque[Write]] = defaultdict(deque)

    def keep(self, destination: str, write: Write) -> None:
        """Remember what has to be written."""
        self._writes[destination].append(write)

    def write(self, destination: str) -> None:
        """Write what is kept, in its order.

        Raises StoreUnavailable, and keeps what is not written. What fails otherwise is forgotten.
        """
        writes = self._writes[destination]
        while writes:
            write = writes.popleft()
            try:
                write()
            except StoreUnavailable:
                writes.appendleft(write)
                raise
