"""From the answer to a Google Ads upload to a verdict. Total: every answer has one.

A request that is taken is judged row by row (Google Ads API: Partial failure): its answer says 200
even when every conversion failed, has a result for each, empty where it failed, and names the
failed ones by their index. Only a request that is refused as a whole has another status.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.google_ads_errors import SOON_ENOUGH, WHAT_TO_DO, AdsTreatment
from bridge.delivery.google_ads_failure import AdsError, Failure, read_failure
from bridge.delivery.google_errors import by_canonical_status, by_reason
from bridge.delivery.google_json import enum_name, objects, request_id, type_name
from bridge.delivery.http_answer import by_status, is_success, read_document, without_answer
from bridge.delivery.scrub import scrub
from bridge.delivery.throttle import wait_asked
from bridge.delivery.treatment import Treatment
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    EventsRejected,
    EventVerdict,
    Harmless,
    OfTheDestination,
    PerEvent,
    RequestRejected,
    Retry,
    Throttled,
    Unrecognised,
    Verdict,
)

_ERROR_INFO = "google.rpc.ErrorInfo"
_PRECEDENCE = list(AdsTreatment)
_OF_THE_REQUEST = (AdsTreatment.DESTINATION, AdsTreatment.THROTTLED, AdsTreatment.RETRY)
_NO_RESULT = Unrecognised(reason="google_ads:no_result")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What a verdict needs beside the error: Google's name for the request, and how to wait."""

    trace_id: str | None
    wait: timedelta | None


_VERDICTS: dict[AdsTreatment, Callable[[AdsError, _Context], EventVerdict]] = {
    AdsTreatment.COUNTED: lambda error, context: Harmless(
        reason=error.reason, trace_id=context.trace_id
    ),
    AdsTreatment.UNMATCHED: lambda error, context: Harmless(
        reason=error.reason, trace_id=context.trace_id
    ),
    AdsTreatment.DESTINATION: lambda error, _: DestinationError(
        reason=_with_remedy(error), detail=error.detail or None
    ),
    AdsTreatment.THROTTLED: lambda error, context: Throttled(
        reason=error.reason, after=error.retry_delay or context.wait
    ),
    AdsTreatment.RETRY: lambda error, context: Retry(reason=error.reason, after=context.wait),
    AdsTreatment.TOO_EARLY: lambda error, _: Retry(
        reason=error.reason, after=SOON_ENOUGH, may_be_kept=False
    ),
    AdsTreatment.ANEW: lambda error, context: Retry(
        reason=error.reason, after=context.wait, may_be_kept=False
    ),
    AdsTreatment.CLICK: lambda error, context: _rejected(error, context, of_the_event=True),
    AdsTreatment.REJECTED: lambda error, context: _rejected(error, context, of_the_event=False),
}


def classify_google_ads(answer: Answer | NoAnswer, sent: int, now: datetime) -> Verdict:
    """Answer what became of the `sent` conversions of one request."""
    if isinstance(answer, NoAnswer):
        return without_answer(answer)
    document = read_document(answer.body)
    if is_success(answer.status):
        return _judged(document, answer, sent, now)
    error = document.get("error")
    if not isinstance(error, dict):
        return by_status(answer, now)
    failure = read_failure(error)
    context = _context(failure, answer, now)
    return (
        _of_the_request(failure, context)
        or _of_the_rows(failure, context, answer, sent)
        or _by_status(error, context, answer, now)
    )


def _judged(document: dict[str, Any], answer: Answer, sent: int, now: datetime) -> Verdict:
    partial = document.get("partialFailureError")
    failure = read_failure(partial) if isinstance(partial, dict) else Failure()
    context, taken = _context(failure, answer, now), _taken(document.get("results"), sent)
    named, of_all = _by_place(failure, sent)
    accepted = Accepted(trace_id=context.trace_id)
    verdicts: dict[int, EventVerdict] = {}
    for place in range(sent):
        errors = named.get(place) or ([] if taken[place] else of_all)
        if errors:
            verdicts[place] = _verdict(_worst(errors), context)
        else:
            verdicts[place] = accepted if taken[place] else _NO_RESULT
    return _simplest(_paused_once(verdicts))


