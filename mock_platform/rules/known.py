"""What a workspace was told of before events arrive: shoppers, orders, what a value stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from mock_platform.rules.shoppers import Shoppers


class ValueBasis(StrEnum):
    """Which amount of an order its events report."""

    GROSS = "gross"  # with tax and shipping
    NET = "net"  # with shipping, without tax
    MERCHANDISE = "merchandise"  # with tax, without shipping


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """One order the workspace expects; `amounts` as far as they were told."""

    order_id: str
    currency: str = ""
    amounts: Mapping[ValueBasis, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything the lint compares events with."""

    shoppers: Shoppers = field(default_factory=Shoppers)
    orders: Mapping[str, KnownOrder] = field(default_factory=dict)
    basis: ValueBasis | None = None


NOTHING_KNOWN = Known()
