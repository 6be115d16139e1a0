"""Reads what all of Google's error documents have in common, and lets nothing personal through."""

import re
from collections.abc import Iterator
from typing import Any

_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,99}", re.ASCII)
_REQUEST_ID = re.compile(r"[!-~]{1,200}", re.ASCII)


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield the objects of an array; nothing of anything else."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def enum_name(value: object) -> str | None:
    """Read the name of an enum's value; anything else could be personal, and is nothing."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def request_id(value: object) -> str | None:
    """Read Google's name for a request, where it can be one."""
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else None


def type_name(detail: dict[str, Any]) -> str:
    """Answer the message type of a detail (google.protobuf.Any), without its host."""
    return str(detail.get("@type", "")).rpartition("/")[2]
