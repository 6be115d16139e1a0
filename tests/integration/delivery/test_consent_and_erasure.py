"""What a shopper says after the order came in: no to being told, or forget me."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.transport import HttpTransport
from bridge.identity.subject import SubjectKey, subject_keys
from bridge.order.model import Customer, Person, Plain
from bridge.outbox.states import State

JANE = "jane.doe@example.com"


class Interrupted(HttpTransport):
    """Has something happen while a request is on its way."""

    def __init__(self, meanwhile: Any) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        answer = super().post(url, body, headers, deadline_seconds)
        self._meanwhile()
        return answer


def keys_of(sender: Any, email: str = JANE) -> tuple[SubjectKey, ...]:
    person = Person(customer=Customer(email=Plain(email)))
    return subject_keys(person, sender.installation.keys.master)


def take_from(sender: Any, email: str, first: int, count: int = 1) -> None:
    sender.take(count, first, **{"customer.email": email})


def deny(sender: Any, **changes: object) -> None:
    sender.take(1, **{"consent.ad_user_data": "denied"} | changes)


@pytest.mark.parametrize("purpose", ["ad_user_data"])
def test_consent_withdrawn_while_queued_stops_the_order(sender: Any, purpose: str) -> None:
    sender.take(2)
    deny(sender)
    sender.rounds()
    assert sender.counted == ["2"]
    stopped = sender.deliveries["1"]
    assert (stopped.state, stopped.reason) == (State.CANCELLED, "consent_withdrawn")
    [order] = sender.installation.queries.order_status("1")
    assert not order.sealed


def with_destination(sender: Any, **changes: object) -> None:
    """Give the first destination other settings, as a reload does."""
    settings = sender.installation.settings
    first, *others = settings.destinations
    changed = (type(first).model_validate(first.model_dump() | changes), *others)
    settings = settings.model_copy(update={"destinations": changed})
    sender.installation = replace(sender.installation, settings=settings)


@pytest.mark.parametrize(
    "later",
    [
        {"channel": "customer_service_center"},
        {"currency": "EUR"},
        {"billing_address.country": "CA", "shipping_address.country": "CA"},
        {"billing_address": None, "shipping_address": None},
    ],
)
def test_a_no_counts_though_the_call_that_brings_it_would_not_be_sent_there(
    sender: Any, later: dict[str, object]
) -> None:
    routes = {"channels": ["storefront"], "currencies": ["USD"], "countries": ["US"]}
    with_destination(sender, routes=routes)
    sender.take(2)
    deny(sender, **later)
    sender.rounds()
    assert sender.counted == ["2"]
    assert sender.deliveries["1"].reason == "consent_withdrawn"


def test_a_no_counts_at_a_destination_that_is_switched_off_meanwhile(sender: Any) -> None:
    sender.take(2)
    with_destination(sender, enabled=False)
    deny(sender)
    with_destination(sender, enabled=True)
    sender.rounds()
    assert sender.counted == ["2"]
    assert sender.deliveries["1"].reason == "consent_withdrawn"


def test_consent_withdrawn_stops_a_dead_letter_for_good(sender: Any) -> None:
    sender.workspace.fault("platform_rejects", match={"event_id": ["1"]})
    sender.take()
    sender.rounds()
    assert sender.deliveries["1"].state is State.REJECTED
    deny(sender)
    assert sender.deliveries["1"].reason == "consent_withdrawn"


def test_consent_withdrawn_after_delivery_changes_nothing_here(sender: Any) -> None:
    sender.take()
    sender.rounds()
    deny(sender)
    assert sender.deliveries["1"].state is State.ACCEPTED


def test_a_later_call_that_only_knows_less_withdraws_nothing(sender: Any) -> None:
    sender.take()
    deny(sender, **{"consent.ad_user_data": "unknown"})
    sender.rounds()
    assert sender.counted == ["1"]


def test_erasure_stops_what_is_queued_of_that_person_only(sender: Any) -> None:
    take_from(sender, JANE, 1, 2)
    take_from(sender, "other@example.com", 3)
    erased = sender.installation.store.erase(keys_of(sender))
    sender.rounds()
    assert (erased.orders, erased.cancelled) == (2, 2)
    assert sender.counted == ["3"]
    assert sender.states == {("cancelled", "erased"): 2, ("accepted", None): 1}


def test_erasure_reaches_dead_letters_and_what_was_delivered(sender: Any) -> None:
    sender.workspace.fault("platform_rejects", match={"event_id": ["1"]})
    take_from(sender, JANE, 1, 2)
    sender.rounds()
    assert sender.installation.store.erase(keys_of(sender)).cancelled == 1
    assert sender.states == {("cancelled", "erased"): 1, ("accepted", None): 1}


def test_erasure_leaves_neither_hash_nor_key_nor_remainder_and_says_so(
    sender: Any, tmp_path: Any
) -> None:
    take_from(sender, JANE, 1)
    [claim] = _claimed(sender)
    email_hash = claim.identities.split(b'"em":["')[1][:64]
    sender.installation.store.erase(keys_of(sender))
    assert sender.installation.store.erase(keys_of(sender)).orders == 0
    trail = [(entry.act, entry.detail) for entry in sender.installation.queries.audit_trail()]
    assert trail == [("erased", "by email")]
    sender.installation.engine.dispose()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("bridge.sqlite3*"))
    assert email_hash not in stored


def _claimed(sender: Any) -> Any:
    return sender.installation.store.claim(
        "meta", limit=1, owner="test", lease=sender.context.lease
    )


def test_erasure_of_what_a_sender_holds_keeps_it_from_leaving(sender: Any) -> None:
    take_from(sender, JANE, 1)
    build = sender.context.build

    def erased_meanwhile(claim: Any, destination: Any) -> Any:
        sender.installation.store.erase(keys_of(sender))
        return build(claim, destination)

    sender.with_builder(erased_meanwhile)
    sender.rounds()
    assert sender.requests == 0
    assert sender.states == {("cancelled", "erased"): 1}


def test_erasure_of_what_is_on_its_way_still_forgets_it(sender: Any) -> None:
    take_from(sender, JANE, 1)
    transport = Interrupted(lambda: sender.installation.store.erase(keys_of(sender)))
    sender.context = replace(sender.context, transport=transport)
    sender.rounds()
    transport.close()
    assert sender.counted == ["1"]
    assert sender.states == {("cancelled", "erased"): 1}


def test_a_later_call_about_an_erased_order_brings_nothing_back(
    sender: Any, make_destination: Any
) -> None:
    take_from(sender, JANE, 1)
    sender.installation.store.erase(keys_of(sender))
    settings = sender.installation.settings
    second = make_destination(id="later", dataset="99")
    sender.installation = replace(
        sender.installation,
        settings=settings.model_copy(update={"destinations": (*settings.destinations, second)}),
    )
    take_from(sender, JANE, 1)
    [order] = sender.installation.queries.order_status("1")
    assert [one.destination for one in order.deliveries] == ["meta"]
    assert sender.installation.store.erase(keys_of(sender)).orders == 0
