"""The settings of sites and destinations: whose orders come in, and what goes where."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bridge.operate.consent import ConsentPolicy, Meaning
from bridge.operate.secret import SecretReference
from bridge.order.model import Channel, Kind

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
    GOOGLE_DATA_MANAGER = "google_data_manager"
    GOOGLE_ADS = "google_ads"


Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Routes(Strict):
    """Which orders a destination wants; an empty list means all."""

    sites: frozenset[str] = frozenset()
    countries: frozenset[Country] = frozenset()
    currencies: frozenset[Currency] = frozenset()
    channels: frozenset[Channel] = frozenset()
    kinds: frozenset[Kind] = frozenset(Kind)
    stores: frozenset[str] = frozenset()


Basis = Literal["gross", "net", "merchandise"]


class ValueBasis(Strict):
    """Which money a conversion is worth."""

    basis: Basis = "gross"
    shipping: bool | None = None  # merchandise goes without, the order's totals with it
    gift_certificates: bool = True

    @property
    def with_shipping(self) -> bool:
        """Whether shipping counts; unless set, it does not with the basis merchandise."""
        return self.basis != "merchandise" if self.shipping is None else self.shipping


class Destination(Strict):
    """What every destination has. Off, and kept away from real platforms, until told otherwise.

    `restates`: whether the value of a conversion that is there can be corrected. `anonymous` is
    what of a shopper it is sent who has not agreed to user data; nothing means it takes no such
    event.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    platform: PlatformApi
    base_url: str
    credential: ClassVar[str]
    restates: ClassVar[bool]
    anonymous: ClassVar[frozenset[str]] = frozenset()
    enabled: bool = False
    live: bool = False
    routes: Routes = Routes()
    consent: ConsentPolicy = ConsentPolicy()
    value: ValueBasis = ValueBasis()
    content_id: Literal["product_id", "sku", "group_id", "gtin"] = "product_id"
    allowed_fields: frozenset[str] | None = None
    batch_size: int = Field(default=500, ge=1)
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    max_age_days: int
    store_max_age_days: int
    adjustment_days: int

    @field_validator("base_url")
    @classmethod
    def _is_a_base_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise ValueError("write a URL such as https://graph.facebook.com")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _keep_away_from_real_platforms(self) -> Self:
        real = self.reaches_real_platform
        if real and not self.live:
            raise ValueError("base_url is a real platform: set live = true if that is meant")
        if real and not self.base_url.startswith("https://"):
            raise ValueError("base_url is a real platform: use https")
        if self.live and self.secret.startswith("plain:"):
            raise ValueError(f"{self.credential}: a live destination's comes from env: or file:")
        return self

    @model_validator(mode="after")
    def _limit_what_can_be_limited(self) -> Self:
        limited = [
            region
            for region, purpose, meanings in self.consent.rows
            if purpose == "ad_user_data" and Meaning.LIMIT in meanings.values()
        ]
        if limited and not self.anonymous:
            raise ValueError(
                f"consent.regions.{limited[0]}.ad_user_data: {self.platform} takes no event without"
                ' user data; write "skip" instead of "limit"'
            )
        return self

    @property
    def window_days(self) -> int:
        """After how many days nothing of an order can matter there any more."""
        return max(self.max_age_days, self.store_max_age_days) + self.adjustment_days

    @property
    def wanted_kinds(self) -> frozenset[Kind]:
        """Which kinds are sent."""
        return self.routes.kinds or frozenset(Kind)

    @property
    def wanted_custom(self) -> frozenset[str]:
        """Which of the merchant's own attributes are sent; only these are stored."""
        return frozenset()

    @property
    def secret(self) -> SecretReference:
        """Where the secret is that opens the platform to us."""
        reference: SecretReference = getattr(self, self.credential)
        return reference

    @property
    def reaches_real_platform(self) -> bool:
        """Whether base_url is a host of Meta or Google."""
        host = urlsplit(self.base_url).hostname or ""
        return any(host == real or host.endswith(f".{real}") for real in REAL_HOSTS)
