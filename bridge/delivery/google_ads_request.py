"""One Google Ads upload, put together from conversions that are already bytes."""

from collections.abc import Sequence

from bridge.delivery.request import Request
from bridge.events.event import Grouping
from bridge.operate.google_ads_destination import GoogleAdsDestination


def google_ads_request(
    destination: GoogleAdsDestination, grouping: Grouping, events: Sequence[bytes], token: str
) -> Request:
    """Assemble the request (Google Ads API: ConversionUploadService.UploadClickConversions).

    Every conversion is judged by itself, the only way Google takes uploads. The conversions stand
    in the body byte for byte as they were frozen.
    """
    del grouping
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if destination.login_customer_id:
        headers["login-customer-id"] = destination.login_customer_id
    account = f"{destination.api_version}/customers/{destination.customer_id}"
    return Request(
        url=f"{destination.base_url}/{account}:uploadClickConversions",
        headers=headers,
        body=b'{"conversions":[' + b",".join(events) + b'],"partialFailure":true}',
    )
