"""Judging one upload to Google Ads: every row for itself.

Documents: Google Ads API, upload-offline, upload-adjustments, partial failure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from mock_platform.entries import EventEntry, Judged, Verdict
from mock_platform.google.access import ADS_SCOPE, access_problem
from mock_platform.google.ads_errors import CallError, front_end, invalid
from mock_platform.google.answer import Answer
from mock_platform.google.call import Call
from mock_platform.rules import google_ads_adjustments as adjustments
from mock_platform.rules import google_ads_catalogue as catalogue
from mock_platform.rules import google_ads_conversions as conversions
from mock_platform.rules.dedup import Source
from mock_platform.rules.google_ads_messages import UPLOAD_ADJUSTMENTS, UPLOAD_CONVERSIONS
from mock_platform.rules.google_ads_row import Decision, Upload, action_id, instant
from mock_platform.rules.google_context import Read
from mock_platform.rules.google_conversion import Conversions
from mock_platform.rules.google_proto import Message, camel
from mock_platform.rules.model import Finding, Mode
from mock_platform.workspace import Workspace

ROWS_MAX = 2000
_FIRST_GENERATED_JOB = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One of the two uploads: its rows, how they are judged, and what is told of a good one."""

    api: str
    message: Message
    rows: str
    time: str
    error_group: str
    too_many: str
    row_errors: Mapping[str, str]
    poison: str
    check: Callable[[Read, Upload], list[Finding]]
    repeated: Callable[[Sequence[Read]], list[Finding | None]]
    decide: Callable[[Read, int, Upload, Conversions], Decision]
    echoed: tuple[str, ...]


