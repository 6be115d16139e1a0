"""Reading the settings of Google's side from JSON."""

from collections.abc import Callable
from typing import Any

from mock_platform.clock import ClockError, instant_of
from mock_platform.google.token_errors import TOKEN_ERRORS
from mock_platform.rules.google_reasons import ACCOUNT_PROBLEMS
from mock_platform.rules.google_world import Action, ActionType, Click, UnknownClicks
from mock_platform.setting_readers import (
    SettingsError,
    boolean,
    count,
    number,
    one_of,
    texts,
    tokens,
)


def _members(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(f"{name}: expected an object")
    return value


def _instant(name: str, value: object) -> float:
    try:
        return instant_of(value)
    except ClockError:
        raise SettingsError(f"{name}: expected seconds or an ISO 8601 time with a zone") from None


def _accounts(name: str, value: object) -> dict[str, tuple[str, ...]]:
    accounts = {
        account: texts(f"{name}.{account}", problems)
        for account, problems in _members(name, value).items()
    }
    unknown = {problem for problems in accounts.values() for problem in problems} - ACCOUNT_PROBLEMS
    if unknown:
        known = ", ".join(sorted(ACCOUNT_PROBLEMS))
        raise SettingsError(f"{name}: unknown problem {min(unknown)!r}: use {known}")
    return accounts


def _actions(name: str, value: object) -> dict[str, Action] | None:
    if value is None:
        return None
    return {
        action: Action(**_read(f"{name}.{action}", members, _ACTION))
        for action, members in _members(name, value).items()
    }


def _clicks(name: str, value: object) -> dict[str, Click]:
    clicks = {}
    for click, members in _members(name, value).items():
        read = _read(f"{name}.{click}", members, _CLICK)
        if "at" not in read:
            raise SettingsError(f"{name}.{click}.at: missing")
        clicks[click] = Click(**read)
    return clicks


def _read(
    name: str, value: object, readers: dict[str, Callable[[str, object], Any]]
) -> dict[str, Any]:
    members = _members(name, value)
    unknown = members.keys() - readers.keys()
    if unknown:
        raise SettingsError(f"{name}: unknown member {min(unknown)!r}: use {', '.join(readers)}")
    given = {member: given for member, given in members.items() if given is not None}
    return {member: readers[member](f"{name}.{member}", given[member]) for member in given}


def _customer(name: str, value: object) -> str:
    return texts(name, [value])[0]


def _variables(name: str, value: object) -> dict[str, tuple[str, ...]] | None:
    if value is None:
        return None
    return {
        variable: texts(f"{name}.{variable}", allowed)
        for variable, allowed in _members(name, value).items()
    }


def _token_error(name: str, value: object) -> str | None:
    if value is not None and value not in TOKEN_ERRORS:
        raise SettingsError(f"{name}: expected null or one of {', '.join(TOKEN_ERRORS)}")
    return None if value is None else str(value)


_ACTION: dict[str, Callable[[str, object], Any]] = {
    "type": one_of(ActionType),
    "created_at": _instant,
    "one_per_click": boolean,
    "default_value": boolean,
    "external_attribution": boolean,
}
_CLICK: dict[str, Callable[[str, object], Any]] = {"at": _instant, "customer": _customer}

GOOGLE_READERS: dict[str, Callable[[str, object], Any]] = {
    "processing_delay_seconds": number,
    "record_indices": boolean,
    "status_days": number,
    "google_max_age_days": number,
    "google_refuse_old": boolean,
    "google_future_tolerance_seconds": number,
    "google_consent_required": boolean,
    "google_accounts": _accounts,
    "google_actions": _actions,
    "google_clicks": _clicks,
    "google_unknown_clicks": one_of(UnknownClicks),
    "google_custom_variables": _variables,
    "click_window_days": number,
    "adjustment_wait_seconds": number,
    "adjustments_max": count,
    "token_error": _token_error,
    "token_seconds": count,
    "strict_tokens": boolean,
    "narrow_tokens": tokens,
    "service_disabled": boolean,
}
