"""One transaction for the orders of many callers, so that they share one flush to disk.

Nobody waits for company: the writer takes what is there, and while it commits the next ones gather.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

from bridge.errors import StoreUnavailable

_Order = TypeVar("_Order")
_Answer = TypeVar("_Answer")


class _Submission(Generic[_Order, _Answer]):
    """What one caller wants stored, and what it is told: answers, or an error."""

    def __init__(self, orders: Sequence[_Order]) -> None:
        self.orders = orders
        self.told = False
        self._answers: Sequence[_Answer] = ()
        self._error: Exception | None = None
        self._untold = Lock()  # held until it is told; an Event makes several of them
        self._untold.acquire()

    def wait(self, seconds: float) -> bool:
        """Answer, when it is told or the time is up, whether it is told. For one thread, once."""
        return self._untold.acquire(timeout=seconds)

    def result(self) -> Sequence[_Answer]:
        """Return the answers or raise the error."""
        if self._error is not None:
            raise self._error
        return self._answers

    def tell(self, answers: Sequence[_Answer], error: Exception | None = None) -> None:
        """Let the caller go on."""
        self._answers, self._error, self.told = answers, error, True
        self._untold.release()


class GroupCommit(Generic[_Order, _Answer]):
    """Has `store` called for any number of threads by one writer thread.

    `store` takes orders in whatever form callers have them, makes them durable in one transaction
    and answers for each in its place. `try_writing` returns when that could be done now.

    A transaction takes at most `max_records` orders (a larger submission goes alone), and at most
    `max_waiting` orders wait for theirs. Nobody waits longer than `timeout` seconds, and a single
    order, which comes from a checkout, no longer than `shed_after` until its transaction begins.
    Nor is anybody let in while a transaction has been under way for longer than that.
    """

    def __init__(
        self,
        store: Callable[[Sequence[_Order]], Sequence[_Answer]],
        try_writing: Callable[[], object],
        *,
        max_records: int,
        max_waiting: int,
        timeout: float,
        shed_after: float,
    ) -> None:
        self._store = store
        self._try_writing = try_writing
        self._timeout = timeout
        self._shed_after = min(shed_after, timeout)
        self._max_records = max_records
        self._max_waiting = max_waiting
        self._submissions: deque[_Submission[_Order, _Answer]] = deque()
        self._waiting = 0
        self._began: float | None = None
        self._closed = False
        self._failing = False
        self._trying = Lock()
        self._changed = Condition()
        self._writer = Thread(target=self._write, name="group-commit", daemon=True)
        self._writer.start()

    def submit(self, orders: Sequence[_Order]) -> Sequence[_Answer]:
        """Answer once the orders are durable, in their order.

        Raises StoreUnavailable at once when too many wait already, when the store is slow, and
        after `close`; and when they have waited too long for their transaction to begin. Nothing
        of them is then stored. Raises it too when the time is up during their transaction: they
        may be stored all the same, and are duplicates when they come again. Else it raises what
        storing raised for these orders, whatever became of others with them.
        """
        if not orders:
            return []
        submission = _Submission[_Order, _Answer](orders)
        with self._changed:
            self._admit(len(orders))
            self._submissions.append(submission)
            self._changed.notify()
        patience = self._shed_after if len(orders) == 1 else self._timeout
        if not submission.wait(patience):
            self._withdraw(submission)
            if not submission.wait(self._timeout - patience):
                self._failing = True
                raise StoreUnavailable("The database is too slow now; call again.")
        return submission.result()

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
            self._try_writing()
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

    def _withdraw(self, submission: _Submission[_Order, _Answer]) -> None:
        """Take back, with StoreUnavailable, what waits still; leave alone what is being stored."""
        with self._changed:
            if submission not in self._submissions:
                return
            self._submissions.remove(submission)
            self._waiting -= len(submission.orders)
        raise StoreUnavailable("The database is too slow now, nothing was stored; call again.")

    def _write(self) -> None:
        while group := self._next_group():
            try:
                self._record(group)
            except StoreUnavailable as error:
                self._fail_all(group, error)

    def _next_group(self) -> list[_Submission[_Order, _Answer]]:
        with self._changed:
            self._changed.wait_for(lambda: self._submissions or self._closed)
            group: list[_Submission[_Order, _Answer]] = []
            room = self._max_records
            while self._submissions and (not group or len(self._submissions[0].orders) <= room):
                group.append(self._submissions.popleft())
                room -= len(group[-1].orders)
            return group

    def _record(self, group: Sequence[_Submission[_Order, _Answer]]) -> None:
        try:
            answers = iter(self._store_now([one for each in group for one in each.orders]))
            self._failing = False
            self._leave(group)
            for submission in group:
                submission.tell([next(answers) for _ in submission.orders])
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the caller is told and the writer lives on
            self._find_poison(group, error)

    def _store_now(self, orders: Sequence[_Order]) -> Sequence[_Answer]:
        self._began = monotonic()
        try:
            return self._store(orders)
        finally:
            self._began = None

    def _find_poison(self, group: Sequence[_Submission[_Order, _Answer]], error: Exception) -> None:
        if len(group) == 1:
            self._leave(group)
            group[0].tell((), error)
            return
        for submission in group:
            self._record([submission])

    def _fail_all(
        self, group: Sequence[_Submission[_Order, _Answer]], error: StoreUnavailable
    ) -> None:
        """Tell those in the group and those behind it: each wait for a lock would be added up."""
        self._failing = True
        with self._changed:
            behind = list(self._submissions)
            self._submissions.clear()
        untold = [one for one in (*group, *behind) if not one.told]
        self._leave(untold)
        for submission in untold:
            # An exception of its own for each: raising one in many threads mixes tracebacks.
            submission.tell((), StoreUnavailable(str(error), retry_after=error.retry_after))

    def _leave(self, group: Sequence[_Submission[_Order, _Answer]]) -> None:
        with self._changed:
            self._waiting -= sum(len(submission.orders) for submission in group)
