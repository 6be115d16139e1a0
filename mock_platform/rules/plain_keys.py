"""Members of user_data that are sent in clear (documents: customer information, fbp-and-fbc)."""

import ipaddress
import re
from collections.abc import Callable, Iterator

from mock_platform.rules import catalogue as rule
from mock_platform.rules.hashing import SUFFIX, is_digest
from mock_platform.rules.model import Finding, Rule

_FBC = re.compile(rf"fb\.[0-9]\.(\d{{13}})\.([A-Za-z0-9_-]+?){SUFFIX}")
_FBC_RECODED = re.compile(r"fb\.[0-9]\.\d{13}\.(?=.*[% +/=])\S.*", re.DOTALL)
_FBC_IN_SECONDS = re.compile(r"fb\.[0-9]\.\d{10}\.[A-Za-z0-9_.-]+")
_FBP = re.compile(rf"(fb\.[0-9]\.\d{{13}}\.\d{{1,19}}){SUFFIX}")
_COOKIE_LIFE_SECONDS = 7_776_000
_FUTURE_TOLERANCE_SECONDS = 60
# Real fbclids mix cases; among this many characters one in a single case was changed on the way.
_LOWERCASED_FROM = 20

CLEAR_KEYS = frozenset({"client_ip_address", "client_user_agent", "fbc", "fbp"})


def fbp_without_mark(value: str) -> str:
    """The cookie's own value: Parameter Builder's mark is not part of the browser's identity."""
    match = _FBP.fullmatch(value)
    return match[1] if match else value


def _ip_address(value: str, now: float) -> Iterator[Finding]:
    del now
    try:
        ipaddress.ip_address(value)
    except ValueError:
        yield Finding(rule=rule.IP_FORMAT, path=("user_data", "client_ip_address"))


def _fbp(value: str, now: float) -> Iterator[Finding]:
    del now
    if not _FBP.fullmatch(value):
        yield Finding(rule=rule.FBP_FORMAT, path=("user_data", "fbp"))


def _fbc(value: str, now: float) -> Iterator[Finding]:
    path = ("user_data", "fbc")
    match = _FBC.fullmatch(value)
    if match is None or match[2] == "undefined":
        yield Finding(rule=_fbc_problem(value), path=path)
        return
    created = int(match[1]) / 1000
    if created > now + _FUTURE_TOLERANCE_SECONDS:
        yield Finding(rule=rule.FBC_FUTURE, path=path)
    elif created < now - _COOKIE_LIFE_SECONDS:
        yield Finding(rule=rule.FBC_OLD, path=path)
    if is_in_one_case(match[2]):
        yield Finding(rule=rule.FBC_LOWERCASED, path=path)


def _fbc_problem(value: str) -> Rule:
    if _FBC_IN_SECONDS.fullmatch(value):
        return rule.FBC_SECONDS
    return rule.FBC_RECODED if _FBC_RECODED.fullmatch(value) else rule.FBC_FORMAT


def fbclid_of(value: object) -> str:
    """The fbclid of an fbc in good form; empty for anything else."""
    match = _FBC.fullmatch(value) if isinstance(value, str) else None
    return match[2] if match else ""


def is_in_one_case(click: str) -> bool:
    """Whether a click id has lost its capitals, or its small letters."""
    return len(click) >= _LOWERCASED_FROM and click in (click.lower(), click.upper())


def _nothing(value: str, now: float) -> Iterator[Finding]:
    del value, now
    yield from ()


_CHECKS: dict[str, Callable[[str, float], Iterator[Finding]]] = {
    "client_ip_address": _ip_address,
    "client_user_agent": _nothing,
    "fbc": _fbc,
    "fbp": _fbp,
}


def check_clear(key: str, value: object, *, now: float) -> Iterator[Finding]:
    """One member of `CLEAR_KEYS`."""
    path = ("user_data", key)
    if value in (None, ""):
        yield Finding(rule=rule.EMPTY_VALUE, path=path)
    elif not isinstance(value, str):
        message = f'"{key}" must be a string'
        yield Finding(rule=rule.WRONG_TYPE, path=path, message=message)
    elif is_digest(value):
        yield Finding(rule=rule.HASHED_PLAIN_KEY, path=path)
    else:
        yield from _CHECKS[key](value, now)
