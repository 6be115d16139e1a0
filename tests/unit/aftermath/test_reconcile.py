"""What became of a listed order at each destination, and how it is added up."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.aftermath.listed import Listed, NotDue, listed
from bridge.aftermath.reconcile import (
    OUTCOMES,
    Fate,
    MissingReason,
    Outcome,
    Reconciliation,
    fates,
)
from bridge.intake.files.row import BadRow, Row
from bridge.operate.destinations import Destination, Routes
from bridge.outbox.known import KnownOrder
from bridge.outbox.records import DeliveryState
from bridge.outbox.states import State

AT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def take(**members: Any) -> Listed | BadRow | None:
    return listed(Row(line=7, members={"order_no": "1", "site_id": "RefArch"} | members))


def entry(**members: Any) -> Listed:
    one = take(**members)
    assert isinstance(one, Listed)
    return one


def known(*deliveries: DeliveryState, gross: str = "10.00") -> KnownOrder:
    return KnownOrder(
        site_id="RefArch",
        order_no="1",
        placed_at=AT,
        currency="USD",
        gross=gross,
        deliveries=deliveries,
    )


def at_meta(state: State, reason: str | None = None) -> DeliveryState:
    return DeliveryState(destination="meta", state=state, reason=reason)


@pytest.fixture
def fate(make_destination: Callable[..., Destination]) -> Callable[..., Fate]:
    def fate(one: Listed, met: KnownOrder | None, **settings: object) -> Fate:
        [told] = fates(one, met, [make_destination(**settings)], "2026-11-22")
        return told

    return fate


def test_every_state_has_its_outcome() -> None:
    assert OUTCOMES.keys() == set(State)


@pytest.mark.parametrize("state", State)
def test_what_the_bridge_knows_decides_and_keeps_its_reason(
    fate: Callable[..., Fate], state: State
) -> None:
    told = fate(entry(status={"order": "cancelled"}), known(at_meta(state, "why")))

    assert (told.outcome, told.reason) == (OUTCOMES[state], "why")


def test_an_order_nobody_told_the_bridge_of_is_missing(fate: Callable[..., Fate]) -> None:
    told = fate(entry(totals={"gross": "12.50"}), None)

    assert (told.outcome, told.reason) == (Outcome.MISSING, MissingReason.NEVER_RECEIVED)
    assert told.value == Decimal("12.50")


def test_an_order_from_before_its_destination_is_missing_there(fate: Callable[..., Fate]) -> None:
    assert fate(entry(), known()).reason == MissingReason.DESTINATION_ADDED_LATER


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"order": "created"}, NotDue.NOT_PLACED),
        ({"order": "failed"}, NotDue.NOT_PLACED),
        ({"order": "replaced"}, NotDue.ENDED_BEFORE_SENDING),
        ({"order": "new", "confirmation": "not_confirmed"}, NotDue.NOT_CONFIRMED),
    ],
)
def test_what_the_shop_would_not_have_sent_is_not_missing(
    fate: Callable[..., Fate], status: dict[str, str], why: NotDue
) -> None:
    told = fate(entry(status=status), None)

    assert (told.outcome, told.reason) == (Outcome.NOT_DUE, why)


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        ({"sites": {"Other"}}, "site_not_routed"),
        ({"currencies": {"EUR"}}, "currency_not_routed"),
        ({"channels": {"store"}}, "channel_not_routed"),
    ],
)
def test_an_order_its_destination_would_not_want_is_skipped_not_missing(
    fate: Callable[..., Fate], routes: dict[str, Any], reason: str
) -> None:
    one = entry(currency="USD", channel="storefront")

    told = fate(one, None, routes=Routes.model_validate(routes))

    assert (told.outcome, told.reason) == (Outcome.SKIPPED, reason)


def test_another_amount_or_currency_is_told_even_when_delivered(fate: Callable[..., Fate]) -> None:
    met = known(at_meta(State.ACCEPTED), gross="10.0")

    same = fate(entry(totals={"gross": 10}, currency="usd"), met)
    other = fate(entry(totals={"gross": "10.01"}, currency="EUR"), met)

    assert (same.differs, same.is_remarkable) == ((), False)
    assert (other.differs, other.is_remarkable) == (("currency", "gross"), True)


def test_sums_hold_what_the_list_says_beside_what_the_bridge_took(
    fate: Callable[..., Fate],
) -> None:
    sums = Reconciliation()

    sums.add([fate(entry(totals={"gross": "3"}), known(at_meta(State.ACCEPTED)))])
    sums.add([fate(entry(totals={"gross": "4"}, currency="USD"), None)])
    sums.add([fate(entry(), known(at_meta(State.SKIPPED, "consent_denied")))])

    [(key, by_outcome)] = sums.days.items()
    assert key == ("2026-11-22", "USD", "meta")
    assert {name: (one.orders, one.value) for name, one in by_outcome.items()} == {
        Outcome.DELIVERED: (1, Decimal("10.00")),
        Outcome.MISSING: (1, Decimal(4)),
        Outcome.SKIPPED: (1, Decimal("10.00")),
    }
    assert (sums.listed, sums.differing) == (3, 1)
    assert sums.reasons["meta", Outcome.SKIPPED, "consent_denied"].orders == 1


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"order_no": ""}, "order_no"),
        ({"order_no": 5}, "order_no"),
        ({"order_no": "x" * 51}, "order_no"),
        ({"order_no": "a\ufffdb"}, "order_no"),
        ({"site_id": None}, "site_id"),
        ({"placed_at": "22.11.2026"}, "placed_at"),
        ({"placed_at": 5}, "placed_at"),
        ({"currency": "$"}, "currency"),
        ({"totals": {"gross": "1.234,50"}}, "gross"),
        ({"totals": {"gross": "-1"}}, "gross"),
        ({"totals": {"gross": True}}, "gross"),
        ({"gross": "NaN"}, "gross"),
        ({"gross": [1]}, "gross"),
    ],
)
def test_a_row_that_cannot_be_used_names_its_line_and_field(
    members: dict[str, Any], field: str
) -> None:
    bad = take(**members)

    assert isinstance(bad, BadRow)
    assert (bad.line, bad.field) == (7, field)
    assert bad.message


def test_refunds_in_the_list_are_passed_over() -> None:
    assert take(kind="refund") is None


def test_a_time_without_an_offset_is_the_shops() -> None:
    row = Row(line=1, members={"order_no": "1", "site_id": "s", "placed_at": "2026-11-22 00:30"})

    one = listed(row, ZoneInfo("Europe/Berlin"))

    assert isinstance(one, Listed)
    assert one.placed_at == datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
