"""What a tester asks of an order: which country, consent, click, basket, number."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from loadtests.baskets import Situation
from loadtests.journeys import ConsentCase
from loadtests.markets import MARKETS, Currency, Market

CONSENTS = {
    "granted": ConsentCase.ALL_GRANTED,
    "denied": ConsentCase.DENIED,
    "unknown": ConsentCase.NOT_ASKED,
    "absent": ConsentCase.ABSENT,
}
NO_CLICK = "none"
_CURRENCIES = sorted({currency.code for market in MARKETS for currency in market.currencies})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """None leaves a member to chance. `click` is a member such as gclid, or `NO_CLICK`.

    Raises:
        ValueError: nobody sells in that country in that currency.
    """

    country: str | None = None
    channel: str | None = None
    currency: str | None = None
    consent: ConsentCase | None = None
    situation: Situation | None = None
    registered: bool | None = None
    click: str | None = None
    order_no: str | None = None

    def __post_init__(self) -> None:
        if not self.markets():
            asked = f"{self.country or 'any country'} in {self.currency or 'any currency'}"
            countries = ", ".join(each.country for each in MARKETS)
            raise ValueError(
                f"nobody sells in {asked}: countries are {countries},"
                f" currencies {', '.join(_CURRENCIES)}"
            )

    @property
    def is_particular(self) -> bool:
        """Whether anything is asked for at all."""
        return any(getattr(self, each.name) is not None for each in fields(self))

    def markets(self) -> tuple[Market, ...]:
        """Where such an order can be placed."""
        return tuple(
            market
            for market in MARKETS
            if self.country in (None, market.country)
            and (self.currency is None or self.currency_of(market) is not None)
        )

    def currency_of(self, market: Market) -> Currency | None:
        """The currency asked for, where a market has it."""
        return next((each for each in market.currencies if each.code == self.currency), None)


def narrowed(weights: Mapping[_T, int], wanted: _T | None) -> dict[_T, int]:
    """The one that is wanted, or all.

    Raises:
        ValueError: for one that is not among them.
    """
    if wanted is None:
        return dict(weights)
    if wanted not in weights:
        raise ValueError(f"{wanted}: expected one of {', '.join(map(str, weights))}")
    return {wanted: 1}