def _by_place(failure: Failure, sent: int) -> tuple[dict[int, list[AdsError]], list[AdsError]]:
    """Answer the errors of each conversion that was sent, and those that name none."""
    named: dict[int, list[AdsError]] = {}
    of_all: list[AdsError] = []
    for error in failure.errors:
        if error.place is not None and 0 <= error.place < sent:
            named.setdefault(error.place, []).append(error)
        else:
            of_all.append(error)
    return named, of_all


def _paused_once(verdicts: dict[int, EventVerdict]) -> dict[int, EventVerdict]:
    """Let the first reason to pause the destination stand for all."""
    pauses = (one for one in verdicts.values() if isinstance(one, OfTheDestination))
    first = next(pauses, None)
    if first is None:
        return verdicts
    return {
        place: first if isinstance(verdict, OfTheDestination) else verdict
        for place, verdict in verdicts.items()
    }


def _taken(results: object, sent: int) -> Sequence[bool]:
    """Answer for each conversion whether Google tells what it took of it."""
    if not isinstance(results, list) or len(results) != sent:
        return [False] * sent
    return [bool(one) for one in results]


def _simplest(verdicts: dict[int, EventVerdict]) -> Verdict:
    """Answer one verdict for all where they agree; a rejection of all still names every one."""
    distinct = set(verdicts.values())
    only = distinct.pop() if len(distinct) == 1 else None
    alike = only is not None and not isinstance(only, RequestRejected)
    return only if only is not None and alike else PerEvent(verdicts=verdicts)


def _of_the_request(failure: Failure, context: _Context) -> Verdict | None:
    errors = [error for error in failure.errors if error.treatment in _OF_THE_REQUEST]
    return _verdict(_worst(errors), context) if errors else None


def _of_the_rows(failure: Failure, context: _Context, answer: Answer, sent: int) -> Verdict | None:
    """Answer a refusal of the whole request for the sake of some of its conversions."""
    if answer.status >= 500:  # noqa: PLR2004  # RFC 9110: server errors
        return None
    named, of_all = _by_place(failure, sent)
    if named:
        culprits = {place: _refused(errors, context) for place, errors in named.items()}
        return EventsRejected(culprits=culprits)
    known = [error for error in of_all if error.treatment]
    return _refused(known, context) if known else None


def _refused(errors: Iterable[AdsError], context: _Context) -> RequestRejected:
    return _rejected(_worst(errors), context, of_the_event=False)


def _by_status(error: dict[str, Any], context: _Context, answer: Answer, now: datetime) -> Verdict:
    """Answer by what all of Google's interfaces have in common."""
    infos = (one for one in objects(error.get("details")) if type_name(one) == _ERROR_INFO)
    reason = next((name for one in infos if (name := enum_name(one.get("reason")))), None)
    status = enum_name(error.get("status"))
    code = f"google_ads:{reason or status}"
    message = error.get("message")
    detail = scrub(message) if isinstance(message, str) else None
    match by_reason(reason) or by_canonical_status(status):
        case Treatment.DESTINATION:
            return DestinationError(reason=code, detail=detail)
        case Treatment.THROTTLED:
            return Throttled(reason=code, after=context.wait)
        case Treatment.RETRY:
            return Retry(reason=code, after=context.wait)
        case Treatment.REJECTED:
            return RequestRejected(reason=code, detail=detail, trace_id=context.trace_id)
    return by_status(answer, now)


def _context(failure: Failure, answer: Answer, now: datetime) -> _Context:
    trace_id = failure.trace_id or request_id(answer.headers.get("request-id"))
    return _Context(trace_id=trace_id, wait=wait_asked(answer.headers, now))


def _worst(errors: Iterable[AdsError]) -> AdsError:
    return min(errors, key=lambda error: _PRECEDENCE.index(_treatment(error)))


def _treatment(error: AdsError) -> AdsTreatment:
    return error.treatment or AdsTreatment.REJECTED


def _verdict(error: AdsError, context: _Context) -> EventVerdict:
    return _VERDICTS[_treatment(error)](error, context)


def _rejected(error: AdsError, context: _Context, *, of_the_event: bool) -> RequestRejected:
    return RequestRejected(
        reason=error.reason,
        detail=error.detail or None,
        trace_id=context.trace_id,
        of_the_event=of_the_event,
    )


def _with_remedy(error: AdsError) -> str:
    remedy = WHAT_TO_DO.get(error.code)
    return f"{error.reason}:{remedy}" if remedy else error.reason
