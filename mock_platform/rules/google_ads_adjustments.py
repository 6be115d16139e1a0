"""Rules on uploaded conversion adjustments (reference: ConversionAdjustmentUploadService)."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mock_platform.rules import google_ads_catalogue as catalogue
from mock_platform.rules.currencies import CURRENCIES
from mock_platform.rules.google_ads_row import (
    Decision,
    Upload,
    action_id,
    check_common,
    check_identifiers,
    check_time,
    instant,
)
from mock_platform.rules.google_context import Read
from mock_platform.rules.google_conversion import Conversion, Conversions
from mock_platform.rules.google_world import Action, ActionType
from mock_platform.rules.lint_google_ads import lint_row
from mock_platform.rules.model import Finding

DAY = 86_400
ADJUSTABLE_DAYS = 54
RETRACTION, RESTATEMENT, ENHANCEMENT = "RETRACTION", "RESTATEMENT", "ENHANCEMENT"
_RULES = catalogue.ADJUSTMENT_RULES
_SUPPORTED = frozenset({"hashed_email", "hashed_phone_number", "address_info"})
_VALUE_TYPES = (None, ActionType.UPLOAD_CLICKS, ActionType.WEBPAGE, ActionType.SALESFORCE)
_ENHANCED_TYPES = (None, ActionType.WEBPAGE)
_ENHANCEMENT_PROBLEMS = (
    "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS",
    "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCEMENT",
)


def _finding(code: str, *path: str | int) -> Finding:
    return Finding(rule=_RULES[code], path=path)


def check_adjustment(row: Read, upload: Upload) -> list[Finding]:
    """Every finding on one row that needs no look at other rows or at conversions."""
    return [finding for check in _CHECKS for finding in check(row, upload)]


def _common(row: Read, upload: Upload) -> Iterator[Finding]:
    yield from check_common(row, upload, _RULES, "adjustment_date_time")
    if row.get("adjustment_type") not in (RETRACTION, RESTATEMENT, ENHANCEMENT):
        yield Finding(rule=catalogue.REQUIRED, path=("adjustment_type",))


def _action(row: Read, upload: Upload) -> Iterator[Finding]:
    action = upload.world.action(action_id(row)) or Action()
    enhancement = row.get("adjustment_type") == ENHANCEMENT
    if action.type not in (_ENHANCED_TYPES if enhancement else _VALUE_TYPES):
        yield _finding("INVALID_CONVERSION_ACTION_TYPE", "conversion_action")
    elif enhancement and action.external_attribution:
        yield _finding("CONVERSION_ACTION_NOT_ELIGIBLE_FOR_ENHANCEMENT", "conversion_action")
    if action.default_value and row.get("adjustment_type") == RESTATEMENT:
        code = "CANNOT_RESTATE_CONVERSION_ACTION_THAT_ALWAYS_USES_DEFAULT_CONVERSION_VALUE"
        yield _finding(code, "restatement_value")
    if action.type is ActionType.WEBPAGE and not row.get("order_id"):
        yield _finding("MISSING_ORDER_ID_FOR_WEBPAGE", "order_id")


def _address(row: Read, upload: Upload) -> Iterator[Finding]:
    """How the conversion is addressed: by its order id, or by its click and time."""
    pair, order_id = row.get("gclid_date_time_pair"), row.get("order_id")
    if row.get("adjustment_type") != ENHANCEMENT:
        if pair and order_id:
            yield _finding("GCLID_DATE_TIME_PAIR_AND_ORDER_ID_BOTH_SET", "order_id")
        if not pair and not order_id:
            yield Finding(rule=catalogue.REQUIRED, path=("order_id",))
    elif not order_id:
        yield _finding("MISSING_ORDER_ID_FOR_WEBPAGE", "order_id")
    if pair:
        path = ("gclid_date_time_pair", "conversion_date_time")
        yield from check_time(pair.get("conversion_date_time"), path, upload)
        if not pair.get("gclid"):
            yield Finding(rule=catalogue.REQUIRED, path=("gclid_date_time_pair", "gclid"))


def _value(row: Read, upload: Upload) -> Iterator[Finding]:
    del upload
    restated = row.get("restatement_value")
    path = ("restatement_value",)
    if row.get("adjustment_type") == RESTATEMENT:
        value = (restated or {}).get("adjusted_value")
        currency = (restated or {}).get("currency_code")
        if value is None:
            yield Finding(rule=catalogue.REQUIRED, path=(*path, "adjusted_value"))
        elif not (math.isfinite(value) and value >= 0):
            yield Finding(rule=catalogue.TOO_LOW, path=(*path, "adjusted_value"))
        if currency and currency not in CURRENCIES:
            yield Finding(rule=catalogue.CURRENCY, path=(*path, "currency_code"))
    elif restated is not None:
        yield Finding(rule=catalogue.MUST_BE_UNSET, path=path)


def _personal(row: Read, upload: Upload) -> Iterator[Finding]:
    identifiers = row.get("user_identifiers") or ()
    path = ("user_identifiers",)
    if row.get("adjustment_type") != ENHANCEMENT:
        if identifiers:
            yield Finding(rule=catalogue.MUST_BE_UNSET, path=path)
        return
    if not identifiers:
        yield Finding(rule=catalogue.REQUIRED, path=path)
    yield from check_identifiers(identifiers, _SUPPORTED, _RULES)
    for problem in _ENHANCEMENT_PROBLEMS:
        if problem in upload.problems:
            yield _finding(problem, *path)


_CHECKS: tuple[Callable[[Read, Upload], Iterator[Finding]], ...] = (
    _common,
    _action,
    _address,
    _value,
    _personal,
    lint_row,
)


def repeated_in_request(rows: Sequence[Read]) -> list[Finding | None]:
    """For each row the finding that it stands twice in its request: then none is processed."""
    seen = Counter(_identity(row) for row in rows)
    return [_repeated(row) if seen[_identity(row)] > 1 else None for row in rows]


def _repeated(row: Read) -> Finding:
    if row.get("adjustment_type") == ENHANCEMENT:
        return _finding("DUPLICATE_ENHANCEMENT_IN_REQUEST", "order_id")
    return _finding("DUPLICATE_ADJUSTMENT_IN_REQUEST", "adjustment_date_time")


def _identity(row: Read) -> tuple[object, ...]:
    pair = row.get("gclid_date_time_pair") or {}
    kind = row.get("adjustment_type")
    conversion = row.get("order_id") or (
        pair.get("gclid"),
        instant(pair.get("conversion_date_time")),
    )
    # A conversion is enhanced once, whenever; it is adjusted once at a time.
    at = None if kind == ENHANCEMENT else instant(row.get("adjustment_date_time"))
    return action_id(row), kind, conversion, at


def decide_adjustment(row: Read, event: int, upload: Upload, earlier: Conversions) -> Decision:
    """What a sound row does to its conversion."""
    del event  # an adjustment counts nothing of its own
    known = _find(row, earlier)
    if known is None:
        return Decision(finding=_finding("CONVERSION_NOT_FOUND", "order_id"))
    at = instant(row["adjustment_date_time"]) or 0.0
    code = next(_refusals(row["adjustment_type"], at, known, upload), None)
    if code is not None:
        return Decision(finding=_finding(code, "adjustment_date_time"), earlier=known)
    return Decision(earlier=known, change=_adjusted(row, at, known))


def _find(row: Read, earlier: Conversions) -> Conversion | None:
    action = action_id(row)
    if row.get("order_id"):
        return earlier.by_order(action, row["order_id"])
    pair = row["gclid_date_time_pair"]
    at = instant(pair["conversion_date_time"]) or 0.0
    found = earlier.by_click(action, pair["gclid"], at)
    # A conversion that carries an order id is addressed by it and by nothing else.
    return found if found is not None and found.order_id is None else None


def _refusals(kind: str, at: float, known: Conversion, upload: Upload) -> Iterator[str]:
    if known.retracted:
        yield "CONVERSION_ALREADY_RETRACTED"
    yield from _by_age(at, known, upload)
    if kind == ENHANCEMENT:
        if known.enhanced:
            yield "CONVERSION_ALREADY_ENHANCED"
    else:
        yield from _by_history(kind, at, known, upload)


def _by_age(at: float, known: Conversion, upload: Upload) -> Iterator[str]:
    age = upload.now - known.occurred_at
    if age > ADJUSTABLE_DAYS * DAY:
        yield "CONVERSION_EXPIRED"
    if age < upload.world.adjustment_wait_seconds:
        yield "TOO_RECENT_CONVERSION"
    if at < known.occurred_at:
        yield "ADJUSTMENT_PRECEDES_CONVERSION"


def _by_history(kind: str, at: float, known: Conversion, upload: Upload) -> Iterator[str]:
    if kind == RESTATEMENT and known.adjusted_at is not None:
        if at == known.adjusted_at:
            yield "RESTATEMENT_ALREADY_EXISTS"
        elif at < known.adjusted_at:
            yield "MORE_RECENT_RESTATEMENT_FOUND"
    if known.adjustments >= upload.world.adjustments_max:
        yield "TOO_MANY_ADJUSTMENTS"


def _adjusted(row: Read, at: float, known: Conversion) -> Conversion:
    if row["adjustment_type"] == ENHANCEMENT:
        return replace(known, enhanced=True)
    again = replace(known, adjusted_at=at, adjustments=known.adjustments + 1)
    if row["adjustment_type"] == RETRACTION:
        return replace(again, retracted=True, value=0.0)
    restated = row["restatement_value"]
    return replace(
        again,
        value=restated["adjusted_value"],
        currency=restated.get("currency_code") or known.currency,
    )
