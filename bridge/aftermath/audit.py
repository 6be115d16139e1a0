"""Conservation: every order ends at every destination that wants it, once, with a reason.

The rules are a table over what the outbox says of an order; `examine` is pure, `audit` reads.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.aftermath.senders import MOST_KEPT, Senders, Unsent
from bridge.outbox.destinations import DestinationState
from bridge.outbox.queries import DeliveryStatus, OrderStatus, Queries
from bridge.outbox.states import DEAD_LETTERS, FINAL, OPEN, State

GRACE = timedelta(minutes=5)
UNSENT_GRACE = timedelta(minutes=10)
NOBODY_SENDS = "nobody_sends"
_UNSENT = "the delivery has long been due, nobody took it, and its destination had nothing else"
_DELIVERED = frozenset({State.ACCEPTED, State.PROCESSED})
_EXPLAINED = FINAL - _DELIVERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule, and the order and delivery that break it."""

    rule: str
    order_id: int
    delivery_id: int | None
    message: str
    destination: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What was counted, and every rule found broken: `found` times, of which the first are here."""

    orders: int
    deliveries: int
    by_state: dict[State, int]
    findings: tuple[Finding, ...]
    found: int

    @property
    def ok(self) -> bool:
        """Answer whether nothing is lost, stuck or unexplained."""
        return not self.found


@dataclass(frozen=True, slots=True, kw_only=True)
class _OrderRule:
    name: str
    message: str
    broken: Callable[[OrderStatus], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _DeliveryRule:
    name: str
    message: str
    broken: Callable[[DeliveryStatus, datetime], bool]
    """Takes the delivery and the instant before which what is overdue is too late."""


ORDER_RULES = (
    _OrderRule(
        name="deliveries_complete",
        message="the order has more or fewer deliveries than were created for it",
        broken=lambda order: len(order.deliveries) != order.wanted,
    ),
    _OrderRule(
        name="remainder_purged",
        message="the encrypted remainder is kept though no delivery can need it",
        broken=lambda order: (
            order.sealed
            and not any(
                d.state in OPEN | DEAD_LETTERS or d.report_until is not None
                for d in order.deliveries
            )
        ),
    ),
)

DELIVERY_RULES = (
    _DeliveryRule(
        name="end_has_time",
        message="the delivery has ended, but not when",
        broken=lambda delivery, _: delivery.state in FINAL and delivery.settled_at is None,
    ),
    _DeliveryRule(
        name="open_has_no_end",
        message="the delivery has an end time, but has not ended",
        broken=lambda delivery, _: delivery.state in OPEN and delivery.settled_at is not None,
    ),
    _DeliveryRule(
        name="end_has_reason",
        message="the delivery ended undelivered without a reason",
        broken=lambda delivery, _: delivery.state in _EXPLAINED and not delivery.reason,
    ),
    _DeliveryRule(
        name="delivered_was_sent",
        message="the delivery counts as delivered, but was never sent",
        broken=lambda delivery, _: (
            delivery.state in _DELIVERED
            and (delivery.first_sent_at is None or delivery.attempts < 1)
        ),
    ),
    _DeliveryRule(
        name="nothing_open_past_deadline",
        message="the delivery is still open though its deadline has passed",
        broken=lambda delivery, late: delivery.state in OPEN and delivery.deadline < late,
    ),
    _DeliveryRule(
        name="accepted_alone_awaits_report",
        message="the delivery awaits a report though it is not accepted",
        broken=lambda delivery, _: (
            delivery.report_until is not None and delivery.state is not State.ACCEPTED
        ),
    ),
    _DeliveryRule(
        name="no_report_awaited_for_ever",
        message="the delivery still awaits a report that can no longer come",
        broken=lambda delivery, late: (
            delivery.report_until is not None and delivery.report_until < late
        ),
    ),
    _DeliveryRule(
        name="no_lease_stranded",
        message="the delivery is leased to a sender that is gone, and nobody took it over",
        broken=lambda delivery, late: (
            delivery.state is State.LEASED
            and (delivery.lease_until is None or delivery.lease_until < late)
        ),
    ),
)


def audit(queries: Queries, now: datetime, *, grace: timedelta = GRACE) -> AuditReport:
    """Examine the whole outbox as it stands in one snapshot."""
    with queries.snapshot() as snapshot:
        return examine(snapshot.orders, now, pauses=snapshot.pauses, grace=grace)


def examine(
    orders: Iterable[OrderStatus],
    now: datetime,
    *,
    pauses: Iterable[DestinationState] = (),
    grace: timedelta = GRACE,
) -> AuditReport:
    """Apply every rule to every order, oldest first.

    What is overdue is found once it is so by `grace`; what nobody sends, by UNSENT_GRACE on top.
    """
    count, by_state, found, findings = 0, Counter[State](), 0, list[Finding]()
    with closing(Senders(pauses, now, grace + UNSENT_GRACE)) as senders:
        for order in orders:
            count += 1
            by_state.update(delivery.state for delivery in order.deliveries)
            for finding in _findings(order, now - grace):
                found += 1
                if found <= MOST_KEPT:
                    findings.append(finding)
            senders.see(order)
    return AuditReport(
        orders=count,
        deliveries=by_state.total(),
        by_state=dict(by_state),
        findings=(*findings, *map(_idle, senders.unsent())),
        found=found + senders.count_unsent(),
    )


def _idle(one: Unsent) -> Finding:
    return Finding(
        rule=NOBODY_SENDS,
        order_id=one.order_id,
        delivery_id=one.id,
        message=_UNSENT,
        destination=one.destination,
    )


def _findings(order: OrderStatus, late: datetime) -> Iterator[Finding]:
    for rule in ORDER_RULES:
        if rule.broken(order):
            yield Finding(rule=rule.name, order_id=order.id, delivery_id=None, message=rule.message)
    for delivery in order.deliveries:
        for check in DELIVERY_RULES:
            if check.broken(delivery, late):
                yield Finding(
                    rule=check.name,
                    order_id=order.id,
                    delivery_id=delivery.id,
                    message=check.message,
                    destination=delivery.destination,
                )
