"""Orders of one kind on request, such as 20 store purchases from Germany, sent to a bridge."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any

from loadtests.hook_client import HookClient, HookUnreachable, SecretUnusable
from loadtests.markets import MARKETS
from loadtests.orders import CHANNELS as WEIGHTED_CHANNELS
from loadtests.orders import Order, orders
from loadtests.site_secrets import site_secrets
from loadtests.tally import Tally
from loadtests.wish import Wish

MOST_AT_ONCE = 200
_NAMES = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "DE": "Germany",
    "FR": "France",
    "IT": "Italy",
    "PL": "Poland",
    "CH": "Switzerland",
    "JP": "Japan",
    "IN": "India",
    "BR": "Brazil",
    "KW": "Kuwait",
}
COUNTRIES = {market.country: _NAMES[market.country] for market in MARKETS}
CHANNELS = tuple(WEIGHTED_CHANNELS)
# What keeps orders from being sent; each says in its message what to do.
CANNOT = (HookUnreachable, SecretUnusable, ValueError)


def send_wanted(
    *,
    count: str | None,
    country: str | None,
    channel: str | None,
    to: str,
    tell: Callable[[list[Order]], object],
) -> dict[str, Any]:
    """Make `count` new orders of `country` and `channel` (None: any), and send them to `to`.

    `tell` hears of them before they go.

    Answers the counts of a `Tally`. Secrets come from where the `orders` command finds them.

    Raises:
        HookUnreachable: no bridge answered.
        SecretUnusable: there is nothing to sign with.
        ValueError: the count is none, or the country or channel is unknown.
    """
    number = int(count) if count and count.isascii() and count.isdigit() else 0
    if not 1 <= number <= MOST_AT_ONCE:
        raise ValueError(f"count: expected a whole number from 1 to {MOST_AT_ONCE}")
    wish = Wish(country=country, channel=channel)
    made = list(orders(number, randbelow(10**6), datetime.now(UTC), wish=wish))
    tell(made)
    given = filter(None, [os.environ.get("BRIDGE_SITE_SECRET")])
    sites = tuple(dict.fromkeys(market.site_id for market in MARKETS))
    tally = Tally()
    with HookClient(to, site_secrets(given, None, sites)) as client:
        for order in made:
            tally.add(client.send(order))
    return tally.report()
