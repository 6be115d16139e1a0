"""The lint of clicks, times, amounts, and of personal data in clear."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

from .lint_cases import JANE, META, sha256
from .lint_event_cases import BROKEN, CLICK, KNOWN, SHOP, custom, external_id, fbc
from .meta_cases import DIGEST, ago

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
SOUND: dict[str, Event] = {
    "properties": custom(gift={"wrapped": True, "note": "to my @home"}, phone="", coupon="A+1"),
    "hashed property": custom(email=DIGEST),
    "ids of the customer": external_id("C-1", DIGEST, sha256(META["em"])),
    "id of digits": {"event_id": "442079460999"},
    "ids as long as phone numbers": external_id("491701234567", "4006381333931"),
    "amounts and first names": custom(note="+10 000 000 of Jané-Ann, 2026-01-01T00:00:00+01:00"),
    "hashed event_id": {"event_id": sha256(META["em"])},
    "longer than a digest": {"event_id": sha256("") + "0"},
    "address with parameters": {"event_source_url": f"{SHOP}?fbclid={CLICK}&q=a%20b", **fbc(CLICK)},
    "another click on the page before": {"referrer_url": f"{SHOP}?fbclid=IwAR9", **fbc(CLICK)},
    "yen": custom(value=1250, currency="JPY"),
    "dinars": custom(value=1.234, currency="KWD"),
    "amount as text": custom(value="12.50"),
    "merchandise as declared": custom(value=118.45),
    "an amount of its own": custom(value=99.99),
    "a price a hundred times its line": custom(
        value=625, contents=[{"id": "a", "quantity": 100, "item_price": 6.25}]
    ),
    "lines without prices": custom(value=1250, contents=[{"id": "a", "quantity": 2}]),
}


@pytest.fixture
def told(workspace: MockWorkspace) -> MockWorkspace:
    workspace.know_orders(KNOWN)
    workspace.know_shoppers(JANE)
    workspace.settings(value_basis="merchandise")
    return workspace


@pytest.mark.parametrize(("changes", "rule", "path"), BROKEN.values(), ids=BROKEN)
def test_the_lint_finds(
    told: MockWorkspace, event: EventFactory, post: Post, changes: Event, rule: str, path: str
) -> None:
    post(event(**changes))
    found = [(each["rule"], each["path"]) for each in told.events()[0]["findings"]]
    assert found == [(rule, path)]


@pytest.mark.parametrize("changes", SOUND.values(), ids=SOUND)
def test_the_lint_lets_pass(
    told: MockWorkspace, event: EventFactory, post: Post, changes: Event
) -> None:
    told.settings(mode="strict")
    answer = post(event(**changes))
    assert answer.status_code == 200, answer.text
    assert told.events()[0]["findings"] == []


def test_without_a_declared_basis_no_amount_is_wrong(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.know_orders(KNOWN)
    post(event(**custom(value=113.26)))
    assert workspace.events()[0]["findings"] == []


def test_a_retry_with_a_time_of_its_own_is_found(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(event_time=ago(300)))
    post(event(event_time=ago(0)))
    first, second = workspace.events()
    assert first["findings"] == []
    assert (second["verdict"], second["duplicate_of"]) == ("deduplicated", first["id"])
    (finding,) = second["findings"]
    assert (finding["rule"], finding["path"]) == ("meta.event_time.changed", "event_time")
    assert f"event {first['id']} is the same" in finding["message"]


@pytest.mark.parametrize("kind", ["error", "reset", "empty"])
@pytest.mark.parametrize("source", ["website", "physical_store"])
def test_a_retry_with_a_time_of_its_own_is_found_when_a_fault_lost_the_first_try(
    workspace: MockWorkspace, event: EventFactory, post: Post, kind: str, source: str
) -> None:
    workspace.fault(kind, store=False)
    with contextlib.suppress(requests.ConnectionError):
        post(event(event_time=ago(300), action_source=source))
    post(event(event_time=ago(0), action_source=source))
    taken = workspace.events()[-1]
    assert taken["verdict"] == "counted"
    assert [each["rule"] for each in taken["findings"]] == ["meta.event_time.changed"]
    post(event(event_time=ago(100), action_source=source))
    again = workspace.events()[-1]
    assert [each["rule"] for each in again["findings"]] == ["meta.event_time.changed"]


def test_a_true_retry_after_a_fault_has_no_findings(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event(event_time=ago(300))
    workspace.fault("error", status=500, times=2)
    for _ in range(3):
        post(sent)
    (taken,) = workspace.events()
    assert (taken["verdict"], taken["findings"]) == ("counted", [])


def test_a_reset_forgets_lost_tries(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.fault("error", status=500)
    post(event(event_time=ago(300)))
    workspace.reset("journal")
    post(event(event_time=ago(0)))
    assert workspace.events()[0]["findings"] == []


def test_a_store_sale_with_a_new_time_counts_twice_and_is_found(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    for seconds in (300, 0):
        post(event(event_time=ago(seconds), action_source="physical_store"))
    first, second = workspace.events()
    assert (first["verdict"], second["verdict"]) == ("counted", "counted")
    assert [each["rule"] for each in second["findings"]] == ["meta.event_time.changed"]


def test_a_true_retry_and_another_line_of_a_store_sale_have_no_findings(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event(event_time=ago(300))
    for _ in range(2):
        post(sent)
    for number, seconds in (("1", 300), ("2", 200)):
        line = custom(item_number=number)
        post(event(event_time=ago(seconds), action_source="physical_store", **line))
    assert [each["findings"] for each in workspace.events()] == [[]] * 4


def test_the_pixels_own_time_is_no_retry(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(event_time=ago(300)))
    query = {"id": "1234567890", "ev": "Purchase", "eid": "order-1"}
    requests.get(f"{workspace.url}/tr", params=query, timeout=10)
    assert [each["findings"] for each in workspace.events()] == [[], []]
