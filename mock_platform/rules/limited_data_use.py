"""Data processing options for people in the United States (documents: data processing options)."""

from collections.abc import Iterator

from mock_platform.rules import catalogue as rule
from mock_platform.rules.fields import Event
from mock_platform.rules.model import Finding

_COUNTRIES = frozenset({0, 1})
# 0 lets the platform geolocate; then CA, CO, CT, FL, OR, TX, MT, DE, NE, NH, NJ, MN, MD, RI.
_STATES = frozenset({0, *range(1000, 1014)})
_OPTIONS = "data_processing_options"
_COUNTRY = f"{_OPTIONS}_country"
_STATE = f"{_OPTIONS}_state"


def check_limited_data_use(event: Event) -> Iterator[Finding]:
    """Option, country and state of an event whose schema is sound."""
    options, country, state = event.get(_OPTIONS), event.get(_COUNTRY), event.get(_STATE)
    for index, option in enumerate(options or ()):
        if option != "LDU":
            message = f'"{_OPTIONS}" takes only LDU'
            yield Finding(rule=rule.LDU_OPTION, path=(_OPTIONS, index), message=message)
    if country is not None and country not in _COUNTRIES:
        message = f'"{_COUNTRY}" must be 0 or 1'
        yield Finding(rule=rule.LDU_COUNTRY, path=(_COUNTRY,), message=message)
    if state is not None and state not in _STATES:
        message = f'"{_STATE}" must be 0 or the code of a state'
        yield Finding(rule=rule.LDU_STATE, path=(_STATE,), message=message)
    if options and not _is_located(event, country, state):
        yield Finding(rule=rule.LDU_INCOMPLETE, path=(_STATE,))


def _is_located(event: Event, country: int | None, state: int | None) -> bool:
    """Country and state are named, or the address lets the platform find them."""
    return bool(country and state) or bool(event["user_data"].get("client_ip_address"))
