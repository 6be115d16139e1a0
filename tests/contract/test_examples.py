import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from bridge.intake.contract import check

WANTED = {
    "minimal",
    "full",
    "guest",
    "store-purchase",
    "phone-order",
    "multi-currency-jpy",
    "multi-currency-kwd",
    "gross-taxation",
    "net-taxation",
    "digital-without-shipping-address",
    "pre-hashed",
    "split-shipment-with-pick-up-in-store",
    "200-lines",
    "several-touches",
    "lead",
    "registration",
    "cancellation",
    "refund",
    "refund-by-total-only",
    "refund-by-lines-only",
    "refund-of-everything",
    "edited-order",
}


def test_every_situation_worth_knowing_has_an_example(contract_directory: Path) -> None:
    assert {path.stem for path in (contract_directory / "examples").glob("*.json")} == WANTED


def test_an_example_keeps_the_contract_and_warns_of_nothing(example: Any) -> None:
    checked = check(example)
    assert checked.violations == ()
    assert checked.warnings == ()


def test_an_examples_money_adds_up(example: Any) -> None:
    totals = {name: exact(value) for name, value in example.get("totals", {}).items()}
    if "tax" in totals:
        lines = example["lines"]
        assert totals["net"] + totals["tax"] == totals["gross"]
        assert totals["merchandise"] + totals["shipping"] == totals["gross"]
        assert sum(exact(line["gross"]) for line in lines) == totals["merchandise"]


def test_the_full_example_shows_every_member_the_contract_knows(
    contract_directory: Path, schema: dict[str, Any]
) -> None:
    full = json.loads((contract_directory / "examples" / "full.json").read_bytes())
    assert list(full) == list(schema["properties"])
    for name in ("status", "totals", "customer", "store", "browser", "consent", "privacy"):
        assert list(full[name]) == list(schema["properties"][name]["properties"])
    for name in ("lines", "touches"):
        assert list(full[name][0]) == list(schema["properties"][name]["items"]["properties"])
    for name in ("billing_address", "shipping_address"):
        assert list(full[name]) == list(schema["$defs"]["address"]["properties"])


def exact(value: float) -> Decimal:
    return Decimal(str(value))
