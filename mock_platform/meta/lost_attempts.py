"""Events that arrived while a fault kept them from the books, so that a retry is known as one."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from mock_platform.entries import EventEntry
from mock_platform.rules.catalogue import TIME_CHANGED
from mock_platform.rules.dedup import OFFLINE_WINDOW, ONLINE_WINDOW, Receipt
from mock_platform.rules.model import Finding, Mode

ATTEMPTS_MAX = 10_000
_MESSAGE = "a try before, lost to a fault, had another event_time: a retry must keep it"
_Key = tuple[bool, str, str, str, str]


class LostAttempts:
    """The latest, by what names the event. Nothing of it is counted. Safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost: OrderedDict[_Key, tuple[float, int]] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._lost.clear()

    def remember(self, entries: Iterable[EventEntry], now: float) -> None:
        """Keep the time of each event's first lost try."""
        with self._lock:
            for receipt in (entry.receipt for entry in entries):
                key = None if receipt is None else _key(receipt)
                if receipt is None or key is None or self._first(key, now) is not None:
                    continue
                self._lost[key] = (now, receipt.event_time)
                self._lost.move_to_end(key)
                if len(self._lost) > ATTEMPTS_MAX:
                    self._lost.popitem(last=False)

    def look_at(
        self, entries: Iterable[EventEntry], now: float, mode: Mode
    ) -> tuple[EventEntry, ...]:
        """The events taken, those found whose lost try had another time.

        From then on the books know the event, and compare later ones with it.
        """
        with self._lock:
            return tuple(self._looked_at(entry, now, mode) for entry in entries)

    def _looked_at(self, entry: EventEntry, now: float, mode: Mode) -> EventEntry:
        key = None if entry.receipt is None else _key(entry.receipt)
        first = None if key is None else self._first(key, now)
        if entry.receipt is None or key is None or first is None:
            return entry
        del self._lost[key]
        if first == entry.receipt.event_time:
            return entry
        found = Finding(rule=TIME_CHANGED, path=("event_time",), message=_MESSAGE)
        return entry.with_finding(found.as_json(mode))

    def _first(self, key: _Key, now: float) -> int | None:
        received_at, event_time = self._lost.get(key, (0.0, 0))
        offline, *_ = key
        window = OFFLINE_WINDOW if offline else ONLINE_WINDOW
        return event_time if key in self._lost and now - received_at <= window else None


def _key(receipt: Receipt) -> _Key | None:
    name = receipt.order_id if receipt.offline else receipt.event_id
    item = receipt.item_number if receipt.offline else ""
    return (receipt.offline, receipt.dataset, receipt.event_name, item, name) if name else None
