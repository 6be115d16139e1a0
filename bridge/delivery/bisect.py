"""Finds the events that make a platform refuse a whole request.

Where the platform judges every event by itself, one request is enough. What it only names is cut
out and the others go again at once: two requests. Where it names nobody, one bad event among n
costs at most 2 * ceil(log2 n) + 1 requests, the refused one included.
No event that was accepted is ever sent again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bridge.delivery.verdict import (
    Accepted,
    EventsRejected,
    Harmless,
    OfTheDestination,
    PerEvent,
    RequestRejected,
    Verdict,
)

Item = TypeVar("Item")

SUSPICIOUS_FROM = 20
SUSPICIOUS_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _Group(Generic[Item]):
    items: tuple[Item, ...]
    batch: int
    batch_size: int


@dataclass(frozen=True, slots=True)
class Rejected(Generic[Item]):
    """An item that was refused by name, or when it was sent alone."""

    item: Item
    verdict: RequestRejected


class Bisection(Generic[Item]):
    """Says which items to send next, and learns from the verdicts.

    Iterate for the next group, send it, `tell` what came of it. The iteration ends when all is
    done, after a verdict on all of a group that is neither acceptance nor rejection, or on any one
    that it is the destination's, when `stopping` says so, or when more than 5 % of a batch of 20 or
    more are refused for the same reason: then the destination is the likelier culprit, and that
    reason is a `suspicion`.
    """

    def __init__(
        self, batches: Sequence[Sequence[Item]], stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.rejected: list[Rejected[Item]] = []
        self.suspicion: str | None = None
        self._stopping = stopping
        self._stopped = False
        self._refusals: Counter[tuple[int, str]] = Counter()
        self._stack = [
            _Group(tuple(batch), number, len(batch)) for number, batch in enumerate(batches)
        ][::-1]
        self._current: _Group[Item] | None = None

    def __iter__(self) -> Iterator[tuple[Item, ...]]:
        """Yield the next group to send until there is none."""
        while self._stack and not self._stopped and not self._stopping():
            self._current = self._stack.pop()
            yield self._current.items

    def tell(self, sent: Sequence[Item], verdict: Verdict) -> None:
        """Take the verdict on those of the last group that were sent after all."""
        group = self._current
        if group is None or not sent:
            return
        sent_group = _Group(tuple(sent), group.batch, group.batch_size)
        if isinstance(verdict, PerEvent):
            self._judged(sent_group, verdict)
        elif isinstance(verdict, EventsRejected):
            self._named(sent_group, verdict)
        elif isinstance(verdict, RequestRejected):
            self._refused(sent_group, verdict)
        elif not isinstance(verdict, Accepted | Harmless):
            self._stopped = True

    @property
    def unsent(self) -> tuple[Item, ...]:
        """What has not been sent, or only in a request that was refused as a whole."""
        return tuple(item for group in reversed(self._stack) for item in group.items)

    @property
    def finished(self) -> bool:
        """Whether every item has been accepted or rejected."""
        return not self._stack and not self._stopped

    @property
    def waiting(self) -> tuple[Item, ...]:
        """What is not settled and not being sent: the unsent, and the rejected until the end."""
        return (*self.unsent, *(rejected.item for rejected in self.rejected))

    def _judged(self, group: _Group[Item], verdicts: PerEvent) -> None:
        for place, verdict in verdicts.verdicts.items():
            if isinstance(verdict, RequestRejected):
                self._reject(group, group.items[place], verdict)
            elif isinstance(verdict, OfTheDestination):
                self._stopped = True

    def _named(self, group: _Group[Item], verdict: EventsRejected) -> None:
        places = range(len(group.items))
        rest = tuple(group.items[place] for place in places if place not in verdict.culprits)
        if len(rest) == len(group.items):  # names nobody who was there: search as if it named none
            self._refused(group, next(iter(verdict.culprits.values())))
        elif rest:
            self._stack.append(_Group(rest, group.batch, group.batch_size))
        for place in places:
            if place in verdict.culprits:
                self._reject(group, group.items[place], verdict.culprits[place])

    def _refused(self, group: _Group[Item], verdict: RequestRejected) -> None:
        if len(group.items) == 1:
            self._reject(group, group.items[0], verdict)
            return
        middle = (len(group.items) + 1) // 2
        halves = group.items[:middle], group.items[middle:]
        self._stack.extend(_Group(half, group.batch, group.batch_size) for half in halves[::-1])

    def _reject(self, group: _Group[Item], item: Item, verdict: RequestRejected) -> None:
        self.rejected.append(Rejected(item, verdict))
        if verdict.of_the_event:
            return
        refusal = group.batch, verdict.reason
        self._refusals[refusal] += 1
        share = self._refusals[refusal] / group.batch_size
        if group.batch_size >= SUSPICIOUS_FROM and share > SUSPICIOUS_SHARE:
            self.suspicion = verdict.reason
            self._stopped = True
