"""The bridge's own events of made-up orders, judged by the mock's rules and its lint.

Each order goes through the bridge's pipeline up to the event, in this process; the mock knows who
placed it. Nothing may be found: no error, no warning, no advice.
"""

import secrets
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.identity.encryption import Sealer
from bridge.identity.pseudonymise import Keys
from bridge.operate.settings import Settings, load_settings
from bridge.preview import preview_order
from loadtests.orders import orders
from mock_platform.known_orders import KnownOrders
from mock_platform.rules.known import Known

from .judged_events import events, judged

ORDERS, PARTS = 10_000, 4
KNOWN_BUYERS = 100


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Both mock destinations and the two sites of the embedded default."""
    monkeypatch.setenv("BRIDGE_DATA_DIR", str(tmp_path))
    return load_settings()


@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_orders_have_no_findings_at_either_platform(
    settings: Settings, part: int
) -> None:
    now, master = datetime.now(UTC), secrets.token_bytes(32)
    keys = Keys(sealer=Sealer([master]), master=master)
    told, found, sent = KnownOrders(), Counter[str](), Counter[str]()
    for number, order in enumerate(orders(ORDERS // PARTS, 100 + part, now)):
        if number < KNOWN_BUYERS:
            told.add_orders([order])
        known = Known(shoppers=told.shoppers)
        for destination, event in events(preview_order(order, settings, keys, now)):
            sent[destination] += 1
            for each in judged(destination, event, now.timestamp(), known):
                found[f"{each.rule.id} at {each.path}: {each.message}"] += 1
    assert found == {}
    assert min(sent["meta-mock"], sent["google-mock"]) > ORDERS // PARTS / 2
