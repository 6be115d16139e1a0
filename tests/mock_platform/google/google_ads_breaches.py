"""Every rule of the Google Ads uploads, broken: by one row, and by what was sent before."""

from typing import Any

from ..breaches import Breach, Event, Sender  # noqa: TID252 - tests are no package
from ..lint_cases import JANE  # noqa: TID252
from .conftest import (
    ACCOUNT,
    ACTION,
    adjustment,
    ads_time,
    conversion,
    enhancement,
    event,
    merged,
    restatement,
)
from .data_manager_breaches import ingest
from .test_ads_adjustments import COMMON as COMMON_ADJUSTING
from .test_ads_adjustments import FAILED as ADJUSTING
from .test_ads_conversions import COMMON, FAILED
from .test_google_lint import ROWS

DAY = 86_400
# Errors that both uploads share have rules of their own; the others are called as their code.
SHARED = {
    "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE": "not_allowlisted",
    "REQUIRED": "required",
    "RESOURCE_NAME_MALFORMED": "resource_name",
    "TOO_MANY": "too_many_identifiers",
    "LATER_THAN_MAXIMUM_DATE": "future",
    "UNSUPPORTED": "currency",
    "TOO_LOW": "value",
    "ENUM_VALUE_NOT_PERMITTED": "enum_value",
    "VALUE_MUST_BE_UNSET": "must_be_unset",
    "INVALID_STRING_DATE_TIME_SECONDS_WITH_OFFSET": "date_time",
}
STRICTLY = {"click and braid, strictly": "two_clicks",
            "personalization, strictly": "ad_personalization"}  # fmt: skip


def convert(sender: Sender, *rows: Event, **changes: Any) -> str:
    return _upload(sender, "uploadClickConversions", "conversions", rows, changes)


def adjust(sender: Sender, *rows: Event, **changes: Any) -> str:
    return _upload(sender, "uploadConversionAdjustments", "conversionAdjustments", rows, changes)


def _upload(
    sender: Sender, method: str, member: str, rows: tuple[Event, ...], changes: Event
) -> str:
    body = merged({member: list(rows), "partialFailure": True}, changes)
    return sender.post(f"/v26/customers/{ACCOUNT}:{method}", body).text


def rule_of(api: str, name: str, code: str) -> str:
    shared = STRICTLY.get(name) or SHARED.get(code)
    return f"google.google_ads.{shared}" if shared else f"google.{api}.{code.lower()}"


def converted(name: str, changes: Event, settings: Event, code: str) -> Breach:
    def send(sender: Sender) -> None:
        sender.settings(**settings)
        convert(sender, conversion(**changes))

    return Breach(send, (rule_of("google_ads_conversions", name, code),))


def adjusted(name: str, row: Event, settings: Event, code: str) -> Breach:
    def send(sender: Sender) -> None:
        convert(sender, conversion())
        sender.settings(**settings)
        adjust(sender, row)

    return Breach(send, (rule_of("google_ads_adjustments", name, code),))


def linted(changes: Event, rule: str) -> Breach:
    def send(sender: Sender) -> None:
        sender.workspace.know_shoppers(JANE)
        sender.workspace.know_orders({"order_no": "order-1", "totals": {"gross": 59.9, "net": 50}})
        sender.settings(value_basis="gross")
        convert(sender, conversion(**changes))

    return Breach(send, (f"google.google_ads.{rule}",))


def uploads(code: str, *requests: tuple[Event, ...]) -> Breach:
    """Requests of conversions, one after the other."""

    def send(sender: Sender) -> None:
        for rows in requests:
            convert(sender, *rows)

    return Breach(send, (f"google.google_ads_conversions.{code.lower()}",))


def adjustments(code: str, *requests: tuple[Event, ...], **settings: object) -> Breach:
    """A conversion, then requests of adjustments."""

    def send(sender: Sender) -> None:
        sender.settings(**settings)
        convert(sender, conversion())
        for rows in requests:
            adjust(sender, *rows)

    return Breach(send, (f"google.google_ads_adjustments.{code.lower()}",))


