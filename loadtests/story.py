"""What became of every order of a run, at the hook and at each platform, and whether all agree."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from rich.table import Table

from loadtests.adjustments import Worth
from loadtests.hook_client import Answer
from loadtests.orders import Order

EXPLAINED = {"skipped", "rejected", "expired", "dead", "cancelled"}

Owed = tuple[str, str]
"""A platform and an event id."""


class Story:
    """Fill it with the hook's answers, the platforms' events and the bridge's endings; then ask.

    A destination belongs to the platform its id begins with: `meta-mock` to `meta`.
    """

    def __init__(self) -> None:
        self._rows: Counter[tuple[int, str, str, str]] = Counter()
        self._owed: set[Owed] = set()
        self._counted: Counter[Owed] = Counter()
        self._sent: set[Owed] = set()
        self._unanswered: set[str] = set()
        self._adjusting: dict[Owed, str] = {}
        self._worth = Worth()
        self._values: dict[str, Decimal] = {}
        self.deliveries = 0

    def add_answer(self, answer: Answer, message: Order | None = None) -> None:
        """Count one answer of the hook, to an order or to what adjusts one.

        An accepted order that is not skipped is owed; an adjustment is held until its order is
        delivered. With the message the values at the platforms are looked at, too.
        """
        body = answer.body if isinstance(answer.body, dict) else {}
        status = body.get("status")
        if status not in {"accepted", "duplicate"}:
            self._rows[0, "hook", "refused", _problem(body)] += 1
            return
        self._rows[0, "hook", status, ""] += 1
        if status == "accepted":
            for delivery in body["deliveries"]:
                self._add_delivery(body["event_id"], body.get("order_no", ""), delivery)
            if message is not None:
                self._worth.add(message)

    def add_unanswered(self, order_no: str) -> None:
        """Count a call without an answer: its order may have been taken, or not."""
        self._rows[0, "hook", "unanswered", ""] += 1
        self._unanswered.add(order_no)

    @property
    def uncounted(self) -> list[str]:
        """The orders that were acknowledged as to be sent, and some platform has not counted.

        With them those that something adjusts, to learn how that ended.
        """
        lost = {event for _, event in self._owed - self._counted.keys()}
        return sorted(lost | set(self._adjusting.values()))

    def add_endings(self, orders: Iterable[dict[str, Any]]) -> None:
        """Count how orders ended that did not reach a platform, as the bridge's status tells."""
        for order in orders:
            for delivery in order["deliveries"]:
                owed = _platform(delivery["destination"]), order["event_id"]
                if owed in self._adjusting:
                    self._add_end(delivery)
                elif delivery["state"] in EXPLAINED and owed in self._owed:
                    self._owed.discard(owed)
                    self._add_end(delivery)

    def add_platform(self, events: Iterable[dict[str, Any]]) -> None:
        """Count the platforms' verdicts; an event counted at the browser's side counts as well."""
        for event in events:
            where = f"{event['platform']}, {event['source']}"
            key = event["platform"], event["event_id"]
            self._rows[2, where, event["verdict"], ""] += 1
            if event["verdict"] == "counted":
                self._counted[key] += 1
                if event.get("current_value") is not None:
                    self._values[event["event_id"]] = Decimal(str(event["current_value"]))
            if event["source"] == "server":
                self._sent.add(key)

    def differences(self) -> list[str]:
        """Say where the platforms' books and the hook's word differ; none is the promise."""
        lost = sorted(self._owed - self._counted.keys())
        twice = sorted(key for key, times in self._counted.items() if times > 1)
        unasked = sorted(key for key in self._sent - self._owed if key[1] not in self._unanswered)
        return [
            *(f"{event} was acknowledged, but {where} never counted it" for where, event in lost),
            *(f"{event} was counted more than once by {where}" for where, event in twice),
            *(
                f"{event} was sent to {where} though no answer promised it"
                for where, event in unasked
            ),
            *self._misvalued(),
        ]

    def _misvalued(self) -> Iterator[str]:
        """Say which values at Google are not what refunds and cancellations left of an order."""
        for event, value in sorted(self._values.items()):
            worth = self._worth.of(event)
            if worth is not None and worth != value:
                yield f"{event} is worth {worth}, but {value} to google"

    def table(self) -> Table:
        """All counts along the way of an order, for people."""
        table = Table("where", "what", "why", "orders", title="What became of the orders")
        table.columns[3].justify = "right"
        for (_, where, what, why), count in sorted(self._rows.items()):
            table.add_row(where, what, why, str(count))
        return table

    def _add_delivery(self, event_id: str, order_no: str, delivery: dict[str, Any]) -> None:
        self.deliveries += 1
        owed = _platform(delivery["destination"]), event_id
        if delivery["state"] == "pending":
            self._owed.add(owed)
        elif delivery["state"] == "held":
            self._adjusting[owed] = order_no
        else:
            self._add_end(delivery)

    def _add_end(self, delivery: dict[str, Any]) -> None:
        where = f"bridge, for {_platform(delivery['destination'])}"
        self._rows[1, where, delivery["state"], delivery["reason"] or ""] += 1


def _platform(destination: str) -> str:
    return destination.partition("-")[0]


def _problem(body: dict[str, Any]) -> str:
    """The stable code, with the first broken rule where there is one."""
    violations = body.get("violations") or [{}]
    rule = " ".join(str(violations[0][name]) for name in ("path", "rule") if name in violations[0])
    return f"{body.get('code')}: {rule}" if rule else str(body.get("code"))
