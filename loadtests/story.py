"""What became of every order of a run, at the hook and at the platform, and whether both agree."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from loadtests.hook_client import Answer

WAY = ("hook", "bridge", "platform, browser", "platform, server")
EXPLAINED = {"skipped", "rejected", "expired", "dead", "cancelled"}


class Story:
    """Fill it with the hook's answers, the platform's events and the bridge's endings; then ask."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str, str]] = Counter()
        self._owed: set[str] = set()
        self._counted: Counter[str] = Counter()
        self._sent: set[str] = set()
        self.deliveries = 0

    def add_answer(self, answer: Answer) -> None:
        """Count one answer of the hook. An accepted order that is not skipped is owed."""
        body = answer.body if isinstance(answer.body, dict) else {}
        status = body.get("status")
        if status not in {"accepted", "duplicate"}:
            self._rows["hook", "refused", _problem(body)] += 1
            return
        self._rows["hook", status, ""] += 1
        if status == "accepted":
            for delivery in body["deliveries"]:
                self._add_delivery(body["event_id"], delivery)

    @property
    def uncounted(self) -> list[str]:
        """The orders that were acknowledged as to be sent, and are not at the platform."""
        return sorted(self._owed - self._counted.keys())

    def add_endings(self, orders: Iterable[dict[str, Any]]) -> None:
        """Count how orders ended that did not reach the platform, as the bridge's status tells."""
        for order in orders:
            for delivery in order["deliveries"]:
                self._rows["bridge", delivery["state"], delivery["reason"] or ""] += 1
                if delivery["state"] in EXPLAINED:
                    self._owed.discard(order["event_id"])

    def add_platform(self, events: Iterable[dict[str, Any]]) -> None:
        """Count the platform's verdicts; an event counted at the browser's side counts as well."""
        for event in events:
            self._rows[f"platform, {event['source']}", event["verdict"], ""] += 1
            if event["verdict"] == "counted":
                self._counted[event["event_id"]] += 1
            if event["source"] == "server":
                self._sent.add(event["event_id"])

    def differences(self) -> list[str]:
        """Say where the platform's books and the hook's word differ; none is the promise."""
        twice = sorted(event for event, times in self._counted.items() if times > 1)
        unasked = sorted(self._sent - self._owed)
        return [
            *(f"{event} was acknowledged but never counted" for event in self.uncounted),
            *(f"{event} was counted more than once" for event in twice),
            *(f"{event} was sent though no answer promised it" for event in unasked),
        ]

    def table(self) -> Table:
        """All counts, for people."""
        table = Table("where", "what", "why", "orders", title="What became of the orders")
        table.columns[3].justify = "right"
        for (where, what, why), count in sorted(self._rows.items(), key=_along_the_way):
            table.add_row(where, what, why, str(count))
        return table

    def _add_delivery(self, event_id: str, delivery: dict[str, Any]) -> None:
        self.deliveries += 1
        if delivery["state"] == "pending":
            self._owed.add(event_id)
        else:
            self._rows["bridge", delivery["state"], delivery["reason"]] += 1


def _along_the_way(row: tuple[tuple[str, str, str], int]) -> tuple[int, str, str, str]:
    where, what, why = row[0]
    return (WAY.index(where), where, what, why)


def _problem(body: dict[str, Any]) -> str:
    """The stable code, with the first broken rule where there is one."""
    violations = body.get("violations") or [{}]
    rule = " ".join(str(violations[0][name]) for name in ("path", "rule") if name in violations[0])
    return f"{body.get('code')}: {rule}" if rule else str(body.get("code"))
