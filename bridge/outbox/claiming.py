"""Leasing deliveries to a sender, so that each is in one pair of hands at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select, update

from bridge.outbox.conversions import related
from bridge.outbox.destinations import allowance
from bridge.outbox.fair_shares import fair_shares, in_turn
from bridge.outbox.lease_clock import Moment
from bridge.outbox.lines import first_in_line, in_dispute
from bridge.outbox.lock_order import lock_deliveries
from bridge.outbox.records import Claim
from bridge.outbox.schema import deliveries, in_states, orders
from bridge.outbox.states import State

CRASHED_TOGETHER = 4
"""After each crash that many times fewer go together: of 2,000 a culprit is alone at the sixth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Who claims, for which destination, how many at most, and for how long.

    A `whole` claim is that many, of which no lease has died with any; or none.
    """

    destination: str
    limit: int
    owner: str
    lease: timedelta
    whole: bool = False


def claim(connection: Connection, claimant: Claimant, moment: Moment) -> list[Claim]:
    """Lease what is due: a fair share for each site, and of each the oldest deadline first.

    Attempts and fences are counted here. Others may claim at the same time: nobody waits, and of
    each order at most one delivery is leased.
    """
    limit = allowance(connection, claimant.destination, claimant.limit, moment)
    if limit < 1:
        return []
    candidates = _candidates(connection, claimant.destination, limit, moment)
    chosen = _chosen(candidates, limit)
    if not chosen or (claimant.whole and not _whole(chosen, candidates, claimant.limit)):
        return []
    _lease(connection, chosen, claimant, moment.lease_time)
    return _claims(connection, chosen, moment.now)


def _candidates(
    connection: Connection, destination: str, limit: int, moment: Moment
) -> list[Row[Any]]:
    """Answer what may be leased, by the turns of the sites, of each the oldest deadline first."""
    c = deliveries.c
    mine = c.destination == destination
    due = and_(mine, in_states({State.PENDING}), c.next_attempt_at <= moment.now, first_in_line())
    # What a dead sender held was first in its line already, and keeps the others waiting.
    stranded = and_(mine, in_states({State.LEASED}), c.lease_until <= moment.lease_time)
    bereft = set(connection.scalars(select(c.site_id).where(stranded).distinct()))

    def find(site: str, share: int) -> Sequence[Row[Any]]:
        found = _select(connection, site, share, due, c.crashes)
        if site in bereft:
            found = [*found, *_select(connection, site, share, stranded, c.crashes + 1)]
        return sorted(found, key=_oldest_first)[:share]

    sites = bereft | _sites(connection, destination)
    shares = fair_shares(limit, in_turn(sites, moment.now), find)
    found = [row for rows in shares.values() for row in rows]
    disputed = in_dispute(connection, [row.id for row in found])
    return [row for row in found if row.id not in disputed]


def _sites(connection: Connection, destination: str) -> set[str]:
    """Answer the sites with anything pending, each found by one step into the index."""
    c = deliveries.c
    pending = and_(c.destination == destination, in_states({State.PENDING}))
    sites = select(func.min(c.site_id).label("id")).where(pending).cte("sites", recursive=True)
    following = select(func.min(c.site_id)).where(pending, c.site_id > sites.c.id)
    sites = sites.union_all(select(following.scalar_subquery()).where(sites.c.id.is_not(None)))
    return set(connection.scalars(select(sites.c.id).where(sites.c.id.is_not(None))))


def nearest_deadline(connection: Connection, destination: str) -> datetime | None:
    """Answer the nearest deadline of what is pending, each site's found by one step as well."""
    c = deliveries.c
    pending = and_(c.destination == destination, in_states({State.PENDING}))
    first = select(c.deadline).where(pending).order_by(c.deadline).limit(1)
    sites = _sites(connection, destination)
    deadlines = (connection.scalar(first.where(c.site_id == site)) for site in sites)
    return min((deadline for deadline in deadlines if deadline), default=None)


def _oldest_first(row: Row[Any]) -> tuple[datetime, int]:
    return row.deadline, row.id


def _select(
    connection: Connection,
    site: str,
    limit: int,
    condition: ColumnElement[bool],
    crashes: ColumnElement[int],
) -> Sequence[Row[Any]]:
    c = deliveries.c
    statement = (
        select(c.id, c.deadline, crashes.label("crashes"))
        .where(c.site_id == site, condition)
        .order_by(c.deadline, c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    return connection.execute(statement).all()


def _chosen(candidates: Sequence[Row[Any]], limit: int) -> list[int]:
    # What a lease has died with goes with its like, fewer each time and in the end alone: what
    # kills the sender is found, and a killed one costs no request for each event it held.
    crashes = candidates[0].crashes if candidates else 0
    most = max(limit // CRASHED_TOGETHER**crashes, 1)
    return [row.id for row in candidates if row.crashes == crashes][:most]


def _whole(chosen: Sequence[int], candidates: Sequence[Row[Any]], limit: int) -> bool:
    return len(chosen) == limit and not candidates[0].crashes


def _lease(
    connection: Connection, chosen: Sequence[int], claimant: Claimant, lease_time: datetime
) -> None:
    c = deliveries.c
    connection.execute(
        update(deliveries)
        .where(c.id.in_(chosen))
        .values(
            state=State.LEASED,
            # what a dead sender held is the same attempt once more: no answer came to it
            attempts=c.attempts + case((c.state == State.LEASED, 0), else_=1),
            crashes=c.crashes + case((c.state == State.LEASED, 1), else_=0),
            fence=c.fence + 1,
            lease_owner=claimant.owner,
            lease_until=lease_time + claimant.lease,
        )
    )


def _claims(connection: Connection, chosen: Sequence[int], now: datetime) -> list[Claim]:
    c, o = deliveries.c, orders.c
    columns = (
        c.id.label("delivery_id"),
        *(c.fence, c.destination, c.attempts, c.crashes, c.odd_answers, c.deadline),
        *(c.first_sent_at, c.unanswered_since, c.payload),
        *(o.event_id, o.facts, o.identities, o.sealed, o.conversion_no),
    )
    rows = (
        connection.execute(
            select(*columns, c.order_id, o.site_id)
            .join_from(deliveries, orders)
            .where(c.id.in_(chosen))
            .order_by(c.deadline, c.id)
        )
        .mappings()
        .all()
    )
    lines = {row["delivery_id"]: (row["site_id"], row["conversion_no"]) for row in rows}
    others = related(connection, lines.values(), [row["order_id"] for row in rows])
    return [
        Claim(
            **{column.name: row[column.name] for column in columns},
            claimed_at=now,
            related=tuple(others.get(lines[row["delivery_id"]], ())),
        )
        for row in rows
    ]


def release(connection: Connection, owner: str, *, crashed: bool) -> int:
    """Give back what an owner still holds, due at once; answer how many.

    A lease in which nothing was posted does not count as an attempt, unless it is a crash.
    """
    c = deliveries.c
    uncounted = case((c.unanswered_since.is_(None), int(not crashed)), else_=0)
    mine = and_(in_states({State.LEASED}), c.lease_owner == owner)
    lock_deliveries(connection, mine)
    given = connection.execute(
        update(deliveries)
        .where(mine)
        .values(
            state=State.PENDING,
            attempts=c.attempts - uncounted,
            crashes=c.crashes + int(crashed),
            fence=c.fence + 1,
            lease_owner=None,
            lease_until=None,
        )
    )
    return given.rowcount
