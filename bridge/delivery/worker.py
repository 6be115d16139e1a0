"""Keeps delivering: threads of its own for each destination, so that a dead one delays no other.

Two of them deliver, as lanes of one row. Where a platform reports later, another one asks it.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import structlog

from bridge.delivery.context import DeliveryContext
from bridge.delivery.lanes import LANES, Row
from bridge.delivery.protocols import PROTOCOLS
from bridge.delivery.rounds import Deliver, Rounds
from bridge.errors import BridgeError
from bridge.operate.destinations import Destination

log = structlog.get_logger("bridge.delivery")

GATHER = 0.2
"""Seconds to wait after a claim that was not whole: what comes meanwhile goes together. On SQLite
every request is a handful of transactions, for which the hook's orders wait."""

RELEASE_EVERY = 1.0
"""Seconds between looks for what waited for its order and need wait no more."""

SWEEP_EVERY = 10
"""As many looks of that kind between looks for what has waited past its deadline."""

ASK_EVERY = 2.0
"""Seconds between looks for requests to ask about."""

TROUBLE_WAIT = 5.0
"""Seconds to wait after an error of our own or of the database."""

LAST_TRIES = 2
"""How often a sender that stops tries to give back what it holds; each may wait for a lock."""

Ask = Callable[[DeliveryContext, Destination], int]


Listen = Callable[[Callable[[], None], threading.Event], None]
"""Calls the first whenever there is something new to send, until the second is set."""


def _deaf(wake: Callable[[], None], stop: threading.Event) -> None:
    """Hear nothing: who looks by himself finds everything."""


class Worker:
    """Sends what is due for every enabled destination until `context.stop` is set.

    `deliver` takes claims through all stages of a round, `ask` finds out what became of requests.
    On stop the requests in flight end and are settled, everything else is given back.
    """

    def __init__(
        self,
        context: DeliveryContext,
        destinations: Sequence[Destination],
        deliver: Deliver,
        ask: Ask,
        *,
        trouble_wait: float = TROUBLE_WAIT,
        listen: Listen = _deaf,
    ) -> None:
        self._context = context
        self._destinations = [one for one in destinations if one.enabled]
        self._deliver = deliver
        self._ask = ask
        self._trouble_wait = trouble_wait
        self._listen = listen
        self._rung = {one.id: threading.Event() for one in self._destinations}
        self._rows: dict[str, Row] = {}
        self._process = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self) -> None:
        """Deliver until told to stop; each lane then gives back what it holds."""
        threads = list(self._threads())
        for thread in threads:
            thread.start()
        for look in count():
            self._guarded(self._release, None)
            if look % SWEEP_EVERY == 0:
                self._guarded(self._sweep, None)
            if self._context.stop.wait(RELEASE_EVERY):
                break
        self._wake()
        for thread in threads:
            thread.join()

    def rounds(self, destination: Destination, lane: int = 0) -> Rounds:
        """Answer the rounds of one of a destination's lanes, before the first of them."""
        row = self._rows.setdefault(destination.id, Row(self._context.stop))
        owner = f"{self._process}/{destination.id}/{lane}"
        return Rounds(self._context.in_lane(row), destination, self._deliver, owner)

    def _threads(self) -> Iterator[threading.Thread]:
        for one in self._destinations:
            for lane in range(LANES):
                work = (one, self.rounds(one, lane))
                name = f"deliver-{one.id}-{lane}"
                yield threading.Thread(target=self._serve, args=work, name=name)
            if PROTOCOLS[one.platform].status is not None:
                yield threading.Thread(target=self._keep_asking, args=(one,), name=f"ask-{one.id}")
        yield threading.Thread(target=self._listen, args=(self._wake, self._context.stop))

    def _serve(self, destination: Destination, rounds: Rounds) -> None:
        while not self._context.stop.is_set():
            taken = self._guarded(rounds.run_once, destination.id)
            if taken is None:
                self._context.stop.wait(self._trouble_wait)
            elif not taken and not self._context.stop.is_set():
                self._rung[destination.id].wait(self._context.sender.idle_wait)
                self._rung[destination.id].clear()
            elif taken < destination.batch_size:
                self._context.stop.wait(min(GATHER, self._context.sender.idle_wait))
        for _ in range(LAST_TRIES):
            if self._guarded(rounds.clear_up, destination.id) is not None:
                break
        rounds.leave()
        self._context.transport.close()

    def _wake(self) -> None:
        for rung in self._rung.values():
            rung.set()
        for row in self._rows.values():
            row.wake()

    def _keep_asking(self, destination: Destination) -> None:
        while not self._context.stop.is_set():
            asked = self._guarded(lambda: self._ask(self._context, destination), destination.id)
            self._context.stop.wait(self._trouble_wait if asked is None else ASK_EVERY)
        self._context.transport.close()

    def _release(self) -> int:
        return self._context.store.release_adjustments(self._context.clock())

    def _sweep(self) -> int:
        now, store = self._context.clock(), self._context.store
        sweeps = (store.expire, store.end_reports, store.purge, store.forget_requests)
        swept = sum(sweep(now) for sweep in sweeps)
        kept_for = self._context.kept_for
        return swept + (store.forget_orders(now, kept_for=kept_for) if kept_for else 0)

    def _guarded(self, work: Callable[[], int], destination: str | None) -> int | None:
        """Keep the thread alive whatever happens."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001  # an unforeseen error must not end delivery
            log.error("delivery_failed", destination=destination, **_account(error))  # noqa: TRY400  # a stack trace may show the order
            return None


def _account(error: Exception) -> dict[str, str]:
    """Answer what may be logged: our own messages hold no values, those of others may."""
    if isinstance(error, BridgeError):
        return {"code": error.code, "reason": str(error)}
    return {"error": type(error).__name__}
