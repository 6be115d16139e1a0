"""Asks platforms what became of the requests they accepted, and settles what they report.

`ask` is the thin shell; `settlements` turns a report into the ends of its deliveries.
"""

from collections.abc import Iterable
from datetime import timedelta

import structlog

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.authorised import authorised
from bridge.delivery.context import DeliveryContext
from bridge.delivery.outcome import Rules
from bridge.delivery.protocols import PROTOCOLS
from bridge.delivery.report import Fate, NotYet, RecordEnd, Report, Reported, StatusProtocol
from bridge.delivery.retry import next_attempt
from bridge.operate.destinations import Destination
from bridge.outbox.records import Awaiting, OpenRequest, Settlement
from bridge.outbox.states import State

LONGEST_WAIT = timedelta(hours=6)
"""Between two questions about the same request, unless the platform asks for more."""

LAST_QUESTION = timedelta(minutes=1)
"""How long before nobody waits for the report any more it is asked for once again."""

log = structlog.get_logger("bridge.aftermath")


def ask(context: DeliveryContext, destination: Destination) -> int:
    """Ask about every request that is due; answer how many that were.

    Trouble in asking never touches the deliveries: the question is put again later.
    """
    status, asked = PROTOCOLS[destination.platform].status, 0
    while status is not None and not context.stop.is_set():
        request = _due(context, destination)
        if request is None:
            break
        report = _report_on(context, destination, status, request)
        _log(destination, request, report)
        if isinstance(report, Reported):
            _close(context, destination, request, report)
        else:
            _put_off(context, request, report, status.after(destination))
        asked += 1
    return asked


def settlements(report: Reported, waiting: Iterable[Awaiting], rules: Rules) -> list[Settlement]:
    """Answer how the deliveries end that the report is about."""
    return [_settlement(one, report.end_of(one.place), rules) for one in waiting]


def next_question(asks: int, first: timedelta, asked_for: timedelta | None) -> timedelta:
    """Answer how long to wait after so many questions: twice as long each time, up to 6 hours."""
    usual = min(first * 2.0 ** min(asks - 1, 16), max(first, LONGEST_WAIT))
    return max(usual, asked_for or usual)


def _due(context: DeliveryContext, destination: Destination) -> OpenRequest | None:
    per_minute = PROTOCOLS[destination.platform].requests_per_minute(destination)
    return context.store.due_request(destination.id, per_minute=per_minute, lease=context.lease)


def _report_on(
    context: DeliveryContext,
    destination: Destination,
    status: StatusProtocol,
    request: OpenRequest,
) -> Report:
    def send(token: str) -> Answer | NoAnswer:
        question = status.request(destination, request.request_id, token)
        return context.transport.get(question.url, question.headers, destination.timeout_seconds)

    answer = authorised(context, destination, send)
    return status.read(answer, len(request.delivery_ids), context.clock())


def _close(
    context: DeliveryContext, destination: Destination, request: OpenRequest, report: Reported
) -> None:
    ends = settlements(report, context.store.awaiting(request), context.rules(destination))
    context.store.close_request(request, ends, outcome=report.outcome, report=report.account)


def _put_off(
    context: DeliveryContext, request: OpenRequest, report: NotYet, first: timedelta
) -> None:
    now = context.clock()
    wait = next_question(request.asks, first, report.after)
    last = max(request.ask_until - LAST_QUESTION, now + LAST_QUESTION)
    context.store.put_off_request(request, until=min(now + wait, last))


def _settlement(one: Awaiting, end: RecordEnd, rules: Rules) -> Settlement:
    if end.fate is Fate.PROCESSED:
        return _end(one, State.PROCESSED, end)
    again = _again(one, end, rules) if end.fate is Fate.AGAIN else None
    return again or _end(one, State.REJECTED, end)


def _again(one: Awaiting, end: RecordEnd, rules: Rules) -> Settlement | None:
    """Send again what the platform did not count, but not for ever."""
    if one.odd_answers >= rules.sender.max_unrecognised:
        return None
    at = next_attempt(
        rules.now,
        attempts=one.attempts,
        deadline=one.deadline,
        backoff=rules.patient,
        random=rules.random,
        retry_after=end.after,
    )
    if at is None:
        return None
    return Settlement(
        delivery_id=one.delivery_id,
        fence=one.fence,
        state=State.PENDING,
        reason=end.reason,
        next_attempt_at=at,
        odd=True,
        thaw=True,
    )


def _end(one: Awaiting, state: State, end: RecordEnd) -> Settlement:
    return Settlement(
        delivery_id=one.delivery_id,
        fence=one.fence,
        state=state,
        reason=end.reason,
        detail=end.detail,
    )


def _log(destination: Destination, request: OpenRequest, report: Report) -> None:
    log.info(
        "request_reported",
        destination=destination.id,
        count=len(request.delivery_ids),
        code=type(report).__name__,
        reason=report.account if isinstance(report, Reported) else report.reason,
        trace_id=request.request_id,
        attempts=request.asks,
    )
