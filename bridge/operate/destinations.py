"""The settings of sites and destinations: whose orders come in, and what goes where."""

from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bridge.operate.secret import SecretReference
from bridge.order.model import Channel, ConsentState, Kind

EEA_UK_CH = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
    " GB CH".split()
)
"""Where an unasked shopper counts as one who said no (the 30 EEA states, the UK, Switzerland)."""

REAL_HOSTS = ("facebook.com", "googleapis.com")


class Strict(BaseModel):
    """Unknown settings are errors: a typing mistake must not switch a rule off in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Site(Strict):
    """One SFCC site. `event_id` may use {order_no}, {site_id}, {kind} and {reference}."""

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    secrets: tuple[SecretReference, ...] = Field(min_length=1, max_length=2)
    enabled: bool = True
    default_country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    event_id: str = "{order_no}"

    @field_validator("event_id")
    @classmethod
    def _template_is_usable(cls, template: str) -> str:
        try:
            one = template.format(order_no="1", site_id="s", kind="k", reference="r")
            two = template.format(order_no="2", site_id="s", kind="k", reference="r")
        except (KeyError, IndexError, ValueError):
            raise ValueError("use only {order_no}, {site_id}, {kind}, {reference}") from None
        if one == two:
            raise ValueError("must contain {order_no}, or all orders would be the same event")
        return template


class PlatformApi(StrEnum):
    """The platform interface a destination speaks."""

    META_CAPI = "meta_capi"


class Routes(Strict):
    """Which orders a destination wants; an empty list means all."""

    sites: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    channels: frozenset[Channel] = frozenset()
    kinds: frozenset[Kind] = frozenset({Kind.ORDER, Kind.LEAD, Kind.REGISTRATION})
    stores: frozenset[str] = frozenset()


class ConsentPolicy(Strict):
    """What a shopper's answer allows. Regions are ISO 3166-1 alpha-2."""

    required: frozenset[Literal["ad_storage", "ad_user_data", "ad_personalization"]] = frozenset(
        {"ad_user_data"}
    )
    unknown_denied_in: frozenset[str] = EEA_UK_CH
    unknown_region: ConsentState = ConsentState.DENIED
    opt_out_without_personalization: bool = True


class ValueBasis(Strict):
    """Which money a conversion is worth."""

    basis: Literal["gross", "net", "merchandise"] = "gross"
    shipping: bool = True
    gift_certificates: bool = True


MetaField = Literal[
    "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id",
    "client_ip_address", "client_user_agent", "fbc", "fbp", "lead_id", "madid",
]  # fmt: skip
"""What of a shopper Meta may be sent (Meta: Customer information parameters)."""


class LimitedDataUse(StrEnum):
    """When Meta's Limited Data Use is asked for."""

    OFF = "off"
    FROM_EVENT = "from_event"  # as the order's privacy member says
    ALWAYS = "always"


class Destination(Strict):
    """One dataset on one platform. Off, and kept away from real platforms, until told otherwise."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    platform: PlatformApi
    dataset: str = Field(pattern=r"^[0-9]{1,32}$")
    api_version: str = Field(default="v26.0", pattern=r"^v[0-9]{1,3}\.[0-9]$")
    base_url: str = "https://graph.facebook.com"
    token: SecretReference
    enabled: bool = False
    live: bool = False
    routes: Routes = Routes()
    consent: ConsentPolicy = ConsentPolicy()
    value: ValueBasis = ValueBasis()
    content_id: Literal["product_id", "sku", "group_id", "gtin"] = "product_id"
    content_type: Literal["product", "product_group"] = "product"
    allowed_fields: frozenset[MetaField] | None = None
    allowed_custom: frozenset[str] = frozenset()
    limited_data_use: LimitedDataUse = LimitedDataUse.FROM_EVENT
    test_event_code: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    page_id: str | None = None
    whatsapp_business_account_id: str | None = None
    batch_size: int = Field(default=500, ge=1, le=1000)
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    max_age_days: int = Field(default=7, ge=1, le=7)
    store_max_age_days: int = Field(default=62, ge=1, le=62)

    @field_validator("base_url")
    @classmethod
    def _is_a_base_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError("write a URL such as https://graph.facebook.com")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _keep_away_from_real_platforms(self) -> "Destination":
        real = self.reaches_real_platform
        if real and not self.live:
            raise ValueError("base_url is a real platform: set live = true if that is meant")
        if real and not self.base_url.startswith("https://"):
            raise ValueError("base_url is a real platform: use https")
        if self.live and self.token.startswith("plain:"):
            raise ValueError("token: a live destination's token comes from env: or file:")
        return self

    @property
    def reaches_real_platform(self) -> bool:
        """Whether base_url is a host of Meta or Google."""
        host = urlsplit(self.base_url).hostname or ""
        return any(host == real or host.endswith(f".{real}") for real in REAL_HOSTS)
