"""The settings of a Meta dataset."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from bridge.operate.destinations import Destination, PlatformApi
from bridge.operate.secret import SecretReference

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


class MetaDestination(Destination):
    """One dataset, reached through the Conversions API."""

    credential: ClassVar[str] = "token"

    platform: Literal[PlatformApi.META_CAPI]
    base_url: str = "https://graph.facebook.com"
    dataset: str = Field(pattern=r"^[0-9]{1,32}$")
    api_version: str = Field(default="v26.0", pattern=r"^v[0-9]{1,3}\.[0-9]$")
    token: SecretReference
    content_type: Literal["product", "product_group"] = "product"
    allowed_fields: frozenset[MetaField] | None = None
    allowed_custom: frozenset[str] = frozenset()
    limited_data_use: LimitedDataUse = LimitedDataUse.FROM_EVENT
    test_event_code: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    page_id: str | None = None
    whatsapp_business_account_id: str | None = None
    batch_size: int = Field(default=500, ge=1, le=1000)
    max_age_days: int = Field(default=7, ge=1, le=7)
    store_max_age_days: int = Field(default=62, ge=1, le=62)

    @property
    def wanted_custom(self) -> frozenset[str]:
        """Those that become custom properties."""
        return self.allowed_custom
