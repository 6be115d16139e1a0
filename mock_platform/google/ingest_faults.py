"""Faults on events:ingest: errors of the catalogue, poisoned events, errors in processing."""

from dataclasses import replace
from http import HTTPStatus

from mock_platform.fault import Fault, FaultKind, RequestFacts
from mock_platform.google.books import Accepted, Batch
from mock_platform.google.breakage import EVERYWHERE
from mock_platform.google.call import Call
from mock_platform.google.errors import ERROR_NAMES, ERRORS
from mock_platform.google.faulty import broken
from mock_platform.google.ingest import Judgement, refuse
from mock_platform.rules.catalogue import FAULT_REJECTS
from mock_platform.rules.google_request import Examination, examine
from mock_platform.rules.model import Finding
from mock_platform.settings import Settings

_POISON = "INVALID_EVENT"
_KINDS = EVERYWHERE | {FaultKind.PLATFORM_REJECTS, FaultKind.PROCESSING_ERROR}


def facts_of(call: Call) -> RequestFacts:
    """What a fault can select a call to events:ingest by."""
    destinations = call.read.get("destinations") or ()
    events = call.read.get("events") or ()
    transactions = frozenset(filter(None, (event.get("transaction_id") for event in events)))
    first = destinations[0] if destinations else {}
    return RequestFacts(
        api=call.api,
        dataset=first.get("product_destination_id") or "",
        order_ids=transactions,
        event_ids=transactions,
        event_names=frozenset(filter(None, (event.get("event_name") for event in events))),
        errors=ERROR_NAMES,
        kinds=_KINDS,
    )


def break_ingest(
    fault: Fault, call: Call, judgement: Judgement, settings: Settings, now: float
) -> Judgement:
    """The judgement as the client and the books see it under `fault`."""
    if fault.kind is FaultKind.PROCESSING_ERROR:
        return replace(judgement, batch=_marked(fault, call, judgement.batch))
    if fault.kind is FaultKind.PLATFORM_REJECTS:
        return _poisoned(fault, call, judgement, settings, now)
    answer = broken(fault, judgement.answer)
    if not fault.stores:
        return Judgement(answer=answer)
    return replace(judgement, answer=answer)


def _meant(fault: Fault, call: Call) -> list[bool]:
    alone = ({**call.read, "events": [event]} for event in call.read.get("events") or ())
    return fault.events_meant([facts_of(replace(call, read=each)) for each in alone])


def _poisoned(
    fault: Fault, call: Call, judgement: Judgement, settings: Settings, now: float
) -> Judgement:
    """Refused as if each event meant had broken a rule; without `named` nobody says which."""
    if judgement.answer.status != HTTPStatus.OK:
        return judgement
    reason = fault.error or _POISON
    broken = (Finding(rule=replace(FAULT_REJECTS, error=reason)),)
    usual = examine(call.read, settings.google, now)
    events = [
        [*found, *(broken if meant else ())]
        for found, meant in zip(usual.events, _meant(fault, call), strict=True)
    ]
    poisoned = Examination(context=usual.context, request=usual.request, events=events)
    refusal = refuse(call, poisoned, settings.mode)
    if fault.named:
        return refusal
    return replace(refusal, answer=ERRORS["INVALID_ARGUMENT"].answer())


def _marked(fault: Fault, call: Call, batch: Batch | None) -> Batch | None:
    """The batch whose events meant will fail in processing."""
    if batch is None:
        return None
    meant = _meant(fault, call)
    return replace(batch, events=[_failing(fault, each, meant) for each in batch.events])


def _failing(fault: Fault, accepted: Accepted, meant: list[bool]) -> Accepted:
    if not meant[accepted.position]:
        return accepted
    record = replace(accepted.record, reason=fault.reason or "INTERNAL_ERROR")
    return replace(accepted, record=record, named=fault.named)
