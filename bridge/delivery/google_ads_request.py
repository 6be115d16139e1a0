"""One Google Ads upload, put together from rows that are already bytes."""

from collections.abc import Sequence

from bridge.delivery.request import Request
from bridge.events.event import Grouping
from bridge.operate.google_ads_destination import GoogleAdsDestination

UPLOADS: dict[bool, tuple[str, bytes]] = {  # whether adjustments -> method and member of the rows
    # Google Ads API: ConversionUploadService
    False: ("uploadClickConversions", b"conversions"),
    # Google Ads API: ConversionAdjustmentUploadService
    True: ("uploadConversionAdjustments", b"conversionAdjustments"),
}


def google_ads_request(
    destination: GoogleAdsDestination, grouping: Grouping, events: Sequence[bytes], token: str
) -> Request:
    """Assemble the request for one of the UPLOADS.

    Every row is judged by itself, the only way Google takes uploads. The rows stand in the body
    byte for byte as they were frozen.
    """
    method, rows = UPLOADS[grouping.adjustments]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if destination.login_customer_id:
        headers["login-customer-id"] = destination.login_customer_id
    account = f"{destination.api_version}/customers/{destination.customer_id}"
    return Request(
        url=f"{destination.base_url}/{account}:{method}",
        headers=headers,
        body=b'{"' + rows + b'":[' + b",".join(events) + b'],"partialFailure":true}',
    )
