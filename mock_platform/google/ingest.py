"""Judging one call to events:ingest: all violations together, or everything accepted.

Documents: Data Manager API, send-events and understand-errors.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mock_platform.entries import EventEntry
from mock_platform.google.access import DATA_MANAGER_SCOPE, access_problem
from mock_platform.google.answer import Answer, document
from mock_platform.google.books import Accepted, Batch
from mock_platform.google.call import Call
from mock_platform.google.errors import Violation, refused
from mock_platform.rules.dedup import Source
from mock_platform.rules.google_catalogue import REJECTED_WITH_BATCH
from mock_platform.rules.google_context import Read, Target
from mock_platform.rules.google_field_catalogue import WARNINGS
from mock_platform.rules.google_processing import Record
from mock_platform.rules.google_reasons import WARNING_REASONS
from mock_platform.rules.google_request import Examination, examine
from mock_platform.rules.model import Finding, Mode, dotted
from mock_platform.workspace import Workspace

API = "data_manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The answer to a call, and what enters the books: refused events, or an accepted batch."""

    answer: Answer
    refused: tuple[EventEntry, ...] = ()
    batch: Batch | None = None


def judge(call: Call, workspace: Workspace, now: float) -> Judgement:
    """What the platform answers to `call`, and what becomes of each event."""
    settings = workspace.settings
    problem = access_problem(call.token, DATA_MANAGER_SCOPE, workspace.tokens, settings, now)
    problem = problem or call.problem
    if problem is not None:
        return Judgement(answer=problem.answer())
    examination = examine(call.read, settings.google, now, workspace.known)
    if examination.refuses(settings.mode):
        return refuse(call, examination, settings.mode)
    batch = _batch(call, examination, settings.mode)
    answer = _accepted(batch.request_id, examination, call)
    return Judgement(answer=answer, batch=None if call.read.get("validate_only") else batch)


def refuse(call: Call, examination: Examination, mode: Mode) -> Judgement:
    """Refuse a request, every violation listed; the innocent events are marked as such."""
    answer = refused([*violations(examination, mode)]).answer()
    if call.read.get("validate_only"):
        return Judgement(answer=answer)
    whole = [found for found in examination.request if found.rejects(mode)]
    entries = tuple(
        _entry(sent, read, _target(examination, read), _blamed(whole, found, mode), mode)
        for sent, read, found in zip(
            _sent_events(call), call.read.get("events", ()), examination.events, strict=True
        )
    )
    return Judgement(answer=answer, refused=entries)


def _blamed(whole: Sequence[Finding], found: Sequence[Finding], mode: Mode) -> list[Finding]:
    guilty = bool(whole) or any(each.rejects(mode) for each in found)
    return [*whole, *found, *(() if guilty else (Finding(rule=REJECTED_WITH_BATCH),))]


def violations(examination: Examination, mode: Mode) -> Iterator[Violation]:
    """Every finding that refuses the request, as the platform lists it."""
    for path, finding in located(examination):
        if finding.rejects(mode):
            text = finding.message or finding.rule.explanation
            yield Violation(field=path, description=text, reason=finding.rule.error)


def located(examination: Examination) -> Iterator[tuple[str, Finding]]:
    """Every finding with its place in the request, in the platform's snake_case."""
    for finding in examination.request:
        yield dotted(finding.path), finding
    for index, findings in enumerate(examination.events):
        for finding in findings:
            # The platform names its list of events twice.
            yield f"events.{dotted(('events', index, *finding.path))}", finding


def _accepted(request_id: str, examination: Examination, call: Call) -> Answer:
    warnings = [
        {
            "reason": WARNING_REASONS[name] if call.numbers else name,
            "description": finding.rule.explanation,
            "field": path,
        }
        for path, finding in located(examination)
        if (name := WARNINGS.get(finding.rule.id))
    ]
    return document({"requestId": request_id, **({"fieldWarnings": warnings} if warnings else {})})


def _batch(call: Call, examination: Examination, mode: Mode) -> Batch:
    context = examination.context
    numbered = {id(target): number for number, target in enumerate(context.targets)}
    events = [
        Accepted(
            entry=_entry(sent, read, target, found, mode),
            position=position,
            destination=numbered[id(target)],
            record=_record(read, target, call.read.get("consent")),
        )
        for position, (sent, read, found) in enumerate(
            zip(_sent_events(call), call.read["events"], examination.events, strict=True)
        )
        for target in context.targets_of(read)
    ]
    return Batch(request_id=str(uuid.uuid4()), destinations=_destinations(call), events=events)


def _sent_events(call: Call) -> Sequence[Mapping[str, Any]]:
    """The events as they came."""
    events: Sequence[Mapping[str, Any]] = call.sent.get("events") or ()
    return events


def _destinations(call: Call) -> Sequence[Any]:
    destinations: Sequence[Any] = call.sent["destinations"]
    return destinations


def _target(examination: Examination, event: Read) -> Target | None:
    """The first destination of a refused event, which may have none."""
    return next(iter(examination.context.targets_of(event)), None)


def _entry(
    sent: Mapping[str, Any],
    read: Read,
    target: Target | None,
    found: Sequence[Finding],
    mode: Mode,
) -> EventEntry:
    instant = read.get("event_timestamp")
    destination = target.destination if target else {}
    return EventEntry(
        source=Source.SERVER,
        event_name=read.get("event_name") or None,
        event_id=read.get("transaction_id") or None,
        event_time=None if instant is None else int(instant.seconds),
        order_id=read.get("transaction_id") or None,
        test_event_code=None,
        dataset=destination.get("product_destination_id") or "",
        value=read.get("conversion_value"),
        currency=read.get("currency") or None,
        findings=orjson.dumps([finding.as_json(mode) for finding in found]),
        payload=orjson.dumps(sent),
    )


def _record(event: Read, target: Target, default: Read | None) -> Record:
    identifiers = event.get("ad_identifiers") or {}
    consent = event.get("consent") or default or {}
    destination = target.destination
    return Record(
        account=(destination.get("operating_account") or {}).get("account_id") or "",
        action=destination.get("product_destination_id") or "",
        occurred_at=event["event_timestamp"].seconds,
        transaction_id=event.get("transaction_id") or None,
        value=event.get("conversion_value"),
        currency=event.get("currency") or None,
        gclid=identifiers.get("gclid") or None,
        gbraid=identifiers.get("gbraid") or None,
        wbraid=identifiers.get("wbraid") or None,
        consent=consent.get("ad_user_data"),
    )
