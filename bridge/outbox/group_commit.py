"""One transaction for the orders of many callers, so that they share one flush to disk.

Nobody waits for company: the writer takes what is there, and while it commits the next ones gather.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from threading import Condition, Lock, Thread
from time import monotonic

from bridge.errors import StoreUnavailable
from bridge.outbox.records import Record, Recorded
from bridge.outbox.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class _Submission:
    """What one caller wants stored, and where its answer will be."""

    records: Sequence[Record]
    answer: "Future[list[Recorded]]" = field(default_factory=Future)


class GroupCommit:
    """Records orders for any number of threads through one writer thread.

    A transaction takes at most `max_records` orders (a larger submission goes alone), and at most
    `max_waiting` orders wait for theirs. Nobody waits longer than `timeout` seconds, and a single
    order, which comes from a checkout, no longer than `shed_after` until its transaction begins.
    Nor is anybody let in while a transaction has been under way for longer than that. `stored` is
    called after every transaction.
    """

    def __init__(
        self,
        store: Store,
        *,
        max_records: int,
        max_waiting: int,
        timeout: float,
        shed_after: float,
        stored: Callable[[], object] = lambda: None,
    ) -> None:
        self._store = store
        self._stored = stored
        self._timeout = timeout
        self._shed_after = min(shed_after, timeout)
        self._max_records = max_records
        self._max_waiting = max_waiting
        self._submissions: deque[_Submission] = deque()
        self._waiting = 0
        self._began: float | None = None
        self._closed = False
        self._failing = False
        self._trying = Lock()
        self._changed = Condition()
        self._writer = Thread(target=self._write, name="group-commit", daemon=True)
        self._writer.start()

    def submit(self, records: Sequence[Record]) -> list[Recorded]:
        """Answer once the orders are durable, in their order.

        Raises StoreUnavailable at once when too many wait already, when the store is slow, and
        after `close`; and when they have waited too long for their transaction to begin. Nothing
        of them is then stored. Raises it too when the time is up during their transaction: they
        may be stored all the same, and are duplicates when they come again. Else it raises what
        recording raised for these orders, whatever became of others with them.
        """
        if not records:
            return []
        submission = _Submission(records)
        with self._changed:
            self._admit(len(records))
            self._submissions.append(submission)
            self._changed.notify()
        patience = self._shed_after if len(records) == 1 else self._timeout
        if not wait([submission.answer], patience).done:
            self._withdraw(submission)
        if not wait([submission.answer], self._timeout - patience).done:
            self._failing = True
            raise StoreUnavailable("The database is too slow now; call again.")
        return submission.answer.result()

    def works(self) -> bool:
        """Answer whether orders are being stored, by the last transaction there was.

        After one that failed, a trial decides. There is one at a time: whoever asks meanwhile is
        told no at once.
        """
        if not self._failing:
            return True
        if not self._trying.acquire(blocking=False):
            return False
        try:
            self._store.try_writing()
        except StoreUnavailable:
            return False
        finally:
            self._trying.release()
        self._failing = False
        return True

    def close(self) -> None:
        """Record what waits, then stop; later submissions are refused."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._writer.join()

    def _admit(self, count: int) -> None:
        if self._closed:
            raise StoreUnavailable("The bridge is stopping; call again.")
        if self._began is not None and monotonic() - self._began > self._shed_after:
            raise StoreUnavailable("The database is slow now; call again later.")
        if self._waiting and self._waiting + count > self._max_waiting:
            raise StoreUnavailable("Too many orders are waiting to be stored; call again later.")
        self._waiting += count

    def _withdraw(self, submission: _Submission) -> None:
        """Take back, with StoreUnavailable, what waits still; leave alone what is being stored."""
        with self._changed:
            if submission not in self._submissions:
                return
            self._submissions.remove(submission)
            self._waiting -= len(submission.records)
        raise StoreUnavailable("The database is too slow now, nothing was stored; call again.")

    def _write(self) -> None:
        while group := self._next_group():
            try:
                self._record(group)
            except StoreUnavailable as error:
                self._fail_all(group, error)

    def _next_group(self) -> list[_Submission]:
        with self._changed:
            self._changed.wait_for(lambda: self._submissions or self._closed)
            group: list[_Submission] = []
            room = self._max_records
            while self._submissions and (not group or len(self._submissions[0].records) <= room):
                group.append(self._submissions.popleft())
                room -= len(group[-1].records)
            return group

    def _record(self, group: Sequence[_Submission]) -> None:
        try:
            answers = iter(self._store_now([one for each in group for one in each.records]))
            self._failing = False
            for submission in group:
                self._leave(submission.records)
                submission.answer.set_result([next(answers) for _ in submission.records])
            self._stored()
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the caller is told and the writer lives on
            self._find_poison(group, error)

    def _store_now(self, records: Sequence[Record]) -> list[Recorded]:
        self._began = monotonic()
        try:
            return self._store.record(records)
        finally:
            self._began = None

    def _find_poison(self, group: Sequence[_Submission], error: Exception) -> None:
        if len(group) == 1:
            self._fail(group[0], error)
            return
        for submission in group:
            self._record([submission])

    def _fail_all(self, group: Sequence[_Submission], error: StoreUnavailable) -> None:
        """Tell those in the group and those behind it: each wait for a lock would be added up."""
        self._failing = True
        with self._changed:
            behind = list(self._submissions)
            self._submissions.clear()
        for submission in (*group, *behind):
            if not submission.answer.done():
                # An exception of its own for each: raising one in many threads mixes tracebacks.
                again = StoreUnavailable(str(error), retry_after=error.retry_after)
                self._fail(submission, again)

    def _fail(self, submission: _Submission, error: Exception) -> None:
        self._leave(submission.records)
        submission.answer.set_exception(error)

    def _leave(self, records: Sequence[Record]) -> None:
        with self._changed:
            self._waiting -= len(records)
