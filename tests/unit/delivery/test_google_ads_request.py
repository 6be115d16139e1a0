from collections.abc import Callable

import orjson

from bridge.delivery.google_ads_request import google_ads_request
from bridge.events.event import Grouping
from bridge.operate.google_ads_destination import GoogleAdsDestination

MakeGoogleAds = Callable[..., GoogleAdsDestination]


def test_conversions_go_to_the_account_byte_for_byte_each_to_be_judged_by_itself(
    make_google_ads: MakeGoogleAds,
) -> None:
    events = [b'{"orderId":"1","conversionValue":10.50}', b'{"orderId":"2"}']

    request = google_ads_request(make_google_ads(), Grouping(), events, "token")

    assert request.url == "http://127.0.0.1:9/v26/customers/1234567890:uploadClickConversions"
    assert b",".join(events) in request.body
    assert orjson.loads(request.body) == {
        "conversions": [{"orderId": "1", "conversionValue": 10.5}, {"orderId": "2"}],
        "partialFailure": True,
    }


def test_manager_account_is_named_in_a_header_where_there_is_one(
    make_google_ads: MakeGoogleAds,
) -> None:
    managed = make_google_ads(login_customer_id="9876543210", api_version="v25")

    alone = google_ads_request(make_google_ads(), Grouping(), [b"{}"], "token")
    through = google_ads_request(managed, Grouping(), [b"{}"], "token")

    assert "login-customer-id" not in alone.headers
    assert through.headers["login-customer-id"] == "9876543210"
    assert through.headers["Authorization"] == "Bearer token"
    assert "/v25/" in through.url


def test_neither_token_nor_conversions_show_in_the_requests_repr(
    make_google_ads: MakeGoogleAds,
) -> None:
    request = google_ads_request(make_google_ads(), Grouping(), [b'{"orderId":"7"}'], "s3cret")

    assert "s3cret" not in repr(request)
    assert "orderId" not in repr(request)
