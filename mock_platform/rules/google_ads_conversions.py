"""Rules on uploaded click conversions (reference: ConversionUploadService)."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from mock_platform.rules import google_ads_catalogue as catalogue
from mock_platform.rules.currencies import CURRENCIES
from mock_platform.rules.google_ads_row import (
    Decision,
    Upload,
    action_id,
    check_common,
    check_identifiers,
    contains_personal_data,
    instant,
)
from mock_platform.rules.google_context import Read
from mock_platform.rules.google_conversion import Conversion, Conversions
from mock_platform.rules.google_processing import DAY, RECENT_CLICK_SECONDS, is_click_id
from mock_platform.rules.google_world import Action, ActionType, Click, UnknownClicks
from mock_platform.rules.lint_google_ads import lint_row
from mock_platform.rules.model import Finding, Path

_RULES = catalogue.CONVERSIONS
_CLICKS = ("gclid", "wbraid", "gbraid")
_SUPPORTED = frozenset({"hashed_email", "hashed_phone_number"})
_OTHER_EVIDENCE = (
    "user_identifiers",
    "user_ip_address",
    "session_attributes_encoded",
    "session_attributes_key_value_pairs",
)
# Problems of an account -> the fields of a row they matter to.
_MATTERS: dict[str, tuple[str, ...]] = {
    "CUSTOMER_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS": ("user_identifiers",),
    "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS": ("user_identifiers",),
    "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS": ("user_identifiers",),
    "UNAUTHORIZED_CUSTOMER": _CLICKS,
    "CONVERSION_TRACKING_NOT_ENABLED_AT_IMPRESSION_TIME": _CLICKS,
    "CONVERSION_NOT_COMPLIANT_WITH_ATT_POLICY": ("wbraid", "gbraid"),
    "CUSTOM_VARIABLE_NOT_ENABLED": ("custom_variables",),
}


def _finding(code: str, *path: str | int) -> Finding:
    return Finding(rule=_RULES[code], path=path)


def check_conversion(row: Read, upload: Upload) -> list[Finding]:
    """Every finding on one row that needs no look at other rows."""
    return [finding for check in _CHECKS for finding in check(row, upload)]


def _common(row: Read, upload: Upload) -> Iterator[Finding]:
    yield from check_common(row, upload, _RULES, "conversion_date_time")
    for problem, names in _MATTERS.items():
        path = next((name for name in names if row.get(name)), None)
        if problem in upload.problems and path is not None:
            yield _finding(problem, path)


def _type(row: Read, upload: Upload) -> Iterator[Finding]:
    action = upload.world.action(action_id(row)) or Action()
    if action.type not in (None, ActionType.UPLOAD_CLICKS):
        yield _finding("INVALID_CONVERSION_ACTION_TYPE", "conversion_action")
    if action.one_per_click and (row.get("gbraid") or row.get("wbraid")):
        yield _finding(
            "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID", "conversion_action"
        )
    yield from _attribution(row, external=action.external_attribution)


def _attribution(row: Read, *, external: bool) -> Iterator[Finding]:
    data = row.get("external_attribution_data")
    path = "external_attribution_data"
    if not external:
        if data is not None:
            code = "EXTERNAL_ATTRIBUTION_DATA_SET_FOR_NON_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION"
            yield _finding(code, path)
        return
    if data is None:
        code = "EXTERNAL_ATTRIBUTION_DATA_NOT_SET_FOR_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION"
        yield _finding(code, path)
    if row.get("order_id"):
        code = "ORDER_ID_NOT_PERMITTED_FOR_EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION"
        yield _finding(code, "order_id")
    if row.get("user_identifiers"):
        code = "EXTERNALLY_ATTRIBUTED_CONVERSION_ACTION_NOT_PERMITTED_WITH_USER_IDENTIFIER"
        yield _finding(code, "user_identifiers")


def _click_ids(row: Read, upload: Upload) -> Iterator[Finding]:
    del upload
    given = [name for name in _CLICKS if row.get(name)]
    if not given and not any(row.get(name) for name in _OTHER_EVIDENCE):
        yield Finding(rule=catalogue.REQUIRED, path=("gclid",))
    if "gbraid" in given and "wbraid" in given:
        yield _finding("GBRAID_WBRAID_BOTH_SET", "gbraid")
    elif len(given) > 1:
        yield Finding(rule=catalogue.TWO_CLICKS, path=(given[1],))
    for name in given:
        if not is_click_id(row[name]):
            yield _finding(f"UNPARSEABLE_{name.upper()}", name)


def _money(row: Read, upload: Upload) -> Iterator[Finding]:
    del upload
    value, currency = row.get("conversion_value"), row.get("currency_code")
    if value is not None and not (math.isfinite(value) and value >= 0):
        yield Finding(rule=catalogue.TOO_LOW, path=("conversion_value",))
    if currency and currency not in CURRENCIES:
        yield Finding(rule=catalogue.CURRENCY, path=("currency_code",))


def _personal(row: Read, upload: Upload) -> Iterator[Finding]:
    identifiers = row.get("user_identifiers") or ()
    yield from check_identifiers(identifiers, _SUPPORTED, _RULES)
    enabled = upload.world.google_custom_variables
    for index, variable in enumerate(row.get("custom_variables") or ()):
        path: Path = ("custom_variables", index)
        if contains_personal_data(variable.get("value") or ""):
            yield _finding("CUSTOM_VARIABLE_VALUE_CONTAINS_PII", *path, "value")
        name = (variable.get("conversion_custom_variable") or "").rpartition("/")[2]
        if enabled is not None and name not in enabled:
            yield _finding("CUSTOM_VARIABLE_NOT_ENABLED", *path, "conversion_custom_variable")
    if (row.get("consent") or {}).get("ad_personalization"):
        path = ("consent", "ad_personalization")
        yield Finding(rule=catalogue.PERSONALIZATION, path=path)


def _enums(row: Read, upload: Upload) -> Iterator[Finding]:
    del upload
    for name in ("conversion_environment", "customer_type"):
        if isinstance(row.get(name), int):
            yield Finding(rule=catalogue.ENUM_VALUE, path=(name,))


def _click(row: Read, upload: Upload) -> Iterator[Finding]:
    name = next((name for name in _CLICKS if row.get(name)), None)
    at = instant(row.get("conversion_date_time"))
    refused = upload.world.google_unknown_clicks is UnknownClicks.REFUSED
    if name is None:
        if refused:
            yield _finding("CLICK_NOT_FOUND", "user_identifiers")
        return
    known = upload.world.google_clicks.get(row[name])
    if known is not None and at is not None:
        yield from (_finding(code, name) for code in _known_click(known, at, upload))
    elif known is None and refused:
        yield _finding("EVENT_NOT_FOUND", name)


def _known_click(click: Click, at: float, upload: Upload) -> Iterator[str]:
    if click.customer is not None and click.customer != upload.customer:
        yield "INVALID_CUSTOMER_FOR_CLICK"
    if at < click.at:
        yield "CONVERSION_PRECEDES_EVENT"
    if at > click.at + upload.world.click_window_days * DAY:
        yield "EXPIRED_EVENT"
    if upload.now - click.at < RECENT_CLICK_SECONDS:
        yield "TOO_RECENT_EVENT"


_CHECKS: tuple[Callable[[Read, Upload], Iterator[Finding]], ...] = (
    _common,
    _type,
    _click_ids,
    _money,
    _personal,
    _enums,
    _click,
    lint_row,
)


def repeated_in_request(rows: Sequence[Read]) -> list[Finding | None]:
    """For each row the finding that it stands twice in its request: then none of them counts."""
    orders = Counter(_order(row) for row in rows)
    clicks = Counter(_click_and_time(row) for row in rows)
    found: list[Finding | None] = []
    for row in rows:
        order, click = _order(row), _click_and_time(row)
        if order is not None and orders[order] > 1:
            found.append(_finding("DUPLICATE_ORDER_ID", "order_id"))
        elif order is None and click is not None and clicks[click] > 1:
            found.append(_finding("DUPLICATE_CLICK_CONVERSION_IN_REQUEST", "conversion_date_time"))
        else:
            found.append(None)
    return found


def _order(row: Read) -> tuple[str, str] | None:
    return (action_id(row), row["order_id"]) if row.get("order_id") else None


def _click_and_time(row: Read) -> tuple[str, str, float | None] | None:
    click = next((row[name] for name in _CLICKS if row.get(name)), None)
    if click is None:
        return None
    return action_id(row), click, instant(row.get("conversion_date_time"))


def decide_conversion(row: Read, event: int, upload: Upload, earlier: Conversions) -> Decision:
    """Whether a sound row, the event numbered `event`, is new to the platform."""
    made = _conversion(row, event, upload.now)
    if made.order_id:
        known = earlier.by_order(made.action, made.order_id)
        if known is not None:
            return Decision(finding=_finding("ORDER_ID_ALREADY_IN_USE", "order_id"), earlier=known)
    if made.click:
        known = earlier.by_click(made.action, made.click, made.occurred_at)
        # A second order of the same click and second is told apart by its order id.
        if known is not None and not (made.order_id and known.order_id):
            finding = _finding("CLICK_CONVERSION_ALREADY_EXISTS", "conversion_date_time")
            return Decision(finding=finding, earlier=known)
    return Decision(change=made)


def _conversion(row: Read, event: int, now: float) -> Conversion:
    return Conversion(
        event=event,
        action=action_id(row),
        order_id=row.get("order_id") or None,
        click=next((row[name] for name in _CLICKS if row.get(name)), None),
        occurred_at=instant(row["conversion_date_time"]) or 0.0,
        recorded_at=now,
        value=row.get("conversion_value"),
        currency=row.get("currency_code") or None,
    )
