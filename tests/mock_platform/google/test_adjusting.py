"""A transaction id that is known adjusts its conversion: never an error, never a second one."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_platform.client import MockWorkspace
from mock_platform.rules.google_conversion import Conversion
from mock_platform.rules.google_processing import Record, process
from mock_platform.rules.google_world import GoogleWorld

from .conftest import ACTION, Ingest, destination, event


def test_a_repeated_transaction_adjusts_its_conversion(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    ingest(event())
    ingest(event(conversionValue=20, currency="USD"))
    first, second = at_once.events()
    assert (first["verdict"], second["verdict"]) == ("counted", "adjusted")
    assert (first["value"], first["current_value"]) == (59.9, 20)
    assert (first["currency"], first["current_currency"]) == ("EUR", "USD")
    assert (second["duplicate_of"], second["current_value"]) == (first["id"], 20)
    assert second["dedup_rule"] == "google.data_manager.adjusts"


def test_a_repeat_in_the_same_request_adjusts_too(at_once: MockWorkspace, ingest: Ingest) -> None:
    assert ingest(event(), event(conversionValue=0)).status_code == 200
    assert [each["verdict"] for each in at_once.events()] == ["counted", "adjusted"]
    assert at_once.counted()[0]["current_value"] == 0


def test_two_actions_count_the_same_transaction_each(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    ingest(event())
    ingest(event(), destinations=[destination(productDestinationId="988")])
    assert [each["dataset"] for each in at_once.counted()] == [ACTION, "988"]


def test_an_event_without_value_leaves_the_value_alone(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    ingest(event())
    ingest(event(conversionValue=None))
    assert at_once.counted()[0]["current_value"] == 59.9


def test_an_event_that_was_rejected_may_be_sent_again_and_counts_then(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    ingest(event(consent={"adUserData": "CONSENT_DENIED"}))
    ingest(event())
    assert [each["verdict"] for each in at_once.events()] == ["rejected", "counted"]


def test_events_are_processed_in_the_order_they_came(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    ingest(event(conversionValue=1))
    ingest(event(conversionValue=2))
    workspace.settings(processing_delay_seconds=60)
    ingest(event(conversionValue=3, transactionId="order-2"))
    workspace.advance(1800)
    shown = [(each["verdict"], each["current_value"]) for each in workspace.events()]
    assert shown == [("counted", 2), ("adjusted", 2), ("counted", 3)]


def test_a_store_sale_is_not_adjusted(at_once: MockWorkspace, ingest: Ingest) -> None:
    at_once.settings(google_actions={ACTION: {"type": "STORE_SALES"}})
    sale = event(eventSource="IN_STORE", eventLocation={"storeId": "0042"}, adIdentifiers=None)
    ingest(sale)
    ingest({**sale, "conversionValue": 0})
    rules = [(each["verdict"], each["dedup_rule"]) for each in at_once.events()]
    assert rules == [
        ("counted", None),
        ("rejected", "google.processing.duplicate_transaction_id"),
    ]


def test_without_a_transaction_id_every_event_counts(
    at_once: MockWorkspace, ingest: Ingest
) -> None:
    for _ in range(2):
        ingest(event(transactionId=None, adIdentifiers=None))
    assert len(at_once.counted()) == 2
    assert "google.data_manager.transaction_absent" in {
        finding["rule"] for finding in at_once.events()[0]["findings"]
    }


def test_the_summary_counts_adjusted_and_processing(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.settings(processing_delay_seconds=0)
    ingest(event())
    ingest(event())
    workspace.settings(processing_delay_seconds=60)
    ingest(event(transactionId="order-2"))
    counts = workspace.summary()["events"]
    assert (counts["counted"], counts["adjusted"], counts["processing"]) == (1, 1, 1)
    assert counts["total"] == 3


class Remembered:
    """Conversions in a dictionary: what the rules see instead of the books."""

    def __init__(self) -> None:
        self.conversions: dict[int, Conversion] = {}

    def by_order(self, action: str, order_id: str) -> Conversion | None:
        return self._find(action=action, order_id=order_id)

    def by_click(self, action: str, click: str, occurred_at: float) -> Conversion | None:
        return self._find(action=action, click=click, occurred_at=occurred_at)

    def put(self, conversion: Conversion) -> None:
        self.conversions[conversion.event] = conversion

    def _find(self, **members: Any) -> Conversion | None:
        for conversion in self.conversions.values():
            if all(getattr(conversion, name) == value for name, value in members.items()):
                return conversion
        return None


sent = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["1", "2"]), st.integers(0, 9)), max_size=20
)


@given(sent)
def test_each_transaction_of_an_action_is_counted_once_and_worth_what_came_last(
    events: list[tuple[str, str, int]],
) -> None:
    world, earlier = GoogleWorld(), Remembered()
    last: dict[tuple[str, str], float] = {}
    for number, (transaction, action, value) in enumerate(events):
        record = Record(
            account="1",
            action=action,
            occurred_at=1000.0,
            transaction_id=transaction,
            value=float(value),
        )
        processed = process(record, number, 2000.0, world, earlier)
        assert (processed.adjusts is not None) == ((transaction, action) in last)
        last[transaction, action] = float(value)
    kept = {
        (conversion.order_id, conversion.action): conversion.value
        for conversion in earlier.conversions.values()
    }
    assert kept == last


@pytest.mark.parametrize("seed", range(3))
def test_resending_everything_in_any_order_changes_no_count(
    at_once: MockWorkspace, ingest: Ingest, seed: int
) -> None:
    events = [event(transactionId=f"order-{n}", adIdentifiers=None) for n in range(20)]
    again = [*events, *events]
    random.Random(seed).shuffle(again)
    for start in range(0, len(again), 7):
        ingest(*again[start : start + 7])
    assert sorted(each["order_id"] for each in at_once.counted()) == sorted(
        each["transactionId"] for each in events
    )
