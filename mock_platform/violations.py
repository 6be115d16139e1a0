"""Mode `report`: the answer names what strict mode would reject, in a header."""

from collections.abc import Iterable, Iterator

import orjson
from flask import Response, g

from mock_platform.entries import EventEntry
from mock_platform.rules.model import Mode, Severity

HEADER = "X-Mock-Violations"
_NAMED = 20


def note(entries: Iterable[EventEntry]) -> None:
    """Remember the events of the present request."""
    g.entries = entries


def report(response: Response) -> Response:
    """Add the header in mode `report`: `0 user_data.em[0] meta.hash.format`, one event a comma."""
    entries = g.pop("entries", ())
    if entries and "workspace" in g and g.workspace.settings.mode is Mode.REPORT:
        found = list(_violations(entries))
        named = found[:_NAMED]
        if len(found) > _NAMED:
            named.append(f"{len(found) - _NAMED} more")
        if named:
            response.headers[HEADER] = ", ".join(named)
    return response


def _violations(entries: Iterable[EventEntry]) -> Iterator[str]:
    for index, entry in enumerate(entries):
        for finding in orjson.loads(entry.findings):
            if finding["severity"] == Severity.ERROR:
                place = " ".join(filter(None, (str(index), finding["path"])))
                yield f"{place} {finding['rule']}"
