"""Meta's own Python SDK against the mock, unchanged but for the host."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from facebook_business.adobjects.serverside.action_source import ActionSource
from facebook_business.adobjects.serverside.content import Content
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.event_request import EventRequest
from facebook_business.adobjects.serverside.event_request_async import EventRequestAsync
from facebook_business.adobjects.serverside.user_data import UserData
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from mock_platform.client import MockWorkspace

DATASET = "1234567890"


@pytest.fixture
def sdk(workspace: MockWorkspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[FacebookAdsApi]:
    monkeypatch.setattr(FacebookSession, "GRAPH", workspace.url)
    yield FacebookAdsApi.init(app_secret="appsec", access_token="SECRET", crash_log=False)
    FacebookAdsApi.set_default_api(None)


def purchase(event_id: str = "order-1", **changes: Any) -> Event:
    members: dict[str, Any] = {
        "event_name": "Purchase",
        "event_time": int(time.time()) - 5,
        "event_id": event_id,
        "action_source": ActionSource.WEBSITE,
        "event_source_url": "https://shop.example.com/confirmation",
        "user_data": UserData(
            emails=["Jane@Example.com "],
            phones=["+1 555 010 0200"],
            first_name="Jane",
            client_user_agent="Mozilla/5.0",
            client_ip_address="192.0.2.7",
            external_id="C123",
        ),
        "custom_data": CustomData(
            value=12.5,
            currency="USD",
            order_id=event_id,
            contents=[Content(product_id="P1", quantity=1, item_price=12.5)],
        ),
    }
    return Event(**{**members, **changes})


def test_the_sync_class_is_understood_and_understands(
    sdk: FacebookAdsApi, workspace: MockWorkspace
) -> None:
    answer = EventRequest(
        pixel_id=DATASET, events=[purchase(), purchase("order-2")], test_event_code="TEST1"
    ).execute()
    assert (answer.events_received, answer.messages) == (2, [])
    assert answer.fbtrace_id.startswith("A")
    assert [each["order_id"] for each in workspace.counted()] == ["order-1", "order-2"]
    assert [each["findings"] for each in workspace.counted()] == [[], []]
    assert "SECRET" not in str(workspace.requests())


def test_the_async_class_is_understood_and_understands(
    sdk: FacebookAdsApi, workspace: MockWorkspace
) -> None:
    request = EventRequestAsync(pixel_id=DATASET, events=[purchase(), purchase()])
    answer = asyncio.run(request.execute())
    assert answer.events_received == 2
    verdicts = [each["verdict"] for each in workspace.events()]
    assert verdicts == ["counted", "deduplicated"]


def test_sync_and_async_and_plain_json_send_the_same_event(
    sdk: FacebookAdsApi, workspace: MockWorkspace
) -> None:
    sent = purchase()
    EventRequest(pixel_id=DATASET, events=[sent]).execute()
    asyncio.run(EventRequestAsync(pixel_id=DATASET, events=[sent]).execute())
    first, second = (each["payload"] for each in workspace.events())
    assert first == second


def test_a_rejection_becomes_the_sdks_own_exception(
    sdk: FacebookAdsApi, workspace: MockWorkspace
) -> None:
    with pytest.raises(FacebookRequestError) as refused:
        EventRequest(pixel_id=DATASET, events=[purchase(event_time=1)]).execute()
    assert refused.value.http_status() == 400
    assert refused.value.api_error_code() == 100
    assert refused.value.api_error_subcode() == 2804003
    assert refused.value.api_transient_error() is False
    assert workspace.counted() == []


@pytest.mark.parametrize(
    ("error", "code", "transient"),
    [("token_invalid", 190, False), ("service_unavailable", 2, True), ("app_throttled", 4, True)],
)
def test_a_fault_becomes_the_sdks_own_exception(
    sdk: FacebookAdsApi, workspace: MockWorkspace, error: str, code: int, transient: bool
) -> None:
    workspace.fault("error", error=error)
    with pytest.raises(FacebookRequestError) as refused:
        EventRequest(pixel_id=DATASET, events=[purchase()]).execute()
    assert refused.value.api_error_code() == code
    assert refused.value.api_transient_error() is transient


def test_the_sdk_reads_whose_token_it_has(sdk: FacebookAdsApi) -> None:
    me = User(fbid="me").api_get(fields=["id", "name"])
    assert me["name"] == "Mock System User"
