"""What conversions and adjustments of Google Ads have in common: one row of an upload."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mock_platform.rules import google_ads_catalogue as rule
from mock_platform.rules.google_context import Read
from mock_platform.rules.google_conversion import Conversion
from mock_platform.rules.google_destinations import YOUNG_ACTION_SECONDS
from mock_platform.rules.google_world import Action, GoogleWorld
from mock_platform.rules.known import NOTHING_KNOWN, Known
from mock_platform.rules.model import Finding, Path, Rule

IDENTIFIERS_MAX = 5
_ACTION = re.compile(r"customers/\d{1,12}/conversionActions/(\d{1,20})", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_IDENTIFIERS = (
    "hashed_email",
    "hashed_phone_number",
    "mobile_id",
    "third_party_user_id",
    "address_info",
)
_HASHED_IN_ADDRESS = ("hashed_first_name", "hashed_last_name", "hashed_street_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What the checks of one row need to know of its request."""

    customer: str
    now: float
    world: GoogleWorld
    known: Known = NOTHING_KNOWN

    @property
    def problems(self) -> frozenset[str]:
        """What is wrong with the account."""
        return self.world.problems(self.customer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a sound row comes to: an error against earlier rows, or a change of what is counted.

    `earlier` is the conversion it adjusts or repeats, `change` what to enter.
    """

    finding: Finding | None = None
    earlier: Conversion | None = None
    change: Conversion | None = None


def action_id(row: Read) -> str:
    """The id in the row's conversion action; empty when there is none."""
    match = _ACTION.fullmatch(row.get("conversion_action") or "")
    return match[1] if match else ""


def instant(text: str | None) -> float | None:
    """Seconds since the epoch; None for what is not in the documented form."""
    if not text or not _DATE_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def check_common(
    row: Read, upload: Upload, rules: Mapping[str, Rule], time: str
) -> Iterator[Finding]:
    """Action, time and order id of a row; `time` names its time."""
    if "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE" in upload.problems:
        yield Finding(rule=rule.NOT_ALLOWED)
    yield from _action(row, upload, rules)
    yield from check_time(row.get(time), (time,), upload)
    if _EMAIL.search(row.get("order_id") or ""):
        yield Finding(rule=rules["ORDER_ID_CONTAINS_PII"], path=("order_id",))


def _action(row: Read, upload: Upload, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    path: Path = ("conversion_action",)
    if not row.get("conversion_action"):
        yield Finding(rule=rule.REQUIRED, path=path)
    elif not action_id(row):
        yield Finding(rule=rule.RESOURCE_NAME, path=path)
    else:
        action = upload.world.action(action_id(row))
        if action is None:
            yield Finding(rule=rules["NO_CONVERSION_ACTION_FOUND"], path=path)
        elif _is_young(action, upload.now):
            yield Finding(rule=rules["TOO_RECENT_CONVERSION_ACTION"], path=path)


def _is_young(action: Action, now: float) -> bool:
    return action.created_at is not None and now - action.created_at < YOUNG_ACTION_SECONDS


def check_time(text: str | None, path: Path, upload: Upload) -> Iterator[Finding]:
    """One time: given, in the documented form, not in the future."""
    if not text:
        yield Finding(rule=rule.REQUIRED, path=path)
        return
    at = instant(text)
    if at is None:
        yield Finding(rule=rule.DATE_TIME, path=path)
    elif at > upload.now + upload.world.google_future_tolerance_seconds:
        yield Finding(rule=rule.FUTURE, path=path)


def check_identifiers(
    identifiers: Sequence[Read], supported: frozenset[str], rules: Mapping[str, Rule]
) -> Iterator[Finding]:
    """Number, type and format of a row's user identifiers."""
    if len(identifiers) > IDENTIFIERS_MAX:
        yield Finding(rule=rule.TOO_MANY, path=("user_identifiers",))
    for index, identifier in enumerate(identifiers):
        path: Path = ("user_identifiers", index)
        kind = next((name for name in _IDENTIFIERS if identifier.get(name)), None)
        if kind is None:
            yield Finding(rule=rule.REQUIRED, path=path)
        elif kind not in supported:
            yield Finding(rule=rules["UNSUPPORTED_USER_IDENTIFIER"], path=(*path, kind))
        elif not all(_DIGEST.fullmatch(digest) for digest in _digests(kind, identifier)):
            yield Finding(rule=rules["INVALID_USER_IDENTIFIER"], path=(*path, kind))


def _digests(kind: str, identifier: Read) -> list[str]:
    if kind != "address_info":
        return [identifier[kind]]
    address = identifier[kind]
    return [address[name] for name in _HASHED_IN_ADDRESS if address.get(name)]


def contains_personal_data(value: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return _EMAIL.search(value) is not None
