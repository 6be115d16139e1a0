"""jsonschema and jsonschema-rs give one verdict on ten thousand orders, whole and broken.

Beside the search by Hypothesis in `test_validators_agree.py`: many orders as they come, each
changed at up to three places of its own.
"""

import copy
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

import cartridge_spec
from bridge.intake.contract import SCHEMA

ORDERS, PARTS = 10_000, 4
READABLE = jsonschema.Draft202012Validator(SCHEMA)
FAST = jsonschema_rs.Draft202012Validator(SCHEMA)
EXAMPLES = [
    json.loads(path.read_bytes())
    for path in sorted((Path(cartridge_spec.__file__).parent / "contract/examples").glob("*.json"))
    if path.stem != "200-lines"
]
VALUES: list[Any] = [
    None, True, "", " ", "x", "USD", "usd", "order", "refund", "granted", "x" * 1001, "é" * 51,
    "2026-11-22T07:00:00Z", "2026-11-22T07:00:00", "2026-02-30T07:00:00Z", 0, -1, 1.5, 1e308, 2**53,
    -0.0, [], {}, [None], [{}], {"x": None},
]  # fmt: skip


def holders(value: Any) -> list[Any]:
    """Every object and array inside a value."""
    inside = value.values() if isinstance(value, dict) else value
    found = [value]
    for below in inside:
        if isinstance(below, dict | list):
            found.extend(holders(below))
    return found


def changed(rng: Random) -> Any:
    """An example with up to three members replaced, removed or moved elsewhere."""
    order = copy.deepcopy(rng.choice(EXAMPLES))
    for _ in range(rng.randrange(4)):
        holder = rng.choice([each for each in holders(order) if each])
        key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
        if rng.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(rng.choice(VALUES))
    return order


@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_orders_have_one_verdict(part: int) -> None:
    rng, verdicts = Random(part), Counter[bool]()
    for _ in range(ORDERS // PARTS):
        order = changed(rng)
        verdict = FAST.is_valid(order)
        assert READABLE.is_valid(order) is verdict, order
        verdicts[verdict] += 1
    assert min(verdicts.values()) > ORDERS // PARTS / 5
