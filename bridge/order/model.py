"""The order as the bridge understands it: facts that may be stored, and a person who may not.

`Facts` holds nothing personal and is kept as it is. Everything about the shopper stands in
`Person`, wrapped in `Plain` so that no log, repr or JSON encoder can show it by accident; it lives
in memory only, until the identity stage has turned it into hashes and a sealed remainder.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field


class Kind(StrEnum):
    """What happened (contract member `kind`)."""

    ORDER = "order"
    CANCELLATION = "cancellation"
    REFUND = "refund"
    LEAD = "lead"
    REGISTRATION = "registration"


ADJUSTMENTS = frozenset({Kind.CANCELLATION, Kind.REFUND})
"""What lowers the worth of an order instead of being a conversion of its own."""


class Instance(StrEnum):
    """The SFCC instance the order was placed on."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    SANDBOX = "sandbox"


class Channel(StrEnum):
    """Where the order was placed; decides Meta's action_source."""

    STOREFRONT = "storefront"
    CALL_CENTER = "call_center"
    CUSTOMER_SERVICE_CENTER = "customer_service_center"
    STORE = "store"
    DSS = "dss"
    MARKETPLACE = "marketplace"
    SUBSCRIPTION = "subscription"
    WHATSAPP = "whatsapp"
    SOCIAL = "social"
    APP = "app"
    OTHER = "other"


class ConsentState(StrEnum):
    """A shopper's answer; `unknown` means never asked, which is not a yes."""

    GRANTED = "granted"
    DENIED = "denied"
    UNKNOWN = "unknown"


class Fulfilment(StrEnum):
    """How a line reaches the shopper."""

    HOME_DELIVERY = "home_delivery"
    IN_STORE = "in_store"
    CURBSIDE = "curbside"
    DIGITAL = "digital"


class Plain(Struct, frozen=True, gc=False):
    """Personal text in clear. It shows itself to nobody: `text` must be asked for by name."""

    text: str

    def __repr__(self) -> str:
        return "Plain(...)"


class OrderKey(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What makes two calls the same order; `reference` is "" for kind order."""

    site_id: str
    kind: Kind
    order_no: str
    reference: str = ""


class Totals(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Money of the whole order in its currency; None where the caller did not say."""

    gross: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    shipping: Decimal | None = None
    merchandise: Decimal | None = None
    discount: Decimal | None = None
    gift_certificate: Decimal | None = None


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One product line; `gross` and `net` are line totals after all discounts."""

    product_id: str | None = None
    sku: str | None = None
    group_id: str | None = None
    gtin: str | None = None
    name: str | None = None
    brand: str | None = None
    category: str | None = None
    quantity: Decimal = Decimal(1)
    gross: Decimal | None = None
    net: Decimal | None = None
    fulfilment: Fulfilment | None = None
    store_id: str | None = None


class Consent(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The shopper's answers by purpose, in Google's consent-mode terms."""

    ad_storage: ConsentState = ConsentState.UNKNOWN
    ad_user_data: ConsentState = ConsentState.UNKNOWN
    ad_personalization: ConsentState = ConsentState.UNKNOWN


class DataProcessing(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Meta's data processing options as the caller gave them; None means not given.

    `address` is Meta's code of the US state in the address, 0 where nobody can read it; None where
    Limited Data Use is not for that address.
    """

    options: tuple[str, ...] | None = None
    country: int | None = None
    state: int | None = None
    address: int | None = None


class Facts(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The order without its shopper. `region` is ISO 3166-1 alpha-2, or None when unknown."""

    key: OrderKey
    event_id: str
    instance: Instance
    channel: Channel
    placed_at: datetime
    region: str | None = None
    currency: str | None = None
    new_customer: bool | None = None
    totals: Totals = Totals()
    lines: tuple[Line, ...] = ()
    coupons: tuple[str, ...] = ()
    store_id: str | None = None
    consent: Consent = Consent()
    data_processing: DataProcessing = DataProcessing()
    test_event_code: str | None = None
    custom: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    replaces_order_no: str | None = None

    @property
    def replaces(self) -> bool:
        """Whether it is an order that was edited from another, and so no new purchase."""
        return self.replaces_order_no is not None

    @property
    def amends(self) -> bool:
        """Whether it changes what an order is worth instead of being a conversion of its own."""
        return self.replaces or self.key.kind in ADJUSTMENTS


class Address(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A postal address; any member may be missing."""

    first_name: Plain | None = None
    last_name: Plain | None = None
    phone: Plain | None = None
    city: Plain | None = None
    state: Plain | None = None
    postal_code: Plain | None = None
    country: Plain | None = None


class Customer(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who bought, as far as the storefront knows."""

    customer_no: Plain | None = None
    external_ids: tuple[Plain, ...] = ()
    email: Plain | None = None
    phone: Plain | None = None
    first_name: Plain | None = None
    last_name: Plain | None = None
    name: Plain | None = None
    birth_date: Plain | None = None
    gender: Plain | None = None
    lead_id: Plain | None = None
    madid: Plain | None = None


class Browser(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What the shopper's browser said when the order was placed."""

    ip: Plain | None = None
    user_agent: Plain | None = None
    page_url: Plain | None = None
    fbc: Plain | None = None
    fbp: Plain | None = None
    session_attributes: Plain | None = None


class Touch(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One click that led here; `at` is when it happened, None when not known."""

    at: datetime | None = None
    fbclid: Plain | None = None
    gclid: Plain | None = None
    gbraid: Plain | None = None
    wbraid: Plain | None = None
    ctwa_clid: Plain | None = None


class Person(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Everything personal about one order; `hashed` is platform -> field -> digests."""

    customer: Customer = Customer()
    billing: Address = Address()
    shipping: Address = Address()
    browser: Browser = Browser()
    touches: tuple[Touch, ...] = ()
    hashed: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)


class Order(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A validated order: the facts and the person, side by side until the identity stage."""

    facts: Facts
    person: Person