CONVERSIONS = Kind(
    api="google_ads_conversions",
    message=UPLOAD_CONVERSIONS,
    rows="conversions",
    time="conversion_date_time",
    error_group=catalogue.CONVERSION,
    too_many="TOO_MANY_CONVERSIONS_IN_REQUEST",
    row_errors=catalogue.ROW_ERRORS,
    poison="EVENT_NOT_FOUND",
    check=conversions.check_conversion,
    repeated=conversions.repeated_in_request,
    decide=conversions.decide_conversion,
    echoed=(
        "gclid",
        "gbraid",
        "wbraid",
        "conversion_action",
        "conversion_date_time",
        "user_identifiers",
    ),
)
ADJUSTMENTS = Kind(
    api="google_ads_adjustments",
    message=UPLOAD_ADJUSTMENTS,
    rows="conversion_adjustments",
    time="adjustment_date_time",
    error_group=catalogue.ADJUSTMENT,
    too_many="TOO_MANY_ADJUSTMENTS_IN_REQUEST",
    row_errors=catalogue.ADJUSTMENT_ROW_ERRORS,
    poison="CONVERSION_NOT_FOUND",
    check=adjustments.check_adjustment,
    repeated=adjustments.repeated_in_request,
    decide=adjustments.decide_adjustment,
    echoed=(
        "gclid_date_time_pair",
        "order_id",
        "conversion_action",
        "adjustment_date_time",
        "adjustment_type",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row judged: its findings, those that reject it, and how it enters the books."""

    entry: EventEntry
    judged: Judged
    rejecting: Sequence[Finding] = ()


def refusal(call: Call, kind: Kind, workspace: Workspace, version: str) -> Answer | None:
    """Why the call as a whole is refused."""
    settings, now = workspace.settings, workspace.clock.now()
    problem = access_problem(call.token, ADS_SCOPE, workspace.tokens, settings, now) or call.problem
    if problem is not None:
        return front_end(problem).answer()
    refused = _call_problem(call, kind)
    return None if refused is None else refused.answer(version)


def _call_problem(call: Call, kind: Kind) -> CallError | None:
    rows = call.read.get(kind.rows) or ()
    job_id = call.read.get("job_id")
    if not rows:
        return invalid("requestError.REQUIRED_FIELD_MISSING", "there are no rows", (kind.rows,))
    if len(rows) > ROWS_MAX:
        answer = f"{kind.error_group}.{kind.too_many}"
        return invalid(answer, f"more than {ROWS_MAX} rows", (kind.rows,))
    if not call.read.get("partial_failure"):
        answer = "partialFailureError.PARTIAL_FAILURE_MODE_REQUIRED"
        return invalid(answer, "partial_failure must be true", ("partial_failure",))
    if job_id is not None and job_id < 1:
        answer = f"{kind.error_group}.INVALID_JOB_ID"
        return invalid(answer, "a job id is from 1 to 2147483647", ("job_id",))
    return None


def judge_rows(
    call: Call,
    kind: Kind,
    upload: Upload,
    mode: Mode,
    books: tuple[Conversions, int],
    forced: Sequence[Finding | None],
) -> list[Row]:
    """Judge every row in turn, entering in `books` what it changes.

    `books` are the conversions so far and the number of the first row's event; `forced` are
    findings a fault asks for.
    """
    earlier, first = books
    rows = call.read[kind.rows]
    judged: list[Row] = []
    for index, (row, repeated) in enumerate(zip(rows, kind.repeated(rows), strict=True)):
        found = kind.check(row, upload)
        found.extend(each for each in (forced[index], repeated) if each is not None)
        rejecting = [each for each in found if each.rejects(mode)]
        decision = Decision()
        if not rejecting:
            decision = kind.decide(row, first + index, upload, earlier)
        if decision.change is not None:
            earlier.put(decision.change)
        if decision.finding is not None:
            found, rejecting = [*found, decision.finding], [decision.finding]
        entry = _entry(call.sent[_sent_name(call, kind)][index], row, kind)
        entry = replace(entry, findings=_findings(found, decision, mode))
        judged.append(Row(entry=entry, judged=_judged(rejecting, decision), rejecting=rejecting))
    return judged


def _sent_name(call: Call, kind: Kind) -> str:
    return kind.rows if kind.rows in call.sent else camel(kind.rows)


def _judged(rejecting: Sequence[Finding], decision: Decision) -> Judged:
    partner = decision.earlier.event if decision.earlier else None
    if rejecting:
        code = rejecting[0].rule.error.rpartition(".")[2]
        if code in catalogue.REPEATS:
            rule = rejecting[0].rule.id
            return Judged(verdict=Verdict.DEDUPLICATED, rule=rule, partner=partner)
        return Judged(verdict=Verdict.REJECTED)
    if partner is not None:
        return Judged(verdict=Verdict.ADJUSTED, rule=catalogue.ADJUSTS.id, partner=partner)
    return Judged(verdict=Verdict.COUNTED)


def _findings(found: Sequence[Finding], decision: Decision, mode: Mode) -> bytes:
    adjusts = decision.finding is None and decision.earlier is not None
    told = [*found, *([Finding(rule=catalogue.ADJUSTS)] if adjusts else [])]
    return orjson.dumps([finding.as_json(mode) for finding in told])


def _entry(sent: Mapping[str, Any], row: Read, kind: Kind) -> EventEntry:
    at = instant(row.get(kind.time))
    restated = row.get("restatement_value") or {}
    kind_of_row = row.get("adjustment_type")
    return EventEntry(
        source=Source.SERVER,
        event_name=kind_of_row if isinstance(kind_of_row, str) else None,
        event_id=row.get("order_id") or None,
        event_time=None if at is None else int(at),
        order_id=row.get("order_id") or None,
        test_event_code=None,
        dataset=action_id(row),
        value=row.get("conversion_value", restated.get("adjusted_value")),
        currency=row.get("currency_code") or restated.get("currency_code") or None,
        findings=b"[]",
        payload=orjson.dumps(sent),
    )


def generated_job_id(number: int) -> str:
    """The job id of a request that brought none."""
    return str(_FIRST_GENERATED_JOB + number)
