"""A JSON document as lines to read, each with its path, so that findings can stand beside it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_platform.rules.model import dotted

LINES_MAX = 1500
_DEPTH_MAX = 32
_TEXT_MAX = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `name` is the member's, quoted; `kind` is what the value is, for its colour."""

    depth: int
    text: str
    kind: str
    name: str = ""
    path: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()


def lines(document: object, findings: Sequence[Mapping[str, Any]]) -> list[Line]:
    """`document` line by line with the findings at their places; cut after `LINES_MAX` lines."""
    by_path: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for finding in findings:
        path = str(finding["path"])
        by_path[path] = (*by_path.get(path, ()), finding)
    made: list[Line] = []
    for line in _lines(document, (), "", "", by_path):
        made.append(line)
        if len(made) == LINES_MAX:
            made.append(Line(depth=0, text="… cut here", kind="mark"))
            break
    return made


_ByPath = Mapping[str, tuple[Mapping[str, Any], ...]]


def _lines(
    value: object, path: tuple[str | int, ...], name: str, comma: str, by_path: _ByPath
) -> Iterator[Line]:
    place = dotted(path)
    here = {"depth": len(path), "name": name, "path": place, "findings": by_path.get(place, ())}
    if not isinstance(value, dict | list) or not value or len(path) >= _DEPTH_MAX:
        yield Line(text=_short(value) + comma, kind=_kind(value), **here)  # type: ignore[arg-type]  # the members above
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield Line(text=opening, kind="mark", **here)  # type: ignore[arg-type]  # the members above
    members = list(value.items() if isinstance(value, dict) else enumerate(value))
    for number, (key, member) in enumerate(members, 1):
        label = _short(key) if isinstance(key, str) else ""
        after = "," if number < len(members) else ""
        yield from _lines(member, (*path, key), label, after, by_path)
    yield Line(depth=len(path), text=closing + comma, kind="mark")


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _TEXT_MAX else f"{text[:_TEXT_MAX]}…"


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "text"
    return "mark" if isinstance(value, dict | list) else "number"
