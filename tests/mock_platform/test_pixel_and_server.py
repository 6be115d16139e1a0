import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]

DATASET = "1234567890"
HOUR = 3600


def pixel(workspace: MockWorkspace, **parameters: str | None) -> requests.Response:
    sent = {"id": DATASET, "ev": "Purchase", "eid": "order-1", **parameters}
    given = {name: value for name, value in sent.items() if value is not None}
    return requests.get(f"{workspace.url}/tr", params=given, timeout=10)


def test_the_pixel_answers_a_gif_of_one_pixel(workspace: MockWorkspace) -> None:
    answer = pixel(workspace)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/gif"
    assert answer.content[:6] == b"GIF89a"
    assert answer.content[6:10] == b"\x01\x00\x01\x00"


def test_a_pixel_event_is_kept_with_its_members(workspace: MockWorkspace) -> None:
    pixel(
        workspace,
        **{"cd[value]": "12.50", "cd[currency]": "USD", "cd[order_id]": "order-1"},
        **{"ud[em]": hashlib.sha256(b"jane@example.com").hexdigest()},
        fbp="fb.1.1795418257000.123",
        dl="https://shop.example.com/",
        ts="1795418257123",
    )
    (kept,) = workspace.events()
    assert (kept["api"], kept["source"], kept["verdict"]) == ("pixel", "browser", "counted")
    assert (kept["event_name"], kept["event_id"]) == ("Purchase", "order-1")
    assert (kept["order_id"], kept["event_time"]) == ("order-1", 1795418257)
    assert kept["payload"]["custom_data"]["value"] == "12.50"
    assert (kept["value"], kept["currency"]) == (12.5, "USD")
    assert kept["findings"] == []


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("dl", "https://shop.example.com/thanks?email=jane@example.com", "meta.pii.url"),
        ("cd[note]", "for jane@example.com", "meta.pii.custom_data"),
    ],
)
def test_personal_data_in_clear_is_found_in_what_a_browser_sends(
    workspace: MockWorkspace, name: str, value: str, rule: str
) -> None:
    pixel(workspace, **{name: value})
    (kept,) = workspace.events()
    assert [each["rule"] for each in kept["findings"]] == [rule]


@pytest.mark.parametrize(
    ("value", "currency", "rules"),
    [
        ("12.555", "EUR", ["meta.custom_data.currency_exponent"]),
        ("12.5", "jpy", ["meta.custom_data.currency_exponent"]),
        ("12.55", "EUR", []),
        ("many", "EUR", []),
    ],
)
def test_a_browsers_amount_is_checked_as_a_servers_is(
    workspace: MockWorkspace, value: str, currency: str, rules: list[str]
) -> None:
    contents = '[{"id": "P1", "quantity": 1, "item_price": 7}]'
    amount = {"cd[value]": value, "cd[currency]": currency, "cd[contents]": contents}
    pixel(workspace, **amount)
    pixel(workspace, ev="Lead", **amount)
    purchase, lead = workspace.events()
    assert [each["rule"] for each in purchase["findings"]] == rules
    assert lead["findings"] == []


@pytest.mark.parametrize(
    ("missing", "rule"), [("id", "meta.pixel.id_missing"), ("ev", "meta.pixel.ev_missing")]
)
def test_a_pixel_event_without_id_or_name_is_rejected_behind_the_image(
    workspace: MockWorkspace, missing: str, rule: str
) -> None:
    assert pixel(workspace, **{missing: None}).status_code == 200
    (kept,) = workspace.events()
    assert kept["verdict"] == "rejected"
    assert rule in [each["rule"] for each in kept["findings"]]


def test_plain_text_in_the_pixels_user_data_is_pointed_out(workspace: MockWorkspace) -> None:
    pixel(workspace, **{"ud[em]": "jane@example.com"})
    (kept,) = workspace.events()
    assert [each["rule"] for each in kept["findings"]] == ["meta.hash.plain_text"]


def test_the_pixel_takes_a_beacon_too(workspace: MockWorkspace) -> None:
    requests.post(f"{workspace.url}/tr/", data={"id": DATASET, "ev": "Lead"}, timeout=10)
    assert [each["event_name"] for each in workspace.counted()] == ["Lead"]


def test_browser_then_server_counts_the_browser_event(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    pixel(workspace)
    assert post(event()).json()["events_received"] == 1
    first, second = workspace.events()
    assert (first["source"], first["verdict"]) == ("browser", "counted")
    assert (second["source"], second["verdict"]) == ("server", "deduplicated")
    assert second["duplicate_of"] == first["id"]
    assert second["dedup_rule"] == "meta.dedup.event_id"


def test_server_then_browser_within_5_minutes_counts_the_browser_event(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event())
    workspace.advance(290)
    pixel(workspace)
    server, browser = workspace.events()
    assert (server["verdict"], server["duplicate_of"]) == ("deduplicated", browser["id"])
    assert server["dedup_rule"] == "meta.dedup.browser_preferred"
    assert browser["verdict"] == "counted"


def test_server_then_browser_after_5_minutes_counts_the_server_event(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event())
    workspace.advance(310)
    pixel(workspace)
    assert [each["verdict"] for each in workspace.events()] == ["counted", "deduplicated"]


def test_fbp_joins_browser_and_server_whatever_mark_it_carries(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    fbp = "fb.1.1795418257000.123456789"
    pixel(workspace, eid=None, fbp=fbp)
    agent = {"client_user_agent": "Mozilla/5.0"}
    post(event(event_id=None, user_data={"fbp": f"{fbp}.AQIAAQMC", **agent}))
    assert [each["dedup_rule"] for each in workspace.events()] == [
        None,
        "meta.dedup.browser_identity",
    ]


def test_duplicates_are_received_and_the_answer_does_not_tell(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    assert post(event(), event(), event()).json()["events_received"] == 3
    verdicts = [each["verdict"] for each in workspace.events()]
    assert verdicts == ["counted", "deduplicated", "deduplicated"]


def test_a_retry_counts_again_only_after_48_hours(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event()
    post(sent)
    workspace.advance(47 * HOUR)
    post(sent)
    workspace.advance(2 * HOUR)
    post(sent)
    verdicts = [each["verdict"] for each in workspace.events()]
    assert verdicts == ["counted", "deduplicated", "counted"]


def test_store_events_compare_time_and_order(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sold = event(action_source="physical_store", event_id=None)
    post(sold, sold)
    post({**sold, "event_time": sold["event_time"] + 1})
    verdicts = [each["verdict"] for each in workspace.events()]
    assert verdicts == ["counted", "deduplicated", "counted"]


def test_store_events_without_order_compare_customers_as_sets(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    digests = [hashlib.sha256(text).hexdigest() for text in (b"a", b"b")]
    sold = event(
        action_source="physical_store",
        event_id=None,
        custom_data={"value": 1, "currency": "USD"},
        user_data={"em": digests},
    )
    post(sold, {**sold, "user_data": {"em": digests[::-1]}}, {**sold, "user_data": {"ph": digests}})
    verdicts = [each["verdict"] for each in workspace.events()]
    assert verdicts == ["counted", "deduplicated", "counted"]


def test_forty_parallel_posts_of_the_same_ten_events_count_ten(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    batch = [event(event_id=f"order-{number}") for number in range(10)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(*batch), range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(workspace.counted()) == 10
    assert workspace.summary()["events"]["deduplicated"] == 390
