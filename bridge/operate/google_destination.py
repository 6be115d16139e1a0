"""The settings of a Google conversion action, reached through the Data Manager API."""

from typing import ClassVar, Literal

from pydantic import Field

from bridge.operate.destinations import PlatformApi, Strict
from bridge.operate.google_access import GoogleAccess

AccountId = Field(pattern=r"^[0-9]{10}$")

GoogleField = Literal[
    "email", "phone", "given_name", "family_name", "region_code", "postal_code",
    "click_id", "session_attributes", "ip", "user_agent",
]  # fmt: skip
"""What of a shopper Google may be sent (Data Manager API: Event)."""


class Cart(Strict):
    """Cart data for a Merchant Center feed; nothing is sent without a merchant_id."""

    merchant_id: str | None = Field(default=None, pattern=r"^[0-9]{1,20}$")
    feed_label: str | None = Field(default=None, pattern=r"^[A-Z0-9_-]{1,20}$")
    feed_language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    unit_price: Literal["net", "gross"] = "net"


class GoogleDestination(GoogleAccess):
    """One conversion action. Account ids are ten digits without hyphens."""

    scope: ClassVar[str] = "https://www.googleapis.com/auth/datamanager"

    platform: Literal[PlatformApi.GOOGLE_DATA_MANAGER]
    base_url: str = "https://datamanager.googleapis.com"
    operating_account: str = AccountId
    login_account: str | None = Field(default=None, pattern=r"^[0-9]{10}$")
    account_type: Literal["GOOGLE_ADS"] = "GOOGLE_ADS"
    conversion_action: str = Field(pattern=r"^[0-9]{1,20}$")
    allowed_fields: frozenset[GoogleField] | None = None
    custom_variables: dict[str, str] = Field(default_factory=dict)
    cart: Cart = Cart()
    batch_size: int = Field(default=500, ge=1, le=2000)
    requests_per_minute: int = Field(default=300, ge=1)
    status_after_minutes: float = Field(default=30, gt=0)
    status_within_hours: float = Field(default=72, gt=0)
    max_age_days: int = Field(default=90, ge=1)
    store_max_age_days: int = Field(default=90, ge=1)
    adjustable_days: int = Field(default=90, ge=1)

    @property
    def wanted_custom(self) -> frozenset[str]:
        """Those that fill a custom variable."""
        return frozenset(self.custom_variables)
