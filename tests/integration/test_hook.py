"""The signed hook: what is taken, what is refused, and what is said about it."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
import structlog
from flask import Flask

from bridge.outbox.queries import Queries
from bridge.outbox.records import Record, Recorded, Settlement
from bridge.outbox.states import State
from bridge.outbox.store import Store
from bridge.wiring import Installation
from bridge.wsgi import make_app

MakeOrder = Callable[..., dict[str, Any]]
PROBLEM = "application/problem+json"


def test_new_order_is_accepted_with_its_deliveries(caller: Any, make_order: MakeOrder) -> None:
    answer = caller.send(make_order())

    assert answer.status_code == 202
    assert answer.json == {
        "status": "accepted",
        "order_no": "00012345",
        "event_id": "00012345",
        "warnings": [],
        "deliveries": [{"destination": "meta", "state": "pending", "reason": None}],
    }


def test_second_call_is_a_duplicate_and_the_first_wins(caller: Any, make_order: MakeOrder) -> None:
    caller.send(make_order())

    answer = caller.send(make_order(currency="EUR", **{"totals.gross": 1, "customer.email": None}))

    assert answer.status_code == 200
    assert answer.json["status"] == "duplicate"
    assert answer.json["differs"] == ["currency", "totals.gross"]


def test_same_amount_written_otherwise_does_not_differ(caller: Any, make_order: MakeOrder) -> None:
    caller.send(make_order(placed_at="2026-11-22T07:00:00Z", **{"totals.gross": 10}))

    again = make_order(placed_at="2026-11-22T08:00:00+01:00", **{"totals.gross": 10.00})

    assert caller.send(again).json["differs"] == []


def test_fifty_identical_calls_at_once_make_one_order_and_fifty_right_answers(
    app: Flask, caller: Any, make_order: MakeOrder, installation: Installation
) -> None:
    order = make_order()

    def call(_: int) -> Any:
        return type(caller)(app.test_client(), caller.clock).send(order)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(call, range(50)))

    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [202]
    assert {answer.json["event_id"] for answer in answers} == {"00012345"}
    assert all(answer.json.get("differs", []) == [] for answer in answers)
    assert Queries(installation.engine).overview().orders == 1


def test_denied_consent_is_a_delivery_with_its_reason(caller: Any, make_order: MakeOrder) -> None:
    answer = caller.send(make_order(**{"consent.ad_user_data": "denied"}))

    assert answer.json["deliveries"] == [
        {"destination": "meta", "state": "skipped", "reason": "consent_denied"}
    ]


def test_order_older_than_the_platforms_window_is_expired_at_once(
    caller: Any, make_order: MakeOrder
) -> None:
    answer = caller.send(make_order(placed_at="2026-11-10T07:00:00Z"))

    assert answer.json["deliveries"] == [
        {"destination": "meta", "state": "expired", "reason": "too_old_for_platform"}
    ]


def test_unknown_members_and_unusable_values_are_warnings(
    caller: Any, make_order: MakeOrder
) -> None:
    order = make_order(loyalty_tier="gold", **{"customer.email": "not an address"})

    warnings = caller.send(order).json["warnings"]

    assert ("$.loyalty_tier", "unknown_member") in {(w["path"], w["rule"]) for w in warnings}
    assert [w["field"] for w in warnings if "field" in w] == ["em"]
    assert "not an address" not in str(warnings)


def test_browser_values_that_cannot_be_are_warnings(caller: Any, make_order: MakeOrder) -> None:
    browser = {"ip": "999", "fbc": "bad", "fbp": "zz", "page_url": "nowhere", "user_agent": "M/5"}

    warnings = caller.send(make_order(browser=browser)).json["warnings"]

    assert {w["field"] for w in warnings} == {"ip", "fbc", "fbp", "page_url"}


def test_every_violation_is_listed_with_its_path_and_without_a_value(
    caller: Any, make_order: MakeOrder
) -> None:
    order = make_order(currency="usd", **{"totals.gross": "12,50"})
    order["lines"][0]["quantity"] = -7

    answer = caller.send(order)

    assert (answer.status_code, answer.mimetype) == (400, PROBLEM)
    assert answer.json["code"] == "contract_violated"
    assert {violation["path"] for violation in answer.json["violations"]} == {
        "$.currency",
        "$.totals.gross",
        "$.lines[0].quantity",
    }
    assert not [value for value in ("usd", "12,50", "-7") if value in answer.text]


@pytest.mark.parametrize("body", ["", "{", '{"a": NaN}', "[" * 50_000, "\x00"])
def test_body_that_is_not_json_is_refused(caller: Any, body: str) -> None:
    raw = body.encode()

    answer = caller.client.post("/v1/orders", data=raw, headers=caller.headers(raw))

    assert (answer.status_code, answer.json["code"]) == (400, "body_not_json")


@pytest.mark.parametrize("document", [None, 1, "text", [], [1], {}])
def test_json_that_is_no_order_is_refused(caller: Any, document: object) -> None:
    answer = caller.send(document)

    assert (answer.status_code, answer.json["code"]) == (400, "contract_violated")
    assert answer.json["violations"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"bridge-site": "Nowhere"}, 403, "site_unknown"),
        ({"bridge-site": "Closed"}, 403, "site_unknown"),
        ({"bridge-site": None}, 401, "signature_invalid"),
        ({"webhook-id": None}, 401, "signature_invalid"),
        ({"webhook-id": "msg_2"}, 401, "signature_invalid"),
        ({"webhook-timestamp": "soon"}, 401, "signature_invalid"),
        ({"webhook-timestamp": "9" * 400}, 401, "signature_invalid"),
        ({"webhook-signature": "v1,AAAA"}, 401, "signature_invalid"),
        ({"webhook-signature": "v1,\u00e9"}, 401, "signature_invalid"),
        ({"content-type": "text/plain"}, 415, "media_type_unsupported"),
        ({"content-type": None}, 415, "media_type_unsupported"),
    ],
)
def test_wrong_header_is_refused_with_its_own_code(
    caller: Any, make_order: MakeOrder, change: dict[str, str | None], status: int, code: str
) -> None:
    body = orjson.dumps(make_order())
    headers = {**caller.headers(body), **change}

    answer = caller.client.post(
        "/v1/orders", data=body, headers={k: v for k, v in headers.items() if v is not None}
    )

    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (status, PROBLEM, code)


def test_both_secrets_work_during_a_rotation(caller: Any, make_order: MakeOrder) -> None:
    old = type(caller)(
        caller.client, caller.clock, "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDI="
    )

    assert caller.send(make_order(order_no="1")).status_code == 202
    assert old.send(make_order(order_no="2")).status_code == 202


@pytest.mark.parametrize(("age", "status"), [(299, 202), (301, 401), (-299, 202), (-301, 401)])
def test_a_call_is_good_for_five_minutes(
    caller: Any, make_order: MakeOrder, age: int, status: int
) -> None:
    signed_at = caller.clock() - timedelta(seconds=age)

    assert caller.send(make_order(), signed_at=signed_at).status_code == status


def test_order_of_another_site_than_the_signer_is_refused(
    caller: Any, make_order: MakeOrder
) -> None:
    answer = caller.send(make_order(site_id="Other"))

    assert (answer.status_code, answer.json["code"]) == (403, "site_mismatch")


def test_body_over_the_limit_is_refused_before_it_is_parsed(caller: Any) -> None:
    body = b"x" * (64 * 1024 + 1)

    answer = caller.client.post("/v1/orders", data=body, headers=caller.headers(body))

    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_batch_answers_each_order_by_itself_and_in_order(
    caller: Any, make_order: MakeOrder
) -> None:
    batch = [
        make_order(order_no="1"),
        make_order(order_no="2", currency="usd!"),
        make_order(order_no="1"),
        make_order(order_no="3", site_id="Other"),
        make_order(order_no="4"),
    ]

    answer = caller.send(batch, "/v1/orders/batch")

    assert answer.status_code == 200
    assert [item["code"] for item in answer.json] == [202, 400, 200, 403, 202]
    assert answer.json[1]["problem"]["violations"][0]["path"] == "$.currency"
    assert answer.json[2]["status"] == "duplicate"


def test_batch_over_500_orders_is_refused_whole(caller: Any) -> None:
    answer = caller.send([{}] * 501, "/v1/orders/batch")

    assert (answer.status_code, answer.json["code"]) == (413, "too_many_orders")


def test_batch_that_is_no_array_is_refused(caller: Any, make_order: MakeOrder) -> None:
    answer = caller.send(make_order(), "/v1/orders/batch")

    assert (answer.status_code, answer.json["code"]) == (400, "body_not_json")


def test_empty_batch_is_answered_with_nothing(caller: Any) -> None:
    assert caller.send([], "/v1/orders/batch").json == []


def test_store_that_cannot_write_is_503_until_it_can_again(
    caller: Any, make_order: MakeOrder, installation: Installation
) -> None:
    with sqlite3.connect(installation.settings.data_dir / "bridge.sqlite3") as database:
        database.execute("ALTER TABLE orders RENAME TO mislaid")
    answer = caller.send(make_order())
    with sqlite3.connect(installation.settings.data_dir / "bridge.sqlite3") as database:
        database.execute("ALTER TABLE mislaid RENAME TO orders")

    assert (answer.status_code, answer.json["code"]) == (503, "store_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert caller.send(make_order()).status_code == 202


def test_health_is_live_and_ready(caller: Any) -> None:
    assert caller.client.get("/health/live").json == {"status": "live"}
    assert caller.client.get("/health/ready").json == {"status": "ready"}


def test_bridge_is_not_ready_when_its_store_is_gone(
    caller: Any, installation: Installation
) -> None:
    with sqlite3.connect(installation.settings.data_dir / "bridge.sqlite3") as database:
        database.execute("ALTER TABLE orders RENAME TO mislaid")

    answer = caller.client.get("/health/ready")

    assert (answer.status_code, answer.json) == (503, {"status": "store_unreachable"})


def test_metrics_count_what_was_answered_and_what_waits(caller: Any, make_order: MakeOrder) -> None:
    caller.send(make_order())
    caller.send(make_order())
    caller.send(make_order(currency="?"))

    lines = caller.client.get("/metrics").text.splitlines()

    assert 'bridge_hook_orders_total{outcome="accepted",site="RefArch"} 1.0' in lines
    assert 'bridge_hook_orders_total{outcome="duplicate",site="RefArch"} 1.0' in lines
    assert 'bridge_hook_orders_total{outcome="contract_violated",site="RefArch"} 1.0' in lines
    assert 'bridge_deliveries{destination="meta",state="pending"} 1.0' in lines


def test_metrics_tell_how_much_time_is_left_and_how_long_dead_letters_and_pauses_last(
    caller: Any, make_order: MakeOrder, installation: Installation
) -> None:
    store, queries = installation.store, installation.queries
    for number in "12":
        caller.send(make_order(order_no=number))
        caller.clock.at += timedelta(minutes=1)
    (first,) = store.claim("meta", limit=1, owner="sender", lease=timedelta(minutes=1))
    end = Settlement(delivery_id=first.delivery_id, fence=first.fence, state=State.DEAD)
    store.settle([end])
    store.pause("meta", until=caller.clock() + timedelta(seconds=90), reason="throttled")
    (second,) = queries.order_status("2")[0].deliveries
    headroom = (second.deadline - caller.clock()).total_seconds()

    lines = caller.client.get("/metrics").text.splitlines()

    assert f'bridge_deadline_headroom_seconds{{destination="meta"}} {headroom}' in lines
    assert 'bridge_oldest_dead_letter_age_seconds{destination="meta"} 120.0' in lines
    assert 'bridge_oldest_open_age_seconds{destination="meta"} 60.0' in lines
    assert 'bridge_destination_paused_seconds{destination="meta"} 90.0' in lines
    assert 'bridge_destination_paused{destination="meta"} 1.0' in lines


class Failing(Store):
    """Fails as our own code might, with the shopper in its words."""

    def record(self, records: Sequence[Record]) -> list[Recorded]:
        raise ValueError(f"no place for jane.doe@example.com in {len(records)}")


def test_what_nobody_foresaw_is_told_by_its_kind_and_never_in_its_own_words(
    installation: Installation,
    make_caller: Callable[[Flask], Any],
    make_order: MakeOrder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing = Failing(installation.engine, installation.clock)
    caller = make_caller(make_app(replace(installation, store=failing)))

    with structlog.testing.capture_logs() as lines:
        answer = caller.send(make_order())

    assert (answer.status_code, answer.json["code"]) == (500, "internal_server_error")
    [line] = lines
    assert (line["event"], line["error"]) == ("call_failed", "ValueError")
    assert re.fullmatch(r"\w+\.py:\d+", line["reason"])
    assert caplog.records == []
