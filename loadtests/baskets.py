"""What is bought and what it costs, exact to the last minor unit.

All arithmetic is Decimal. As the contract wants it, a line's `gross` and `net` are its totals
after every discount; `totals.merchandise`, `shipping` and `discount` include tax. So in every
basket merchandise + shipping = gross, net + tax = gross, and the lines' gross amounts add up to
merchandise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from random import Random

from loadtests.catalogue import BONUS, DIGITAL, GOODS, METRE_GOODS, Product
from loadtests.markets import Currency, Market, Taxation

_SHIPPING_DOLLARS = (Decimal(0), Decimal("4.95"), Decimal("7.50"))
_COUPON_SHARES = {"SPRING": Decimal("0.10"), "WELCOME15": Decimal("0.15"), "VIP20": Decimal("0.20")}
_METRES = (Decimal("0.5"), Decimal("1.25"), Decimal("2.4"), Decimal("3.75"))
_NOTHING = Decimal(0)


class Situation(StrEnum):
    """What is special about a basket."""

    PLAIN = "plain"
    SPLIT = "split"
    PICK_UP = "pick_up"
    CURBSIDE = "curbside"
    DIGITAL = "digital"
    BY_THE_METRE = "by_the_metre"
    BULK = "bulk"
    COUPON = "coupon"
    BONUS = "bonus"
    GIFT_CERTIFICATE = "gift_certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A product in the basket; `listed` is quantity times list price, before discounts."""

    product: Product
    quantity: Decimal
    listed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item with what it costs after all discounts."""

    item: Item
    gross: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Lines and totals in `currency`."""

    currency: Currency
    situation: Situation
    lines: tuple[Line, ...]
    shipping_gross: Decimal
    shipping_net: Decimal
    discount: Decimal
    gift_certificate: Decimal
    coupons: tuple[str, ...]

    @property
    def merchandise(self) -> Decimal:
        """The lines' gross amounts together."""
        return sum((line.gross for line in self.lines), _NOTHING)

    @property
    def gross(self) -> Decimal:
        """What the shopper pays for the whole order."""
        return self.merchandise + self.shipping_gross

    @property
    def net(self) -> Decimal:
        """The gross amount without tax."""
        return sum((line.net for line in self.lines), _NOTHING) + self.shipping_net


def basket(
    rng: Random, market: Market, currency: Currency, situation: Situation, *, shipped: bool
) -> Basket:
    """A basket priced in `currency` under the market's taxation; no shipping unless `shipped`."""
    till = _Till(market, currency)
    items = [till.item(product, _quantity(rng, product)) for product in _products(rng, situation)]
    coupon = rng.choice(tuple(_COUPON_SHARES)) if situation is Situation.COUPON else None
    lines = till.lines(items, _COUPON_SHARES[coupon] if coupon else _NOTHING)
    postage = rng.choice(_SHIPPING_DOLLARS) if shipped else _NOTHING
    shipping_gross, shipping_net = till.taxed(till.price(postage))
    merchandise = sum((line.gross for line in lines), _NOTHING)
    with_certificate = situation is Situation.GIFT_CERTIFICATE
    return Basket(
        currency=currency,
        situation=situation,
        lines=lines,
        shipping_gross=shipping_gross,
        shipping_net=shipping_net,
        discount=sum((till.taxed(item.listed)[0] for item in items), _NOTHING) - merchandise,
        gift_certificate=till.rounded(merchandise / 4) if with_certificate else _NOTHING,
        coupons=(coupon,) if coupon else (),
    )


def _products(rng: Random, situation: Situation) -> list[Product]:
    match situation:
        case Situation.DIGITAL:
            return rng.sample(DIGITAL, rng.randint(1, len(DIGITAL)))
        case Situation.BY_THE_METRE:
            return [*rng.sample(METRE_GOODS, 1), *rng.sample(GOODS, rng.randint(0, 2))]
        case Situation.BULK:
            return rng.choices(GOODS, k=rng.randint(12, 25))
        case Situation.BONUS:
            return [*rng.sample(GOODS, 2), BONUS]
        case Situation.SPLIT | Situation.PICK_UP | Situation.CURBSIDE:
            return rng.sample(GOODS, rng.randint(2, 4))
        case _:
            return rng.sample(GOODS, rng.randint(1, 4))


def _quantity(rng: Random, product: Product) -> Decimal:
    if product in METRE_GOODS:
        return rng.choice(_METRES)
    return Decimal(rng.choice((1, 1, 1, 2, 3)))


class _Till:
    """Prices, tax and rounding of one market in one currency."""

    def __init__(self, market: Market, currency: Currency) -> None:
        self._market = market
        self._currency = currency
        self._step = Decimal(1).scaleb(-currency.digits)

    def rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(self._step, ROUND_HALF_UP)

    def price(self, dollars: Decimal) -> Decimal:
        return self.rounded(dollars * self._currency.per_dollar)

    def item(self, product: Product, quantity: Decimal) -> Item:
        listed = self.rounded(self.price(product.dollars) * quantity)
        return Item(product=product, quantity=quantity, listed=listed)

    def lines(self, items: Sequence[Item], discount_share: Decimal) -> tuple[Line, ...]:
        """The items with `discount_share` of the whole basket taken off."""
        listed = sum((item.listed for item in items), _NOTHING)
        reductions = self._spread(self.rounded(listed * discount_share), items, listed)
        return tuple(map(self._line, items, reductions))

    def taxed(self, amount: Decimal) -> tuple[Decimal, Decimal]:
        """Gross and net of an amount that includes tax, or does not, as the market lists prices."""
        factor = 1 + self._market.tax_rate
        if self._market.taxation is Taxation.GROSS:
            return amount, self.rounded(amount / factor)
        return self.rounded(amount * factor), amount

    def _line(self, item: Item, reduction: Decimal) -> Line:
        gross, net = self.taxed(item.listed - reduction)
        return Line(item=item, gross=gross, net=net)

    def _spread(self, reduction: Decimal, items: Sequence[Item], listed: Decimal) -> list[Decimal]:
        """`reduction` shared out by value; what rounding leaves over goes to the dearest item."""
        shares = [
            (reduction * item.listed / listed).quantize(self._step, ROUND_DOWN) for item in items
        ]
        dearest = max(range(len(items)), key=lambda index: items[index].listed)
        shares[dearest] += reduction - sum(shares, _NOTHING)
        return shares
