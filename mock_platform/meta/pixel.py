"""The browser's door: the image request of the Meta Pixel (documents: meta-pixel, advanced)."""

import base64
import re
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.entries import EventEntry
from mock_platform.meta.events import external_ids
from mock_platform.meta.journalled import request_entry
from mock_platform.meta.worth import worth
from mock_platform.rules import catalogue as rule
from mock_platform.rules.dedup import Receipt, Source
from mock_platform.rules.known import Known
from mock_platform.rules.lint_meta import lint_amount, lint_other_members, lint_user_data
from mock_platform.rules.model import Finding
from mock_platform.rules.plain_keys import fbp_without_mark
from mock_platform.rules.user_data import check_members
from mock_platform.violations import note

API = "pixel"
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_NESTED = re.compile(r"(cd|ud)\[([^\[\]]+)\]")
_PAGES = ("dl", "rl")  # the page's address and its referrer
_GROUPS = {"cd": "custom_data", "ud": "user_data"}

blueprint = Blueprint("pixel", __name__)


@blueprint.route("/tr", methods=["GET", "POST"])
@blueprint.route("/tr/", methods=["GET", "POST"])
def tr() -> Response:
    """Take one browser event. The answer is always the image; the verdict is in the books."""
    workspace = current.workspace()
    now = workspace.clock.now()
    request.get_data(cache=True)  # before any form is read from it: the journal needs it whole
    payload = read_event(request.values.to_dict())
    found = _check(payload, now, workspace.known)
    dataset = str(payload.get("id", ""))
    mode = workspace.settings.mode
    event = EventEntry(
        source=Source.BROWSER,
        event_name=payload.get("event_name"),
        event_id=payload.get("event_id"),
        event_time=_event_time(payload, now),
        order_id=payload["custom_data"].get("order_id"),
        test_event_code=None,
        findings=orjson.dumps([finding.as_json(mode) for finding in found]),
        payload=orjson.dumps(payload),
        receipt=None if _is_unusable(payload) else _receipt(payload, dataset, now),
        **worth(payload["custom_data"]),
    )
    kept = workspace.settings.journal_body_bytes
    entry = request_entry(request, api=API, dataset=dataset, kept=kept, status=200)
    note([event])
    workspace.ledger.record(entry, [event], now, workspace.settings)
    return Response(_GIF, content_type="image/gif", headers={"Cache-Control": "no-store"})


def read_event(parameters: Mapping[str, str]) -> dict[str, Any]:
    """The pixel's flat parameters as an event: `cd[...]` and `ud[...]` become objects."""
    event: dict[str, Any] = {"custom_data": {}, "user_data": {}}
    names = {"ev": "event_name", "eid": "event_id"}
    for name, value in parameters.items():
        nested = _NESTED.fullmatch(name)
        if nested:
            event[_GROUPS[nested[1]]][nested[2]] = value
        elif name in ("fbp", "fbc"):
            event["user_data"][name] = value
        elif value:
            event[names.get(name, name)] = value
    return event


def _is_unusable(payload: Mapping[str, Any]) -> bool:
    return not payload.get("id") or not payload.get("event_name")


def _check(payload: Mapping[str, Any], now: float, known: Known) -> list[Finding]:
    found = list(check_members(payload["user_data"], now=now))
    found.extend(lint_user_data(payload["user_data"], known))
    found.extend(lint_other_members(payload, _PAGES, known))
    if payload.get("event_name") == "Purchase":
        # The pixel's contents are a text, so no lines are held against the value.
        amount = {**payload["custom_data"], "contents": ()}
        found.extend(lint_amount(payload, amount, known))
    if not payload.get("id"):
        found.append(Finding(rule=rule.PIXEL_ID_MISSING, path=("id",)))
    if not payload.get("event_name"):
        found.append(Finding(rule=rule.PIXEL_EVENT_MISSING, path=("ev",)))
    if not payload.get("event_id"):
        found.append(Finding(rule=rule.EVENT_ID_MISSING, path=("eid",)))
    return found


def _event_time(payload: Mapping[str, Any], now: float) -> int:
    """`ts` is in milliseconds; a tag without it fires now."""
    ts = str(payload.get("ts", ""))
    return int(ts[:16]) // 1000 if ts.isascii() and ts.isdigit() else int(now)


def _receipt(payload: Mapping[str, Any], dataset: str, now: float) -> Receipt:
    user_data = payload["user_data"]
    return Receipt(
        dataset=dataset,
        source=Source.BROWSER,
        offline=False,
        event_name=payload["event_name"],
        event_id=payload.get("event_id", ""),
        event_time=_event_time(payload, now),
        order_id="",
        item_number="",
        fbp=fbp_without_mark(user_data.get("fbp", "")),
        external_ids=external_ids(user_data.get("external_id")),
        customer="",
    )
