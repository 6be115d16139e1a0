"""An order as the shop's own list has it: no more than reconciling needs, and nobody's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from bridge.intake.files.row import BadRow, Row
from bridge.order.model import Kind

LONGEST_NUMBER = 50
LONGEST_CURRENCY = 3


class NotDue(StrEnum):
    """Why an order in a list is not one that platforms should have heard of."""

    NOT_PLACED = "not_placed"  # created and never placed, or failed
    NOT_CONFIRMED = "not_confirmed"  # placed, and waits for somebody to confirm it
    ENDED_BEFORE_SENDING = "ended_before_sending"  # cancelled or replaced, and never sent


_BY_STATUS = {
    "created": NotDue.NOT_PLACED,
    "failed": NotDue.NOT_PLACED,
    "cancelled": NotDue.ENDED_BEFORE_SENDING,
    "replaced": NotDue.ENDED_BEFORE_SENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One order of the list; `not_due` is why it need not be known to the bridge."""

    line: int
    site_id: str
    order_no: str
    placed_at: datetime | None = None
    currency: str | None = None
    gross: Decimal | None = None
    channel: str | None = None
    not_due: NotDue | None = None


@dataclass(frozen=True, slots=True)
class _Unusable(Exception):
    field: str
    message: str


def listed(row: Row, zone: tzinfo = UTC) -> Listed | BadRow | None:
    """Take from a row what is needed; None when it is no order but a refund or the like.

    A time without an offset is one of `zone`.
    """
    members = row.members
    if members.get("kind") not in (None, "", Kind.ORDER):
        return None
    try:
        return Listed(
            line=row.line,
            site_id=_text(members, "site_id", "give --site, or say it in the file"),
            order_no=_number(members),
            placed_at=_instant(members, zone),
            currency=_currency(members),
            gross=_amount(members),
            channel=str(members.get("channel") or "") or None,
            not_due=not_due(members),
        )
    except _Unusable as unusable:
        return BadRow(line=row.line, field=unusable.field, message=unusable.message)


def not_due(members: Mapping[str, Any]) -> NotDue | None:
    """Answer why the shop would not have sent the order, by its own account."""
    status = members.get("status")
    if not isinstance(status, Mapping):
        return None
    reason = _BY_STATUS.get(str(status.get("order")))
    if reason is None and status.get("confirmation") == "not_confirmed":
        return NotDue.NOT_CONFIRMED
    return reason


def _text(members: Mapping[str, Any], name: str, advice: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise _Unusable(name, f"must be given as text: {advice}")
    return value


def _number(members: Mapping[str, Any]) -> str:
    number = _text(members, "order_no", "every order has its number")
    if len(number) > LONGEST_NUMBER or "\ufffd" in number or not number.isprintable():
        raise _Unusable(
            "order_no",
            f"must have at most {LONGEST_NUMBER} printable characters in UTF-8",
        )
    return number


def _instant(members: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    text = members.get("placed_at")
    if text in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _Unusable(
            "placed_at", "must be a day or a time such as 2026-11-22T07:00:00Z"
        ) from None


def _currency(members: Mapping[str, Any]) -> str | None:
    code = members.get("currency") or None
    if code is None:
        return None
    if not isinstance(code, str) or len(code) != LONGEST_CURRENCY or not code.isalpha():
        raise _Unusable("currency", "must be three letters such as USD")
    return code.upper()


def _amount(members: Mapping[str, Any]) -> Decimal | None:
    totals = members.get("totals")
    given = totals.get("gross") if isinstance(totals, Mapping) else members.get("gross")
    if given in (None, ""):
        return None
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(given, bool) or not amount.is_finite() or amount < 0:
        raise _Unusable(
            "gross", "must be an amount with a point and no separators of thousands: 1234.50"
        )
    return amount
