"""Orders made before the clock starts, so that making them never slows the sending down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import orjson

from loadtests.orders import orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One order ready to be signed: its site, its number and its JSON."""

    site: str
    order_no: str
    body: bytes


def parcels(persons: int, seed: int, placed_before: datetime, site: str) -> Iterator[Parcel]:
    """Give a site's orders for ever: those of `seed`, then the same with other numbers and times.

    All are made before the first is given.
    """
    made = [
        Parcel(site=site, order_no=order["order_no"], body=orjson.dumps(order))
        for order in orders(persons, seed, placed_before, site_id=site)
    ]
    for turn in count():
        for parcel in made:
            yield parcel if turn == 0 else _again(parcel, turn)


def _again(parcel: Parcel, turn: int) -> Parcel:
    """Make another order of it: to Google one click at one time is one conversion."""
    order_no = f"{parcel.order_no}-{turn}"
    order = orjson.loads(
        parcel.body.replace(f'"{parcel.order_no}"'.encode(), f'"{order_no}"'.encode())
    )
    earlier = datetime.fromisoformat(order["placed_at"]) - timedelta(seconds=turn)
    order["placed_at"] = earlier.isoformat()
    return Parcel(site=parcel.site, order_no=order_no, body=orjson.dumps(order))
