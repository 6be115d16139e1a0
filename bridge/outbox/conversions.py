"""Which orders, refunds and cancellations are about one conversion.

An edited order replaces another and is the same purchase. All orders of such a chain, and all that
adjusts any of them, carry the number of the chain's first order as their `conversion_no`, in
whatever order they come in: it is the line their deliveries stand in.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, or_, select, update

from bridge.order.model import ADJUSTMENTS, Kind, OrderKey
from bridge.outbox.lock_order import has_row_locks, lock_deliveries, lock_orders, of_orders
from bridge.outbox.many_rows import in_portions
from bridge.outbox.records import Record, Related
from bridge.outbox.schema import ORDER_KEY, among, deliveries, has_key, of_a_conversion, orders

Line = tuple[str, str]
"""A site, and the number of the first order of a conversion."""

_IS_ORDER = and_(orders.c.kind == Kind.ORDER, orders.c.reference == "")


def joins_others(record: Record) -> bool:
    """Answer whether this is about another order's conversion."""
    return bool(record.replaces) or record.key.kind in ADJUSTMENTS


def join(connection: Connection, new: Iterable[Record]) -> dict[OrderKey, str]:
    """Bring orders just stored together with theirs; answer the conversion of those with others.

    The caller has the turn: two that come in at once must find each other.
    """
    joining = [one for one in new if joins_others(one)]
    if not joining:
        return {}
    for one in joining:
        if one.replaces:
            _replace(connection, one.key, one.replaces)
    _follow(connection, [one.key for one in joining if one.key.kind in ADJUSTMENTS])
    return _conversions(connection, [one.key for one in joining])


def lock_lines(connection: Connection, new: Iterable[Record], met: Iterable[OrderKey]) -> None:
    """Lock at once what joining the new orders may change, and the orders met beside them."""
    joining = [one for one in new if joins_others(one)]
    if not joining or not has_row_locks(connection):
        return
    c = orders.c
    numbers = {one.key.order_no for one in joining} | {one.replaces or "" for one in joining}
    sites = {one.key.site_id for one in joining}
    found = select(c.id).where(
        or_(
            and_(c.order_no.in_(numbers), c.site_id.in_(sites)),
            and_(c.conversion_no.in_(numbers), of_a_conversion(), c.site_id.in_(sites)),
            has_key(met),
        )
    )
    ids = connection.scalars(found).all()
    lock_orders(connection, ids)
    lock_deliveries(connection, of_orders(ids))


def related(
    connection: Connection, lines: Iterable[Line], own: Iterable[int]
) -> dict[Line, list[Related]]:
    """Answer what else is stored about each conversion, oldest first, without the `own` orders."""
    c = orders.c
    wanted = {line for line in lines if line[1]}
    found: dict[Line, list[Related]] = {}
    if not wanted:
        return found
    rows = connection.execute(
        select(c.site_id, c.conversion_no, c.facts, c.identities, c.sealed)
        .where(c.conversion_no.in_({number for _, number in wanted}), of_a_conversion())
        .where(c.id.not_in(own))
        .order_by(c.id)
    )
    for site_id, number, facts, identities, sealed in rows:
        if (site_id, number) in wanted:
            one = Related(facts=facts, identities=identities, sealed=sealed)
            found.setdefault((site_id, number), []).append(one)
    return found


def _replace(connection: Connection, key: OrderKey, replaced: str) -> None:
    """Let the order, and all that was about it, be about the conversion of the one it replaces."""
    c, first = orders.c, _conversion_of(connection, key.site_id, replaced)
    if first == key.order_no:  # they replace each other: there is no first
        return
    mine = and_(c.conversion_no == key.order_no, c.site_id == key.site_id, of_a_conversion())
    for moved in in_portions(connection.scalars(select(c.id).where(mine)).all()):
        connection.execute(update(orders).where(c.id.in_(moved)).values(conversion_no=first))
        connection.execute(
            update(deliveries).where(deliveries.c.order_id.in_(moved)).values(order_no=first)
        )


def _conversion_of(connection: Connection, site_id: str, order_no: str) -> str:
    c = orders.c
    found: str | None = connection.scalar(
        select(c.conversion_no).where(c.order_no == order_no, c.site_id == site_id, _IS_ORDER)
    )
    return found or order_no


def _follow(connection: Connection, adjusting: Sequence[OrderKey]) -> None:
    """Let refunds and cancellations of orders that replaced others be about these' conversion."""
    c = orders.c
    numbers = {(key.order_no, key.site_id) for key in adjusting}
    replacements = connection.execute(
        select(c.order_no, c.site_id, c.conversion_no)
        .where(among((c.order_no, c.site_id), numbers), _IS_ORDER)
        .where(c.conversion_no != c.order_no)
    ).all()
    for order_no, site_id, first in replacements:
        connection.execute(
            update(orders)
            .where(c.order_no == order_no, c.site_id == site_id)
            .values(conversion_no=first)
        )


def _conversions(connection: Connection, keys: Sequence[OrderKey]) -> dict[OrderKey, str]:
    rows = connection.execute(select(*ORDER_KEY, orders.c.conversion_no).where(has_key(keys)))
    return {
        OrderKey(site_id=site_id, kind=kind, order_no=order_no, reference=reference): number
        for order_no, site_id, kind, reference, number in rows
    }
