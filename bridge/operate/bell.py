"""A bell that signal handlers ring for the thread they interrupt."""

from queue import Empty, SimpleQueue

LOOK_AGAIN_AFTER = 1.0


class Bell:
    """What `threading.Event` is, for a main thread that waits for signals.

    An Event's lock may be held by whom the signal interrupts, and its handler would wait for ever.
    And the kernel may give a signal to any thread, while Python runs handlers in the main thread
    alone, once that wakes up: so it looks again each second.
    """

    def __init__(self) -> None:
        self._rung = False
        self._wake: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Ring it."""
        self._rung = True
        self._wake.put(None)

    def clear(self) -> None:
        """Let those wait who wait from now on."""
        self._rung = False

    def is_set(self) -> bool:
        """Answer whether it has been rung."""
        return self._rung

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is rung, or for `timeout` seconds; answer whether it was."""
        while not self._rung:
            try:
                self._wake.get(timeout=LOOK_AGAIN_AFTER if timeout is None else timeout)
            except Empty:
                if timeout is not None:
                    break
        return self._rung
