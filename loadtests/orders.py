"""Seeded orders under the contract `order/1`, as a storefront's cartridge would send them.

The same seed and the same `placed_before` give the same orders, byte for byte, on every machine
with the locked dependencies; the first n of a longer run are the orders of a run of n.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from itertools import count as numbers
from itertools import islice
from random import Random
from typing import Any, TypeAlias

from loadtests.baskets import Basket, Situation, basket
from loadtests.chance import Deck, happens, seeded
from loadtests.journeys import ConsentCase, app_device, browser, consent, touches, utc_text
from loadtests.lines import STORE_ID, lines_of, totals_of
from loadtests.markets import Currency, Market
from loadtests.personas import Clientele, Persona
from loadtests.spelling import address, customer
from loadtests.wish import NO_CLICK, Wish, narrowed

Order: TypeAlias = dict[str, Any]

CONTRACT = "order/1"
CHANNELS = {
    "storefront": 62,
    "store": 12,
    "app": 8,
    "call_center": 8,
    "customer_service_center": 2,
    "whatsapp": 2,
    "marketplace": 2,
    "subscription": 1,
    "dss": 1,
    "social": 1,
    "other": 1,
}
INSTANCES = {"production": 94, "sandbox": 3, "staging": 2, "development": 1}
_CONSENTS = {
    ConsentCase.ALL_GRANTED: 62,
    ConsentCase.MEASUREMENT_ONLY: 10,
    ConsentCase.DENIED: 9,
    ConsentCase.NOT_ASKED: 7,
    ConsentCase.ABSENT: 5,
    ConsentCase.PARTLY_KNOWN: 4,
    ConsentCase.NULL: 3,
}
_SITUATIONS = {
    Situation.PLAIN: 52,
    Situation.COUPON: 16,
    Situation.SPLIT: 7,
    Situation.PICK_UP: 5,
    Situation.DIGITAL: 5,
    Situation.BY_THE_METRE: 4,
    Situation.GIFT_CERTIFICATE: 4,
    Situation.BONUS: 3,
    Situation.CURBSIDE: 2,
    Situation.BULK: 2,
}
_SHOPS = frozenset({"store", "dss"})
_NOT_IN_SHOPS = frozenset(
    {Situation.SPLIT, Situation.PICK_UP, Situation.CURBSIDE, Situation.DIGITAL}
)
_CLICKED = frozenset({"storefront", "app", "whatsapp"})
_WEB_AGE = timedelta(hours=48)
_STORE_AGE = timedelta(days=20)
_USUAL_CURRENCY_SHARE = 0.8
ANY = Wish()
_LIMITED_DATA_USE = {"options": ["LDU"], "country": 1, "state": 1000}


def orders(
    count: int,
    seed: int,
    placed_before: datetime,
    *,
    site_id: str | None = None,
    wish: Wish = ANY,
) -> Iterator[Order]:
    """The first `count` orders of `seed`, every `placed_at` before `placed_before`.

    Store orders are up to 20 days old, all others up to 48 hours. With `site_id` all orders belong
    to that site, otherwise to RefArch (North America) and RefArchGlobal; `wish` narrows them
    further, and has them placed on production instances. Money is int or float with no more digits
    than its currency has, so that `Decimal(str(amount))` is exact.

    Raises:
        ValueError: `placed_before` has no UTC offset, `seed` or `count` is negative, or the wish
            names a channel there is not.
    """
    if placed_before.tzinfo is None:
        raise ValueError("placed_before needs a UTC offset, such as 2026-11-22T07:00:00Z")
    if seed < 0 or count < 0:
        raise ValueError("seed and count must not be negative")
    shop = _Shop(seed, placed_before.astimezone(UTC), site_id, wish)
    return islice(map(shop.order, numbers(1)), count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sale:
    """Who bought what, where and when: all that the members of an order are written from."""

    number: int
    persona: Persona
    is_first: bool
    channel: str
    basket: Basket
    placed_at: datetime

    @property
    def in_shop(self) -> bool:
        return self.channel in _SHOPS


class _Shop:
    """All decks of one seed; every order takes the next card of each."""

    def __init__(
        self,
        seed: int,
        placed_before: datetime,
        site_id: str | None,
        wish: Wish,
    ) -> None:
        self._seed = seed
        self._placed_before = placed_before
        self._site_id = site_id
        self._wish = wish
        self._rng = rng = seeded("orders", seed)
        self._clienteles: dict[str, Clientele] = {}
        self._markets = Deck(rng, [(market, market.weight) for market in wish.markets()])
        self._channels = Deck(rng, narrowed(CHANNELS, wish.channel))
        self._instances = Deck(rng, {"production": 1} if wish.is_particular else INSTANCES)
        self._situations = Deck(rng, narrowed(_SITUATIONS, wish.situation))
        self._consents = Deck(rng, narrowed(_CONSENTS, wish.consent))

    def order(self, number: int) -> Order:
        """The order of that number; to be called for 1, 2, 3 and so on."""
        sale = self._sale(number)
        order = {**self._facts(sale), **self._people(sale), **self._extras(sale)}
        if happens(self._rng, 0.5):
            order = _without_nulls(order)
        consent_case = self._consents.draw()
        if consent_case is not ConsentCase.ABSENT:
            order["consent"] = consent(self._rng, consent_case, sale.placed_at)
        return order

    def _sale(self, number: int) -> _Sale:
        market = self._markets.draw()
        persona, is_first = self._shopper(market)
        channel = self._channels.draw()
        situation = self._situations.draw()
        if channel in _SHOPS and situation in _NOT_IN_SHOPS:
            situation = Situation.PLAIN
        shipped = channel not in _SHOPS and situation is not Situation.DIGITAL
        age = _STORE_AGE if channel in _SHOPS else _WEB_AGE
        return _Sale(
            number=number,
            persona=persona,
            is_first=is_first,
            channel=channel,
            basket=basket(self._rng, market, self._currency(market), situation, shipped=shipped),
            placed_at=self._placed_before
            - timedelta(seconds=self._rng.randrange(1, _seconds(age))),
        )

    def _shopper(self, market: Market) -> tuple[Persona, bool]:
        while True:
            persona, is_first = self._clientele(market).draw()
            if self._wish.registered in (None, persona.registered):
                return persona, is_first

    def _clientele(self, market: Market) -> Clientele:
        if market.country not in self._clienteles:
            self._clienteles[market.country] = Clientele(self._seed, market)
        return self._clienteles[market.country]

    def _currency(self, market: Market) -> Currency:
        usual = happens(self._rng, _USUAL_CURRENCY_SHARE)
        asked = self._wish.currency_of(market)
        if asked is not None:
            return asked
        return market.currencies[0 if usual else -1]

    def _facts(self, sale: _Sale) -> Order:
        market = sale.persona.market
        return {
            "contract": CONTRACT,
            "kind": "order",
            "site_id": self._site_id or market.site_id,
            "instance": self._instances.draw(),
            "order_no": self._order_no(sale.number),
            "reference": None,
            "replaces_order_no": None,
            "event_id": None,
            "channel": sale.channel,
            "placed_at": self._spelled_time(sale),
            "currency": sale.basket.currency.code,
            "taxation": market.taxation.value,
            "locale": None if sale.in_shop else sale.persona.locale,
            "new_customer": sale.is_first if sale.persona.registered else None,
            "status": {
                "order": self._rng.choice(("new", "open")),
                "confirmation": "confirmed",
                "payment": self._rng.choice(("paid", "paid", "not_paid")),
            },
            "totals": totals_of(sale.basket),
            "store": {"store_id": STORE_ID} if sale.in_shop else None,
            "lines": lines_of(sale.basket, in_shop=sale.in_shop),
            "coupons": list(sale.basket.coupons),
        }

    def _order_no(self, number: int) -> str:
        """The number asked for; of several orders the later ones carry a count behind it."""
        asked = self._wish.order_no
        if asked is None:
            return f"F{self._seed}-{number:06d}"
        return asked if number == 1 else f"{asked}-{number}"

    def _spelled_time(self, sale: _Sale) -> str:
        """RFC 3339, in UTC or with the market's offset, with and without a fraction."""
        local = timezone(timedelta(minutes=sale.persona.market.utc_offset_minutes))
        return self._rng.choice(
            (
                sale.placed_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                utc_text(sale.placed_at),
                sale.placed_at.astimezone(local).isoformat(timespec="seconds"),
            )
        )

    def _people(self, sale: _Sale) -> Order:
        rng, persona = self._rng, sale.persona
        if sale.in_shop and not persona.registered and happens(rng, 0.5):
            return {"customer": None, "billing_address": None, "shipping_address": None}
        delivered = not sale.in_shop and sale.basket.situation is not Situation.DIGITAL
        is_gift = happens(rng, 0.1)
        recipient = self._clientele(persona.market).somebody() if is_gift else persona
        people = {
            "customer": customer(rng, persona, sale.channel),
            "billing_address": _billing_address(sale, rng),
            "shipping_address": address(rng, recipient) if delivered else None,
        }
        if happens(rng, 0.03):
            return _prehashed(people, persona)
        return people

    def _touches(self, sale: _Sale) -> list[dict[str, Any]]:
        asked = None if self._wish.click == NO_CLICK else self._wish.click
        found = touches(self._rng, sale.placed_at, by_chat=sale.channel == "whatsapp", member=asked)
        return [] if self._wish.click == NO_CLICK else found

    def _extras(self, sale: _Sale) -> Order:
        rng = self._rng
        clicks = self._touches(sale) if sale.channel in _CLICKED else []
        devices = {
            "storefront": lambda: browser(rng, sale.persona, clicks, sale.placed_at),
            "app": lambda: app_device(rng, sale.persona),
        }
        limited = sale.persona.market.country == "US" and happens(rng, 0.15)
        return {
            "browser": devices[sale.channel]() if sale.channel in devices else None,
            "touches": clicks,
            "privacy": dict(_LIMITED_DATA_USE) if limited else None,
            "test_event_code": None,
            "custom": {"gift": True} if happens(rng, 0.1) else {},
        }


def _billing_address(sale: _Sale, rng: Random) -> Order:
    """A till knows the address of club members only; of others the country it stands in."""
    if sale.in_shop and not sale.persona.registered:
        return {"country": sale.persona.market.country}
    return address(rng, sale.persona)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _prehashed(people: Order, persona: Persona) -> Order:
    """The shopper of a merchant who lets no e-mail address leave the storefront in clear."""
    digest = sha256(persona.email.encode()).hexdigest()
    return {
        **people,
        "customer": {**people["customer"], "email": None},
        "hashed": {"meta": {"em": [digest]}, "google": {"email": [digest]}},
    }


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value
