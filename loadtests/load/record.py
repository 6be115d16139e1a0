"""What every call was answered: one JSON line each, written under load and read afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import orjson

ONE: Final = "one order"
BATCH: Final = "batch"
OK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the hook. `ended` is seconds since 1970; `status` 0 when no answer came.

    `sent` are the numbers of its orders, `orders` the answers to them, each as the hook writes it
    for one.
    """

    ended: float
    seconds: float
    name: str
    status: int
    sent: tuple[str, ...]
    orders: tuple[dict[str, Any], ...]


def orders_of(name: str, status: int, body: Any, sent: int) -> list[dict[str, Any]]:
    """Answer one document for each of the orders sent, whatever the hook said to the call."""
    if name == BATCH and status == OK and isinstance(body, list):
        return [item.get("problem", item) for item in body]
    return [body if isinstance(body, dict) else {"code": f"http_{status}"}] * sent


class Recorder:
    """Writes calls to a file; close it, or use it with `with`."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def add(self, call: Call) -> None:
        """Write one call."""
        self._file.write(orjson.dumps(call, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Write what is not written yet."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def calls(path: Path) -> Iterator[Call]:
    """Read what a `Recorder` wrote."""
    with path.open("rb") as file:
        for line in file:
            read = orjson.loads(line)
            lists = {name: tuple(read[name]) for name in ("sent", "orders")}
            yield Call(**{**read, **lists})
