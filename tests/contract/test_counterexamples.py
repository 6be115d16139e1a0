import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from bridge.intake.contract import MESSAGES, check

BROKEN = {
    # counterexample -> the place of its one violation, and the keyword broken there
    "billing-address-not-an-object": ("$.billing_address", "type"),
    "browser-not-an-object": ("$.browser", "type"),
    "browser-page-url-too-long": ("$.browser.page_url", "maxLength"),
    "browser-user-agent-not-a-text": ("$.browser.user_agent", "type"),
    "channel-missing": ("$.channel", "required"),
    "channel-unknown": ("$.channel", "enum"),
    "consent-answer-a-boolean": ("$.consent.ad_storage", "enum"),
    "consent-answer-unknown": ("$.consent.ad_user_data", "enum"),
    "consent-not-an-object": ("$.consent", "type"),
    "consent-recorded-at-without-offset": ("$.consent.recorded_at", "pattern"),
    "contract-missing": ("$.contract", "required"),
    "contract-of-another-version": ("$.contract", "const"),
    "coupons-not-an-array": ("$.coupons", "type"),
    "coupons-over-100": ("$.coupons", "maxItems"),
    "currency-empty": ("$.currency", "minLength"),
    "currency-lower-case": ("$.currency", "enum"),
    "currency-missing-on-refund-with-amount": ("$.currency", "required"),
    "currency-missing": ("$.currency", "required"),
    "currency-not-iso-4217": ("$.currency", "enum"),
    "currency-null-on-refund-with-amount": ("$.currency", "required"),
    "currency-null": ("$.currency", "required"),
    "currency-symbol": ("$.currency", "enum"),
    "custom-not-an-object": ("$.custom", "type"),
    "custom-over-50-members": ("$.custom", "maxProperties"),
    "custom-value-nested": ("$.custom.gift", "type"),
    "custom-value-too-long": ("$.custom.note", "maxLength"),
    "customer-email-not-a-text": ("$.customer.email", "type"),
    "customer-email-too-long": ("$.customer.email", "maxLength"),
    "customer-external-ids-not-an-array": ("$.customer.external_ids", "type"),
    "customer-external-ids-over-20": ("$.customer.external_ids", "maxItems"),
    "customer-not-an-object": ("$.customer", "type"),
    "customer-registered-not-a-boolean": ("$.customer.registered", "type"),
    "event-id-not-a-text": ("$.event_id", "type"),
    "event-id-too-long": ("$.event_id", "maxLength"),
    "event-id-with-control-character": ("$.event_id", "pattern"),
    "hashed-digests-not-an-array": ("$.hashed.meta.em", "type"),
    "hashed-digests-over-20": ("$.hashed.meta.em", "maxItems"),
    "hashed-google-not-an-object": ("$.hashed.google", "type"),
    "hashed-not-an-object": ("$.hashed", "type"),
    "hashed-platform-not-an-object": ("$.hashed.meta", "type"),
    "instance-missing": ("$.instance", "required"),
    "instance-unknown": ("$.instance", "enum"),
    "kind-missing": ("$.kind", "required"),
    "kind-unknown": ("$.kind", "enum"),
    "line-fulfilment-unknown": ("$.lines[0].fulfilment", "enum"),
    "line-gross-negative": ("$.lines[0].gross", "minimum"),
    "line-net-as-text": ("$.lines[0].net", "type"),
    "line-not-an-object": ("$.lines[1]", "type"),
    "line-product-id-not-a-text": ("$.lines[0].product_id", "type"),
    "line-quantity-as-text": ("$.lines[0].quantity", "type"),
    "line-quantity-negative": ("$.lines[0].quantity", "minimum"),
    "line-quantity-too-large": ("$.lines[0].quantity", "maximum"),
    "line-quantity-zero": ("$.lines[0].quantity", "minimum"),
    "lines-empty": ("$.lines", "minItems"),
    "lines-missing": ("$.lines", "required"),
    "lines-not-an-array": ("$.lines", "type"),
    "lines-null": ("$.lines", "required"),
    "lines-over-1000": ("$.lines", "maxItems"),
    "new-customer-not-a-boolean": ("$.new_customer", "type"),
    "order-no-empty": ("$.order_no", "minLength"),
    "order-no-missing-on-refund": ("$.order_no", "required"),
    "order-no-missing": ("$.order_no", "required"),
    "order-no-not-a-text": ("$.order_no", "type"),
    "order-no-null-on-cancellation": ("$.order_no", "required"),
    "order-no-null": ("$.order_no", "required"),
    "order-no-too-long": ("$.order_no", "maxLength"),
    "order-no-with-control-character": ("$.order_no", "pattern"),
    "order-no-with-line-break-at-end": ("$.order_no", "pattern"),
    "order-not-an-object": ("$", "type"),
    "placed-at-date-only": ("$.placed_at", "pattern"),
    "placed-at-epoch-seconds": ("$.placed_at", "type"),
    "placed-at-missing": ("$.placed_at", "required"),
    "placed-at-null": ("$.placed_at", "type"),
    "placed-at-on-day-that-does-not-exist": ("$.placed_at", "pattern"),
    "placed-at-with-line-break-at-end": ("$.placed_at", "pattern"),
    "placed-at-without-offset": ("$.placed_at", "pattern"),
    "privacy-country-unknown": ("$.privacy.country", "enum"),
    "privacy-not-an-object": ("$.privacy", "type"),
    "privacy-option-unknown": ("$.privacy.options[0]", "enum"),
    "privacy-options-not-an-array": ("$.privacy.options", "type"),
    "privacy-options-over-1": ("$.privacy.options", "maxItems"),
    "privacy-state-negative": ("$.privacy.state", "minimum"),
    "privacy-state-not-a-number": ("$.privacy.state", "type"),
    "privacy-state-over-9999": ("$.privacy.state", "maximum"),
    "reference-empty-on-lead": ("$.reference", "minLength"),
    "reference-missing-on-cancellation": ("$.reference", "required"),
    "refund-amount-negative": ("$.totals.gross", "minimum"),
    "reference-missing-on-refund": ("$.reference", "required"),
    "reference-not-a-text": ("$.reference", "type"),
    "reference-null-on-lead": ("$.reference", "required"),
    "reference-on-order": ("$.reference", "maxLength"),
    "reference-too-long": ("$.reference", "maxLength"),
    "reference-with-control-character": ("$.reference", "pattern"),
    "replaces-order-no-with-line-break": ("$.replaces_order_no", "pattern"),
    "replaces-order-no-too-long": ("$.replaces_order_no", "maxLength"),
    "site-id-missing": ("$.site_id", "required"),
    "site-id-not-a-text": ("$.site_id", "type"),
    "site-id-with-space": ("$.site_id", "pattern"),
    "status-not-an-object": ("$.status", "type"),
    "store-not-an-object": ("$.store", "type"),
    "taxation-unknown": ("$.taxation", "enum"),
    "totals-discount-negative": ("$.totals.discount", "minimum"),
    "totals-gross-as-text": ("$.totals.gross", "type"),
    "totals-gross-missing": ("$.totals.gross", "required"),
    "totals-gross-negative": ("$.totals.gross", "minimum"),
    "totals-gross-null": ("$.totals.gross", "required"),
    "totals-gross-too-large": ("$.totals.gross", "maximum"),
    "totals-missing": ("$.totals", "required"),
    "totals-not-an-object": ("$.totals", "type"),
    "totals-null": ("$.totals", "required"),
    "totals-tax-as-text": ("$.totals.tax", "type"),
    "touch-at-epoch-milliseconds": ("$.touches[0].at", "type"),
    "touch-at-without-offset": ("$.touches[0].at", "pattern"),
    "touch-not-an-object": ("$.touches[0]", "type"),
    "touches-not-an-array": ("$.touches", "type"),
    "touches-over-10": ("$.touches", "maxItems"),
}


