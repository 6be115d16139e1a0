"""Orders as NDJSON: one JSON object a line, as the hook takes it."""

from collections.abc import Iterator
from typing import IO, Final

import orjson

from bridge.intake.files.row import BadRow, Read, Row

LONGEST: Final = 1024 * 1024
"""Bytes a line may have; the hook takes no longer order either."""


def read_json_lines(file: IO[bytes]) -> Iterator[Read]:
    """Read each line; empty ones are passed over."""
    number = 0
    while text := file.readline(LONGEST + 1):
        number += 1
        if len(text) > LONGEST:
            while not text.endswith(b"\n") and (text := file.readline(LONGEST)):
                pass
            yield BadRow(line=number, field="line", message=f"has more than {LONGEST} bytes")
        elif text.strip():
            yield _row(text, number)


def _row(text: bytes, line: int) -> Read:
    try:
        members = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return BadRow(
            line=line,
            field="line",
            message=f"is not JSON in UTF-8 (column {error.colno}): write one object a line",
        )
    if not isinstance(members, dict):
        return BadRow(line=line, field="line", message="must be a JSON object: one order a line")
    return Row(line=line, members=members)
