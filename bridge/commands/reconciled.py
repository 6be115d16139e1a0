"""How the answer of `bridge reconcile` looks."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import click

from bridge.aftermath.reconcile import Fate, Outcome, Reconciliation, Sum
from bridge.commands.order_files import SHOWN
from bridge.commands.output import show_table
from bridge.intake.files.row import BadRow
from bridge.order.money import rounded

_NOT_ARRIVED: Final = (Outcome.REJECTED, Outcome.EXPIRED, Outcome.WAITING)


@dataclass(slots=True)
class Report:
    """What there is to tell: sums of everything, and the first of what somebody should look at."""

    sums: Reconciliation = field(default_factory=Reconciliation)
    remarkable: list[Fate] = field(default_factory=list)
    unreadable: list[BadRow] = field(default_factory=list)
    unreadable_rows: int = 0
    others: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is missing, as far as every row could be read."""
        return not self.unreadable_rows and not self.sums.total(Outcome.MISSING)

    @property
    def undelivered(self) -> dict[Outcome, int]:
        """How often an order that was to be sent did not arrive, or not yet, though it is known."""
        told = {outcome: self.sums.total(outcome) for outcome in _NOT_ARRIVED}
        return {outcome: count for outcome, count in told.items() if count}


def document(report: Report) -> dict[str, Any]:
    """Answer all there is to tell, for machines."""
    sums = report.sums
    return {
        "ok": report.ok,
        "listed": sums.listed,
        "totals": {outcome: sums.total(outcome) for outcome in Outcome},
        "days": [
            {"day": day, "currency": currency, "destination": destination}
            | {outcome: asdict(one) for outcome, one in by_outcome.items()}
            for (day, currency, destination), by_outcome in sorted(sums.days.items())
        ],
        "reasons": [
            {"destination": destination, "outcome": outcome, "reason": reason, "orders": one.orders}
            for (destination, outcome, reason), one in sorted(sums.reasons.items())
        ],
        "differing": sums.differing,
        "findings": [asdict(fate) for fate in report.remarkable],
        "other_kinds": report.others,
        "unreadable": {
            "rows": report.unreadable_rows,
            "first": [asdict(one) for one in report.unreadable],
        },
    }


def show(report: Report) -> None:
    """Print it for people."""
    sums = report.sums
    days = [_day_row(key, by_outcome) for key, by_outcome in sorted(sums.days.items())]
    columns = ("day", "destination", "listed", "delivered", "missing", "other")
    show_table(f"{sums.listed} orders listed", columns, _said_once(days, 1))
    if sums.reasons:
        rows = ((*key, one.orders) for key, one in sorted(sums.reasons.items()))
        show_table("Not delivered", ("destination", "outcome", "reason", "orders"), rows)
    if report.remarkable:
        show_table(
            f"To look at, the first {SHOWN}",
            ("line", "order, site", "destination", "what", "differs"),
            _said_once(map(_fate_row, report.remarkable), 2),
        )
    if report.unreadable:
        show_table(
            f"{report.unreadable_rows} rows could not be read, the first {SHOWN}",
            ("line", "field", "what to do"),
            ((one.line, one.field, one.message) for one in report.unreadable),
        )
    if report.others:
        click.echo(f"{report.others} rows are refunds and the like: only orders are compared.")
    _conclude(report)


def _conclude(report: Report) -> None:
    late = ", ".join(f"{count} {outcome}" for outcome, count in report.undelivered.items())
    if report.ok:
        click.echo("No order is missing, but not all arrived." if late else "No order is missing.")
    if late:
        click.echo(f"At their destinations: {late}. See `bridge dead list` and `bridge status`.")


def _said_once(rows: Iterable[tuple[str, ...]], columns: int) -> Iterator[tuple[str, ...]]:
    """Leave out of each row what its first columns have in common with the row before."""
    before: tuple[str, ...] = ()
    for row in rows:
        yield ("",) * columns + row[columns:] if row[:columns] == before else row
        before = row[:columns]


def _day_row(key: tuple[str, str, str], sums: dict[Outcome, Sum]) -> tuple[str, ...]:
    day, currency, destination = key
    done = {Outcome.DELIVERED, Outcome.MISSING}
    others = [one for name, one in sums.items() if name not in done]
    cells = (
        sum(sums.values(), Sum()),
        sums.get(Outcome.DELIVERED, Sum()),
        sums.get(Outcome.MISSING, Sum()),
        sum(others, Sum()),
    )
    return (f"{day or '?'}\n{currency}", destination, *(_cell(one, currency) for one in cells))


def _cell(one: Sum, currency: str) -> str:
    return f"{one.orders}\n{rounded(one.value, currency)}" if one.orders else "0"


def _fate_row(fate: Fate) -> tuple[str, ...]:
    what = f"{fate.outcome}: {fate.reason}" if fate.reason else str(fate.outcome)
    told = (fate.destination, what, ", ".join(fate.differs))
    return (str(fate.line), f"{fate.order_no} {fate.site_id}", *told)