def test_a_counterexample_breaks_the_one_rule_it_is_named_after(
    counterexample: tuple[str, Any],
) -> None:
    name, order = counterexample
    checked = check(order)
    assert [(found.path, found.rule) for found in checked.violations] == [BROKEN[name]]
    assert checked.warnings == ()


def test_a_counterexample_is_one_violation_for_any_validator(
    counterexample: tuple[str, Any], schema: dict[str, Any]
) -> None:
    _, order = counterexample
    assert len(list(jsonschema.Draft202012Validator(schema).iter_errors(order))) == 1


def test_the_table_and_the_directory_hold_the_same_counterexamples(
    contract_directory: Path,
) -> None:
    present = {path.stem for path in (contract_directory / "counterexamples").glob("*.json")}
    assert present == BROKEN.keys()


def test_every_rule_of_the_schema_has_a_counterexample(
    contract_directory: Path, schema: dict[str, Any]
) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    broken = {
        rule
        for path in (contract_directory / "counterexamples").glob("*.json")
        for error in validator.iter_errors(json.loads(path.read_bytes()))
        for rule in rules_broken(error, schema)
    }
    assert broken == set(rules_of(schema, ""))


def rules_of(schema: dict[str, Any], place: str) -> Iterator[str]:
    """Every rule by its place in the schema. Conditions (`if`, below `not`) are no rules."""
    for keyword, value in schema.items():
        here = f"{place}/{keyword}"
        if keyword == "required":
            yield from (f"{here}/{name}" for name in value)
        elif keyword in MESSAGES:
            yield here
        else:
            for step, below in subschemas(keyword, value):
                yield from rules_of(below, here + step)


def subschemas(keyword: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if keyword in {"properties", "$defs"}:
        yield from ((f"/{name}", below) for name, below in value.items())
    elif keyword == "allOf":
        yield from ((f"/{index}", below) for index, below in enumerate(value))
    elif keyword in {"items", "then", "additionalProperties"}:
        yield "", value


def rules_broken(error: ValidationError, schema: dict[str, Any]) -> Iterator[str]:
    """The same places, from jsonschema's path, which leaves out where it followed a $ref."""
    place = ""
    at: Any = schema
    for step in error.absolute_schema_path:
        while isinstance(at, dict) and step not in at:
            place = at["$ref"].removeprefix("#")
            at = schema["$defs"][place.removeprefix("/$defs/")]
        place, at = f"{place}/{step}", at[step]
    if error.validator == "required":
        order: Any = error.instance
        yield from (f"{place}/{name}" for name in at if name not in order)
    else:
        yield place
