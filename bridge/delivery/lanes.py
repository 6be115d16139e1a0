"""Lanes: a destination's threads, of which one builds while another's requests are under way.

They stand in a row. The first alone posts, so requests go one after another. The last alone claims
and builds. The next one is let in behind it when a request of a whole claim leaves: not before, as
what it claims would be in the way of what has to be written first.
"""

import threading

LANES = 2
"""Lanes a destination: as many claims are in memory at most, and a third would only wait."""


class Row:
    """Where the lanes of one destination stand, until `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.moved = threading.Condition()
        self.lanes: list[Lane] = []
        self.lets_in = True

    def wake(self) -> None:
        """Have those who wait look at `stop`."""
        with self.moved:
            self.moved.notify_all()


class Lane:
    """One thread's place in its row.

    `followed` says whether the next lane may come in while this one's requests are in flight.
    """

    def __init__(self, row: Row) -> None:
        self._row = row
        self.followed = False

    def enter(self) -> bool:
        """Wait until no other lane claims or builds; False when told to stop meanwhile.

        Who is in the row stays where it is.
        """
        row = self._row
        with row.moved:
            row.moved.wait_for(lambda: row.lets_in or self in row.lanes or row.stop.is_set())
            if row.lets_in and self not in row.lanes and not row.stop.is_set():
                row.lanes.append(self)
                row.lets_in = False
            return self in row.lanes

    @property
    def is_first(self) -> bool:
        """Whether nothing of another lane is under way."""
        return all(lane is self for lane in self._row.lanes[:1])

    def await_first(self, seconds: float | None = None) -> bool:
        """Wait to be the first; False when told to stop meanwhile, or after so many seconds."""
        row = self._row
        with row.moved:
            row.moved.wait_for(lambda: self.is_first or row.stop.is_set(), seconds)
            return self.is_first and not row.stop.is_set()

    def let_next_in(self) -> None:
        """Let the next lane in, where this one may be followed."""
        row = self._row
        with row.moved:
            if self.followed and row.lanes[-1:] == [self]:
                row.lets_in = True
                row.moved.notify_all()

    def end_round(self) -> None:
        """Leave the row to those who may have come in; who let nobody in stays and goes on."""
        with self._row.moved:
            if self._row.lets_in or self._row.lanes[-1:] != [self]:
                self.leave()

    def leave(self) -> None:
        """Leave the row."""
        row = self._row
        with row.moved:
            if self in row.lanes:
                row.lets_in = row.lets_in or row.lanes[-1] is self
                row.lanes.remove(self)
                row.moved.notify_all()


def alone() -> Lane:
    """Answer a lane that has its row for itself."""
    return Lane(Row(threading.Event()))
