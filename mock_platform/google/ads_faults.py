"""Faults on the uploads of Google Ads: errors of the call, and errors of rows."""

from collections.abc import Sequence
from dataclasses import replace

from mock_platform.fault import Fault, FaultKind, RequestFacts
from mock_platform.google.ads_errors import CALL_ERRORS, FRONT_END, common
from mock_platform.google.ads_upload import Kind
from mock_platform.google.answer import Answer
from mock_platform.google.breakage import BREAKAGE, EVERYWHERE, extra_headers
from mock_platform.google.call import Call
from mock_platform.rules.catalogue import FAULT_REJECTS
from mock_platform.rules.google_ads_row import action_id
from mock_platform.rules.google_context import Read
from mock_platform.rules.model import Finding

_KINDS = EVERYWHERE | {FaultKind.PLATFORM_REJECTS}


def facts_of(call: Call, kind: Kind) -> RequestFacts:
    """What a fault can select an upload by."""
    return _facts(call, kind, call.read.get(kind.rows) or ())


def _facts(call: Call, kind: Kind, rows: Sequence[Read]) -> RequestFacts:
    orders = frozenset(filter(None, (row.get("order_id") for row in rows)))
    types = (row.get("adjustment_type") for row in rows)
    return RequestFacts(
        api=call.api,
        dataset=action_id(rows[0]) if rows else "",
        order_ids=orders,
        event_ids=orders,
        event_names=frozenset(each for each in types if isinstance(each, str)),
        errors={*CALL_ERRORS, *FRONT_END, *kind.row_errors},
        kinds=_KINDS,
    )


def stores(fault: Fault | None) -> bool:
    """Whether the rows are kept: unless a fault hits the call as a whole and says otherwise."""
    if fault is None or fault.kind is FaultKind.PLATFORM_REJECTS:
        return True
    return fault.stores or _is_of_rows(fault)


def _is_of_rows(fault: Fault) -> bool:
    whole = fault.error is None or fault.error in CALL_ERRORS or fault.error in FRONT_END
    return fault.kind is FaultKind.ERROR and not whole


def forced(fault: Fault | None, call: Call, kind: Kind) -> list[Finding | None]:
    """For each row the error that a fault asks for: on rows that it means, or on all."""
    rows = call.read[kind.rows]
    if fault is None or not (fault.kind is FaultKind.PLATFORM_REJECTS or _is_of_rows(fault)):
        return [None] * len(rows)
    answer = kind.row_errors[fault.error or kind.poison]
    finding = Finding(rule=replace(FAULT_REJECTS, error=answer))
    if fault.kind is FaultKind.ERROR:
        return [finding] * len(rows)
    meant = fault.events_meant([_facts(call, kind, [row]) for row in rows])
    return [finding if each else None for each in meant]


def broken(fault: Fault | None, usual: Answer, version: str) -> Answer:
    """The answer under a fault that breaks it or answers for the call as a whole."""
    if fault is None or fault.kind is FaultKind.PLATFORM_REJECTS or _is_of_rows(fault):
        return usual
    if fault.kind is not FaultKind.ERROR:
        return BREAKAGE[fault.kind](fault, usual)
    name = fault.error or "UNAVAILABLE"
    headers = extra_headers(fault)
    error = CALL_ERRORS.get(name)
    answer = common(name).answer(headers) if error is None else error.answer(version, headers)
    return answer if fault.status is None else replace(answer, status=fault.status)
