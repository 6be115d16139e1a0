"""Holds the shop's list of orders against what was delivered: missing, rejected, sums by day.

`fates` is pure: one listed order and what the outbox knows of it become a fate for each
destination. `Reconciliation` adds them up and keeps sums, not orders, however long the list is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bridge.aftermath.listed import Listed
from bridge.operate.destinations import Destination
from bridge.order.eligibility import SkipReason
from bridge.outbox.known import KnownOrder
from bridge.outbox.records import DeliveryState
from bridge.outbox.states import State


class Outcome(StrEnum):
    """What became of a listed order at a destination."""

    DELIVERED = "delivered"  # the platform took it
    WAITING = "waiting"  # on its way
    SKIPPED = "skipped"  # not to be sent, with the reason
    REJECTED = "rejected"  # a dead letter: the platform refused it, or we gave up
    EXPIRED = "expired"  # the platform's time window closed first
    CANCELLED = "cancelled"  # ended by a person
    MISSING = "missing"  # nobody has told the bridge of it, or of this destination
    NOT_DUE = "not_due"  # by the shop's own account not one to be sent


OUTCOMES = {
    State.ACCEPTED: Outcome.DELIVERED,
    State.PROCESSED: Outcome.DELIVERED,
    State.HELD: Outcome.WAITING,
    State.PENDING: Outcome.WAITING,
    State.LEASED: Outcome.WAITING,
    State.SKIPPED: Outcome.SKIPPED,
    State.REJECTED: Outcome.REJECTED,
    State.DEAD: Outcome.REJECTED,
    State.EXPIRED: Outcome.EXPIRED,
    State.CANCELLED: Outcome.CANCELLED,
}


class MissingReason(StrEnum):
    """Why a listed order is missing at a destination."""

    NEVER_RECEIVED = "never_received"  # the bridge was never called about it
    DESTINATION_ADDED_LATER = "destination_added_later"  # it came before the destination did


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One listed order at one destination; `differs` names what the list says otherwise.

    `value` is the list's, `taken` what the bridge was told.
    """

    line: int
    site_id: str
    order_no: str
    destination: str
    outcome: Outcome
    reason: str | None
    day: str
    currency: str
    value: Decimal | None
    taken: Decimal | None
    differs: tuple[str, ...] = ()

    @property
    def is_remarkable(self) -> bool:
        """Whether somebody should look at the order."""
        bad = {Outcome.MISSING, Outcome.REJECTED, Outcome.EXPIRED}
        return self.outcome in bad or bool(self.differs)


def fates(
    listed: Listed, known: KnownOrder | None, destinations: Iterable[Destination], day: str
) -> Iterator[Fate]:
    """Answer what became of a listed order at each destination."""
    delivered = {one.destination: one for one in known.deliveries} if known else {}
    for destination in destinations:
        outcome, reason = _outcome(listed, known, delivered.get(destination.id), destination)
        taken = Decimal(known.gross) if known and known.gross is not None else None
        yield Fate(
            line=listed.line,
            site_id=listed.site_id,
            order_no=listed.order_no,
            destination=destination.id,
            outcome=outcome,
            reason=reason,
            day=day,
            currency=listed.currency or (known and known.currency) or "",
            value=taken if listed.gross is None else listed.gross,
            taken=taken,
            differs=_differences(listed, known),
        )


def _outcome(
    listed: Listed,
    known: KnownOrder | None,
    delivery: DeliveryState | None,
    destination: Destination,
) -> tuple[Outcome, str | None]:
    if delivery is not None:
        return OUTCOMES[delivery.state], delivery.reason
    if listed.not_due is not None:
        return Outcome.NOT_DUE, listed.not_due
    unwanted = _not_routed(listed, destination)
    if unwanted is not None:
        return Outcome.SKIPPED, unwanted
    came = MissingReason.NEVER_RECEIVED if known is None else MissingReason.DESTINATION_ADDED_LATER
    return Outcome.MISSING, came


def _not_routed(listed: Listed, destination: Destination) -> SkipReason | None:
    """Answer why a destination would not want an order, as far as the list tells."""
    routes = destination.routes
    told: tuple[tuple[SkipReason, str | None, frozenset[str]], ...] = (
        (SkipReason.SITE_NOT_ROUTED, listed.site_id, routes.sites),
        (SkipReason.CHANNEL_NOT_ROUTED, listed.channel, frozenset(routes.channels)),
        (SkipReason.CURRENCY_NOT_ROUTED, listed.currency, routes.currencies),
    )
    for reason, value, wanted in told:
        if wanted and value and value not in wanted:
            return reason
    return None


def _differences(listed: Listed, known: KnownOrder | None) -> tuple[str, ...]:
    if known is None:
        return ()
    taken = None if known.gross is None else Decimal(known.gross)
    told = {
        "currency": (listed.currency, known.currency),
        "gross": (listed.gross, taken),
    }
    return tuple(
        name for name, (ours, theirs) in told.items() if ours is not None and ours != theirs
    )


@dataclass(slots=True)
class Sum:
    """How many orders, and what they are worth together."""

    orders: int = 0
    value: Decimal = Decimal(0)

    def add(self, value: Decimal | None) -> None:
        """Count one more."""
        self.orders += 1
        self.value += value or 0

    def __add__(self, other: "Sum") -> "Sum":
        """Answer both together."""
        return Sum(self.orders + other.orders, self.value + other.value)


class Reconciliation:
    """Sums by day, currency, destination and outcome, and by reason."""

    def __init__(self) -> None:
        self.listed = 0
        self.days: dict[tuple[str, str, str], dict[Outcome, Sum]] = {}
        self.reasons: dict[tuple[str, Outcome, str], Sum] = {}
        self.differing = 0

    def add(self, told: Iterable[Fate]) -> None:
        """Take one listed order into account, with its fate at each destination."""
        self.listed += 1
        differs = False
        for fate in told:
            differs = differs or bool(fate.differs)
            sums = self.days.setdefault((fate.day, fate.currency, fate.destination), {})
            is_delivered = fate.outcome is Outcome.DELIVERED
            sums.setdefault(fate.outcome, Sum()).add(fate.taken if is_delivered else fate.value)
            if not is_delivered:
                key = (fate.destination, fate.outcome, fate.reason or "")
                self.reasons.setdefault(key, Sum()).add(None)
        self.differing += differs

    def total(self, outcome: Outcome) -> int:
        """Answer how often an outcome was met, over all days and destinations."""
        return sum(sums[outcome].orders for sums in self.days.values() if outcome in sums)
