"""Sharing a claim among sites, so that no flood of one keeps another's orders back."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from bridge.outbox.schema import EPOCH, MICROSECOND

Row = TypeVar("Row")


def in_turn(sites: Collection[str], now: datetime) -> list[str]:
    """Answer the sites in the order of their turns at this moment, as good as drawn by lot.

    Turns are nowhere stored: every moment draws anew, and each site is first as often as any other.
    """
    moment = (now - EPOCH) // MICROSECOND
    return sorted(sites, key=lambda site: sha256(f"{moment} {site}".encode()).digest())


def fair_shares(
    places: int, sites: Sequence[str], find: Callable[[str, int], Sequence[Row]]
) -> dict[str, Sequence[Row]]:
    """Fill places from sites in turn, each with as many as any other that has enough for it.

    What one leaves free the others share. `find` answers a site's first rows, at most so many.
    """
    found: dict[str, Sequence[Row]] = dict.fromkeys(sites, ())
    left, more = list(sites), places
    while left:
        share, over = divmod(more, len(left))
        shares = {site: share + (turn < over) for turn, site in enumerate(left)}
        for site in left:
            if len(found[site]) < shares[site]:
                found[site] = find(site, shares[site])
        exhausted = [site for site in left if len(found[site]) < shares[site]]
        if not exhausted:
            break
        left = [site for site in left if site not in exhausted]
        more -= sum(len(found[site]) for site in exhausted)
    return found
