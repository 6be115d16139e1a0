"""The settings of a Google conversion action, reached through the Google Ads API.

For accounts that Google still lets upload this way; everybody else uses the Data Manager API.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bridge.operate.destinations import PlatformApi, Strict
from bridge.operate.google_access import GoogleAccess

CustomerId = Annotated[str, Field(pattern=r"^[0-9]{10}$")]
ResourceId = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]

GoogleAdsField = Literal["email", "phone", "click_id"]
"""What of a shopper these uploads take (Google Ads API: ClickConversion)."""


class AdsCart(Strict):
    """Cart data for a Merchant Center feed; nothing is sent without a merchant_id."""

    merchant_id: str | None = Field(default=None, pattern=r"^[0-9]{1,18}$")
    feed_country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    feed_language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    unit_price: Literal["net", "gross"] = "net"


class GoogleAdsDestination(GoogleAccess):
    """One conversion action. Customer ids are ten digits without hyphens.

    `custom_variables` name the id of a conversion custom variable for each of the merchant's own
    attributes that fills one. `counted_by`: whether uploads make the conversions, or the site's tag
    makes them and uploads only add hashes.
    """

    scope: ClassVar[str] = "https://www.googleapis.com/auth/adwords"

    platform: Literal[PlatformApi.GOOGLE_ADS]
    base_url: str = "https://googleads.googleapis.com"
    api_version: str = Field(default="v26", pattern=r"^v[0-9]{1,3}$")
    customer_id: CustomerId
    login_customer_id: CustomerId | None = None
    conversion_action: ResourceId
    counted_by: Literal["upload", "tag"] = "upload"
    allowed_fields: frozenset[GoogleAdsField] = frozenset({"email", "phone", "click_id"})
    custom_variables: dict[str, ResourceId] = Field(default_factory=dict)
    cart: AdsCart = AdsCart()
    customer_type: bool = False
    batch_size: int = Field(default=500, ge=1, le=2000)
    max_age_days: int = Field(default=90, ge=1)
    store_max_age_days: int = Field(default=90, ge=1)
    adjustable_days: int = Field(default=54, ge=1, le=54)

    @property
    def wanted_custom(self) -> frozenset[str]:
        """Those that fill a custom variable."""
        return frozenset(self.custom_variables)
