"""The options that ask for orders of one kind."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from loadtests.baskets import Situation
from loadtests.journeys import CLICK_IDS
from loadtests.markets import MARKETS
from loadtests.orders import CHANNELS
from loadtests.wish import CONSENTS, NO_CLICK, Wish

_COMMAND = TypeVar("_COMMAND", bound=Callable[..., Any])
_BASKETS = [each.value.replace("_", "-") for each in Situation]
_SHOPPERS = {"guest": False, "registered": True}
_OPTIONS = (
    click.option("--order-no", help="The order's number; of several: NO, NO-2, NO-3 ..."),
    click.option("--country", type=click.Choice([each.country for each in MARKETS])),
    click.option("--currency", metavar="CODE", help="Such as EUR; only where it is sold in."),
    click.option("--channel", type=click.Choice(list(CHANNELS))),
    click.option("--consent", type=click.Choice(list(CONSENTS)), help="unknown: never answered."),
    click.option("--shopper", type=click.Choice(list(_SHOPPERS))),
    click.option("--basket", type=click.Choice(_BASKETS), help="split: two shipments."),
    click.option(
        "--click",
        type=click.Choice([*CLICK_IDS, NO_CLICK]),
        help="How the shopper came; online channels only.",
    ),
)


def asking(command: _COMMAND) -> _COMMAND:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wish_of(options: dict[str, Any]) -> Wish:
    """Take these options out of all those given.

    Raises:
        ValueError: when they cannot go together.
    """
    basket, consent = options.pop("basket"), options.pop("consent")
    shopper = options.pop("shopper")
    return Wish(
        order_no=options.pop("order_no"),
        country=options.pop("country"),
        currency=options.pop("currency"),
        channel=options.pop("channel"),
        click=options.pop("click"),
        consent=CONSENTS[consent] if consent else None,
        registered=_SHOPPERS[shopper] if shopper else None,
        situation=Situation(basket.replace("-", "_")) if basket else None,
    )
