"""What became of the orders sent, counted."""

from collections import Counter
from typing import Any

from rich.table import Table

from loadtests.hook_client import Answer


class Tally:
    """Counts answers by outcome; knows nothing of what was sent, so nothing personal."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._deliveries: Counter[tuple[str, str, str]] = Counter()

    @property
    def answered(self) -> int:
        """How many orders have had an answer."""
        return self._outcomes.total()

    def add(self, answer: Answer) -> None:
        """Count the answer to one order."""
        self._add(answer.status, answer.body)

    def add_batch(self, answer: Answer, size: int) -> None:
        """Count the answer to a batch of `size`: each item's own, or one refusal for all."""
        if answer.status == 200 and isinstance(answer.body, list):  # noqa: PLR2004 - HTTP OK
            for item in answer.body:
                self._add(answer.status, item)
        else:
            for _ in range(size):
                self._add(answer.status, answer.body)

    def report(self) -> dict[str, Any]:
        """All counts, ready for JSON; reasons and deliveries with the most frequent first."""
        return {
            "answered": self.answered,
            "accepted": self._outcomes["accepted"],
            "duplicate": self._outcomes["duplicate"],
            "refused": self._outcomes["refused"],
            "refused_by_reason": dict(self._refused.most_common()),
            "deliveries": [
                {"destination": destination, "state": state, "reason": reason or None, "count": n}
                for (destination, state, reason), n in self._deliveries.most_common()
            ],
        }

    def table(self) -> Table:
        """The same for people."""
        table = Table("answer", "reason", "orders", title="What the hook answered")
        table.columns[2].justify = "right"
        table.add_row("accepted", "", str(self._outcomes["accepted"]))
        table.add_row("duplicate", "", str(self._outcomes["duplicate"]))
        for reason, count in self._refused.most_common():
            table.add_row("refused", reason, str(count))
        if self._deliveries:
            table.add_section()
        for (destination, state, reason), count in self._deliveries.most_common():
            table.add_row(f"{destination}: {state}", reason, str(count))
        return table

    def _add(self, status: int, body: Any) -> None:
        answer = body if isinstance(body, dict) else {}
        outcome = answer.get("status")
        if outcome not in {"accepted", "duplicate"}:
            self._outcomes["refused"] += 1
            # A batch's item carries its problem inside; a single answer is the problem.
            self._refused[_reason(status, answer.get("problem", answer))] += 1
            return
        self._outcomes[outcome] += 1
        if outcome == "accepted":
            for delivery in answer.get("deliveries") or ():
                members = (delivery.get(name) for name in ("destination", "state", "reason"))
                destination, state, reason = (str(value or "") for value in members)
                self._deliveries[destination, state, reason] += 1


def _reason(status: int, problem: dict[str, Any]) -> str:
    """The problem's stable code with its first violation, or the bare HTTP status."""
    code = str(problem.get("code") or f"http_{status}")
    violations = problem.get("violations")
    if not violations:
        return code
    return f"{code}: {violations[0].get('path')} {violations[0].get('rule')}"
