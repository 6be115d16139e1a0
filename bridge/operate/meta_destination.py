"""The settings of a Meta dataset."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from bridge.operate.destinations import Destination, PlatformApi
from bridge.operate.secret import SecretReference
from bridge.order.model import ADJUSTMENTS, Kind

MetaField = Literal[
    "em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id",
    "client_ip_address", "client_user_agent", "fbc", "fbp", "lead_id", "madid",
]  # fmt: skip
"""What of a shopper Meta may be sent (Meta: Customer information parameters)."""


class LimitedDataUse(StrEnum):
    """When Meta's Limited Data Use is asked for."""

    OFF = "off"
    FROM_EVENT = "from_event"  # as the order's privacy member says
    BY_STATE = "by_state"  # the same, and for every address in a US state that Meta has a code for
    ALWAYS = "always"


class MetaDestination(Destination):
    """One dataset, reached through the Conversions API.

    `adjustment_event` names the custom event that tells of a refund or a cancellation; none is
    sent without it.
    """

    credential: ClassVar[str] = "token"
    restates: ClassVar[bool] = False

    platform: Literal[PlatformApi.META_CAPI]
    base_url: str = "https://graph.facebook.com"
    dataset: str = Field(pattern=r"^[0-9]{1,32}$")
    api_version: str = Field(default="v26.0", pattern=r"^v[0-9]{1,3}\.[0-9]$")
    token: SecretReference
    content_type: Literal["product", "product_group"] = "product"
    allowed_fields: frozenset[MetaField] | None = None
    allowed_custom: frozenset[str] = frozenset()
    adjustment_event: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_]{1,50}$")
    limited_data_use: LimitedDataUse = LimitedDataUse.FROM_EVENT
    test_event_code: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    page_id: str | None = None
    whatsapp_business_account_id: str | None = None
    batch_size: int = Field(default=500, ge=1, le=1000)
    max_age_days: int = Field(default=7, ge=1, le=7)
    store_max_age_days: int = Field(default=62, ge=1, le=62)
    adjustment_days: int = Field(default=7, ge=1, le=7)

    @property
    def wanted_kinds(self) -> frozenset[Kind]:
        """Without an event for them, no refunds and cancellations."""
        wanted = super().wanted_kinds
        return wanted if self.adjustment_event else wanted - ADJUSTMENTS

    @property
    def wanted_custom(self) -> frozenset[str]:
        """Those that become custom properties."""
        return self.allowed_custom