def expired(sender: Sender) -> None:
    convert(sender, conversion())
    sender.workspace.advance(54 * DAY + 60)
    adjust(sender, adjustment())


def enhanced(sender: Sender) -> None:
    sender.settings(processing_delay_seconds=0, google_actions={ACTION: {"type": "WEBPAGE"}})
    ingest(sender, event())
    for _ in range(2):
        adjust(sender, enhancement(adjustmentDateTime=ads_time(0)))


def restated(seconds_ago: float, value: float = 30) -> tuple[Event]:
    return (restatement(value, adjustmentDateTime=ads_time(seconds_ago)),)


CLICK = (conversion(orderId=None),)
AT = ads_time(600)
HISTORIES: dict[str, Breach] = {
    "order id of before": uploads(
        "ORDER_ID_ALREADY_IN_USE",
        (conversion(),),
        (conversion(conversionDateTime=ads_time(60), conversionValue=1),),
    ),
    "order id twice": uploads("DUPLICATE_ORDER_ID", (conversion(gclid=None),) * 2),
    "click of before": uploads("CLICK_CONVERSION_ALREADY_EXISTS", CLICK, CLICK),
    "click twice": uploads("DUPLICATE_CLICK_CONVERSION_IN_REQUEST", CLICK * 2),
    "retracted before": adjustments(
        "CONVERSION_ALREADY_RETRACTED",
        (adjustment(),),
        (adjustment(adjustmentDateTime=ads_time(1)),),
    ),
    "restated later before": adjustments(
        "MORE_RECENT_RESTATEMENT_FOUND", restated(600), restated(900, 7)
    ),
    "restated then before": adjustments(
        "RESTATEMENT_ALREADY_EXISTS",
        *[(restatement(value, adjustmentDateTime=AT),) for value in (30, 5)],
    ),
    "restated too often": adjustments(
        "TOO_MANY_ADJUSTMENTS", restated(600), restated(300, 20), adjustments_max=1
    ),
    "restated twice": adjustments("DUPLICATE_ADJUSTMENT_IN_REQUEST", (restatement(),) * 2),
    "enhanced twice": adjustments("DUPLICATE_ENHANCEMENT_IN_REQUEST", (enhancement(),) * 2),
    "enhanced before": Breach(
        enhanced, ("google.google_ads_adjustments.conversion_already_enhanced",)
    ),
    "55 days old": Breach(expired, ("google.google_ads_adjustments.conversion_expired",)),
    "adjusts": Breach(
        lambda sender: (convert(sender, conversion()), adjust(sender, restatement())),
        ("google.google_ads.adjusts",),
    ),
}
# A call refused as a whole leaves no rows in the journal: the answer names the rule's code.
OF_CALLS = {
    "google.google_ads_conversions.too_many_conversions_in_request": lambda sender: convert(
        sender, *[conversion()] * 2001
    ),
    "google.google_ads_conversions.invalid_job_id": lambda sender: convert(
        sender, conversion(), jobId=0
    ),
    "google.google_ads_adjustments.too_many_adjustments_in_request": lambda sender: adjust(
        sender, *[adjustment()] * 2001
    ),
    "google.google_ads_adjustments.invalid_job_id": lambda sender: adjust(
        sender, adjustment(), jobId=-1
    ),
}
BREACHES: dict[str, Breach] = {
    **{f"row: {name}": converted(name, *case) for name, case in {**FAILED, **COMMON}.items()},
    **{
        f"adjusting: {name}": adjusted(name, *case)
        for name, case in {**ADJUSTING, **COMMON_ADJUSTING}.items()
    },
    **{f"lint: {name}": linted(*case) for name, case in ROWS.items()},
    **HISTORIES,
}
