"""Refunds and cancellations among made-up orders: valid, of valid orders, some ahead of them."""

from datetime import UTC, datetime

from bridge.intake.contract import check
from loadtests.adjustments import Worth, with_adjustments
from loadtests.traffic import Mix, traffic

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
MIX = Mix(duplicates=0.1, broken=0.1)


def test_adjustments_keep_the_contract_and_name_a_valid_order() -> None:
    calls = list(with_adjustments(traffic(200, 3, NOW, mix=MIX), NOW))
    adjusting = [
        call.order for call in calls if call.order.get("kind") in {"refund", "cancellation"}
    ]
    valid = {call.order["order_no"] for call in calls if call.broken_rule is None}
    assert {order["kind"] for order in adjusting} == {"refund", "cancellation"}
    assert all(check(order).violations == () for order in adjusting)
    assert {order["order_no"] for order in adjusting} <= valid
    assert [call.order for call in calls if call.order not in adjusting] == [
        call.order for call in traffic(200, 3, NOW, mix=MIX)
    ]


def test_some_refunds_come_before_their_orders() -> None:
    first: dict[str, set[str]] = {}
    for call in with_adjustments(traffic(200, 3, NOW, mix=Mix()), NOW):
        kinds = first.setdefault(call.order["order_no"], set())
        kinds.add(call.order["kind"] if kinds else f"first {call.order['kind']}")
    assert {"first refund", "order"} in first.values()
    assert {"first order", "refund"} in first.values()


def test_worth_is_what_is_left_in_any_order_and_however_often_it_is_told() -> None:
    messages = [call.order for call in with_adjustments(traffic(60, 3, NOW, mix=Mix()), NOW)]
    there, back = Worth(), Worth()
    for message in messages:
        there.add(message)
    for message in [*messages[::-1], *messages]:
        back.add(message)
    numbers = {message["order_no"] for message in messages}
    assert {number: there.of(number) for number in numbers} == {
        number: back.of(number) for number in numbers
    }
    assert there.of("unknown") is None
