"""What may be corrected of an order, and by which rules."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bridge.errors import IllegalMove
from bridge.operate.destinations import Site
from bridge.order.correction import NEVER, corrected, editable
from bridge.order.model import Channel, Facts
from bridge.order.parse import parse

MakeOrder = Callable[..., dict[str, Any]]


@pytest.fixture
def facts(make_order: MakeOrder, site: Site) -> Facts:
    return parse(make_order(), site).facts


def test_nothing_set_changes_nothing(facts: Facts) -> None:
    assert corrected(facts, {}) == (facts, [])


def test_what_is_set_is_read_as_the_hook_reads_it(facts: Facts) -> None:
    new, changes = corrected(
        facts,
        {
            "currency": "EUR",
            "placed_at": "2026-11-22T09:00:00+01:00",
            "channel": "store",
            "country": "Germany",
            "store_id": "0042",
            "totals.gross": "12.50",
            "totals.tax": "",
            "lines[0].quantity": "3",
            "lines[0].product_id": "P-9",
        },
    )

    assert (new.currency, new.channel, new.region) == ("EUR", Channel.STORE, "DE")
    assert new.placed_at == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert (new.totals.gross, new.totals.tax) == (Decimal("12.5"), None)
    assert (new.lines[0].product_id, new.lines[0].quantity) == ("P-9", 3)
    assert new.totals.net == facts.totals.net
    assert new.lines[1:] == facts.lines[1:]
    assert new.data_processing.address is None  # the address in California is no longer its own
    assert ("totals.tax", facts.totals.tax, None) in changes
    assert len(changes) == 9


def test_what_is_not_corrected_stays(facts: Facts) -> None:
    new, _ = corrected(facts, {"currency": "EUR"})

    assert (new.key, new.event_id, new.consent, new.coupons) == (
        facts.key,
        facts.event_id,
        facts.consent,
        facts.coupons,
    )
    assert new.data_processing == facts.data_processing


@pytest.mark.parametrize("name", [*NEVER, "customer.email", "lines[99].gross", "totals.nett", "x"])
def test_other_fields_may_not_be_set(facts: Facts, name: str) -> None:
    assert name not in editable(facts)
    with pytest.raises(IllegalMove, match="cannot be corrected"):
        corrected(facts, {name: "secret"})


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("currency", "DOLLAR", r"\$\.currency"),
        ("currency", "", r"\$\.currency"),
        ("placed_at", "yesterday", r"\$\.placed_at"),
        ("channel", "shop", r"\$\.channel"),
        ("totals.gross", "-1", r"\$\.totals\.gross"),
        ("totals.gross", "nan", r"\$"),
        ("totals.gross", "1,50", r"\$\.totals\.gross"),
        ("lines[0].quantity", "-3", r"\$\.lines\[0\]\.quantity"),
        ("country", "Atlantis", "two letters"),
    ],
)
def test_the_contract_holds_for_what_is_set(facts: Facts, name: str, text: str, said: str) -> None:
    with pytest.raises(IllegalMove, match=said) as refused:
        corrected(facts, {name: text})
    assert not text or text not in str(refused.value)
