import json
from copy import deepcopy
from datetime import UTC, datetime
from importlib.resources import files

import jsonschema_rs
import orjson
import pytest

from loadtests.breakages import BREAKAGES, BrokenRule, broken
from loadtests.orders import orders

CONTRACT = jsonschema_rs.validator_for(
    json.loads(files("cartridge_spec").joinpath("contract/order.schema.json").read_bytes())
)
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_every_rule_has_its_breakage() -> None:
    assert set(BREAKAGES) == set(BrokenRule)


@pytest.mark.parametrize("rule", BrokenRule)
def test_a_broken_order_is_refused_at_the_place_the_table_names(rule: BrokenRule) -> None:
    for order in orders(60, 5, NOW):
        refused = orjson.loads(orjson.dumps(broken(order, rule)))
        errors = list(CONTRACT.iter_errors(refused))
        assert errors
        for error in errors:
            at = "$" + "".join(
                f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path
            )
            # A missing member is reported at its parent by the validator, at itself by the bridge.
            assert at in {BREAKAGES[rule].path, BREAKAGES[rule].path.rpartition(".")[0]}


@pytest.mark.parametrize("rule", BrokenRule)
def test_breaking_leaves_the_order_itself_whole(rule: BrokenRule) -> None:
    for order in orders(20, 5, NOW):
        before = deepcopy(order)
        broken(order, rule)
        assert order == before
