"""Judging the events of one call: access, then every event, then all or nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mock_platform.entries import EventEntry
from mock_platform.meta.access import access_problem
from mock_platform.meta.answer import Answer, failed, received
from mock_platform.meta.errors import ERRORS, GraphError
from mock_platform.meta.request import GraphCall
from mock_platform.meta.worth import worth
from mock_platform.rules.catalogue import REJECTED_WITH_BATCH
from mock_platform.rules.dedup import Receipt, Source
from mock_platform.rules.hashing import entries
from mock_platform.rules.known import NOTHING_KNOWN, Known
from mock_platform.rules.model import Finding, Mode, bracketed
from mock_platform.rules.plain_keys import fbp_without_mark
from mock_platform.rules.server_event import check_server_event
from mock_platform.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The answer to a call, and its events as they enter the books."""

    answer: Answer
    entries: tuple[EventEntry, ...] = ()


def judge(
    call: GraphCall, settings: Settings, now: float, known: Known = NOTHING_KNOWN
) -> Judgement:
    """What the platform answers to `call`, and what becomes of each event."""
    problem = access_problem(call, settings, now) or call.problem
    if problem is not None:
        return Judgement(answer=failed(problem))
    findings = [
        check_server_event(
            event,
            now=now,
            windows=settings.windows,
            action_source_required=settings.action_source_required,
            known=known,
        )
        for event in call.events
    ]
    error = _first_error(findings, settings.mode)
    if error is not None:
        return Judgement(answer=failed(error), entries=rejected(call, findings, settings.mode))
    accepted = tuple(
        _entry(event, found, settings.mode, call, receipt=_receipt(event, call.dataset))
        for event, found in zip(call.events, findings, strict=True)
    )
    return Judgement(answer=received(len(accepted)), entries=accepted)


def _first_error(findings: Sequence[Sequence[Finding]], mode: Mode) -> GraphError | None:
    """The error of the first event that is refused; Graph names no more than one."""
    for index, found in enumerate(findings):
        for finding in found:
            if finding.rejects(mode):
                return _graph_error(finding, index)
    return None


def _graph_error(finding: Finding, index: int) -> GraphError:
    error = ERRORS[finding.rule.error]
    if error.subcode is not None or finding.rule.error != "parameter":
        return error
    place = bracketed(("data", index, *finding.path))
    detail = finding.message or finding.rule.explanation
    return error.saying(f'Server Side Api Parameter Error: {detail} on param "{place}"')


def rejected(
    call: GraphCall, findings: Sequence[Sequence[Finding]], mode: Mode
) -> tuple[EventEntry, ...]:
    """Every event of a refused request, the innocent ones marked as such."""
    innocent = (Finding(rule=REJECTED_WITH_BATCH),)
    return tuple(
        _entry(
            event,
            found if any(each.rejects(mode) for each in found) else (*found, *innocent),
            mode,
            call,
            receipt=None,
        )
        for event, found in zip(call.events, findings, strict=True)
    )


def _entry(
    event: Any, found: Sequence[Finding], mode: Mode, call: GraphCall, *, receipt: Receipt | None
) -> EventEntry:
    members: Mapping[str, Any] = event if isinstance(event, dict) else {}
    custom_data = members.get("custom_data")
    event_time = members.get("event_time")
    test_event_code = call.parameters.get("test_event_code")
    return EventEntry(
        source=Source.SERVER,
        event_name=_text(members.get("event_name")),
        event_id=_text(members.get("event_id")),
        event_time=event_time if type(event_time) is int else None,
        order_id=_text(custom_data.get("order_id")) if isinstance(custom_data, dict) else None,
        test_event_code=_text(test_event_code),
        findings=orjson.dumps([finding.as_json(mode) for finding in found]),
        payload=orjson.dumps(event),
        receipt=receipt,
        **worth(custom_data),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _receipt(event: Mapping[str, Any], dataset: str) -> Receipt:
    """An accepted event as deduplication sees it."""
    user_data = event["user_data"]
    custom_data = event.get("custom_data") or {}
    offline = event.get("action_source") == "physical_store"
    return Receipt(
        dataset=dataset,
        source=Source.SERVER,
        offline=offline,
        event_name=event["event_name"],
        event_id=event.get("event_id") or "",
        event_time=event["event_time"],
        order_id=custom_data.get("order_id") or "",
        item_number=custom_data.get("item_number") or "",
        fbp=fbp_without_mark(str(user_data.get("fbp") or "")),
        external_ids=external_ids(user_data.get("external_id")),
        customer=_customer(user_data) if offline else "",
    )


def external_ids(value: object) -> tuple[str, ...]:
    """The external ids of a member that takes one or a list."""
    return tuple(str(entry) for entry in entries(value) if entry not in (None, ""))


def _customer(user_data: Mapping[str, Any]) -> str:
    """One text for the whole customer information, whatever the order of keys and of lists."""
    ordered = {key: sorted(map(str, entries(user_data[key]))) for key in sorted(user_data)}
    return hashlib.sha256(orjson.dumps(ordered)).hexdigest()
