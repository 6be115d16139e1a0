"""Storefronts that call until they have an answer, and remember what they were promised."""

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from loadtests.crash.world import SECRET, SITE
from loadtests.hook_client import HookClient, HookUnreachable

TAKEN = {200, 202}
PAUSE = 0.02
AGAIN_AFTER = 0.2
REPEATED = 0.05
"""The share of orders that are called about once more after they were acknowledged."""


class Promises:
    """What the hook has acknowledged, and what is still being asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.acknowledged: set[str] = set()
        self.asked: set[str] = set()
        self.unanswered = 0
        self.refused: list[str] = []

    def ask(self, order_no: str) -> None:
        """Remember that the hook may have heard of this order."""
        with self._lock:
            self.asked.add(order_no)

    def keep(self, order_no: str) -> None:
        """Remember that the hook has acknowledged it."""
        with self._lock:
            self.acknowledged.add(order_no)

    def miss(self) -> None:
        """Remember that a call had no answer, or one that asked to call again."""
        with self._lock:
            self.unanswered += 1

    def refuse(self, order_no: str, status: int) -> None:
        """Remember an answer that no caller should see."""
        with self._lock:
            self.refused.append(f"{order_no}: {status}")


class Callers:
    """Several storefronts at once, each with one order at a time, until told to stop."""

    def __init__(self, url: str, seed: int, name: Callable[[int], str], count: int = 3) -> None:
        self.promises = Promises()
        self._url = url
        self._numbers = itertools.count(1)
        self._name = name
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._call, args=(Random(f"{seed}.{number}"),))  # noqa: S311  # a seeded load, no secret
            for number in range(count)
        ]

    def start(self) -> None:
        """Begin to call."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no new order, and wait until every one that was begun is acknowledged."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call(self, random: Random) -> None:
        with HookClient(self._url, {SITE: SECRET}, timeout=5) as client:
            while not self._stop.wait(PAUSE):
                order = order_named(self._name(next(self._numbers)))
                self._insist(client, order)
                if random.random() < REPEATED:
                    self._insist(client, order)

    def _insist(self, client: HookClient, order: dict[str, Any]) -> None:
        """Call as often as it takes, as the storefront's sweep job does."""
        order_no = order["order_no"]
        self.promises.ask(order_no)
        while (status := _status(client, order)) not in TAKEN:
            if status is not None and status < 500:  # noqa: PLR2004  # HTTP: what is the caller's mistake
                self.promises.refuse(order_no, status)
                return
            self.promises.miss()
            threading.Event().wait(AGAIN_AFTER)
        self.promises.keep(order_no)


def _status(client: HookClient, order: dict[str, Any]) -> int | None:
    try:
        return client.send(order).status
    except HookUnreachable:
        return None


def order_named(order_no: str) -> dict[str, Any]:
    """Answer an order that both platforms want and can count."""
    return {
        "contract": "order/1",
        "kind": "order",
        "site_id": SITE,
        "instance": "production",
        "order_no": order_no,
        "channel": "storefront",
        "placed_at": datetime.now(UTC).isoformat(),
        "currency": "USD",
        "totals": {"gross": 49.9},
        "lines": [{"product_id": "P1", "quantity": 1, "gross": 49.9}],
        "customer": {"email": f"{order_no.lower()}@example.com"},
        "browser": {"ip": "192.0.2.7", "user_agent": "Mozilla/5.0", "page_url": "https://x.test/"},
        "consent": dict.fromkeys(("ad_storage", "ad_user_data", "ad_personalization"), "granted"),
    }
