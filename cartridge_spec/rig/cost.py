"""What the core cartridge costs on the order path: `python -m cartridge_spec.rig.cost`.

Measured on Rhino's interpreter, without the network; SFCC's engine and machines differ, so the
shares say more than the milliseconds. Orders are the contract's example with a number of its own.
"""

import json
from collections.abc import Iterator
from statistics import median
from typing import Any

from cartridge_spec.rig.instance import switched_on
from cartridge_spec.rig.order_records import capture_of, record_of
from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

WARM_UP, MEASURED = 300, 300
EXAMPLE = CARTRIDGES.parent / "contract/examples/full.json"
_SECRET = "whsec_YSBzZWNyZXQgZm9yIG1lYXN1cmluZyBvbmx5IDAwMDE="  # noqa: S105 -- signs nothing real


def _orders() -> Iterator[dict[str, Any]]:
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    for number in range(WARM_UP + MEASURED):
        yield example | {"order_no": f"COST-{number}"}


def measure() -> dict[str, float]:
    """Milliseconds by part of the order path: the median of 300 orders after 300 to warm up."""
    with Rhino(["int_conversion_bridge"]) as rhino:
        rhino.call("rig/world", "change", switched_on("http://127.0.0.1:9", _SECRET))
        told = [
            rhino.call("rig/stopwatch", "measure", record_of(order), capture_of(order), _SECRET)
            for order in _orders()
        ][WARM_UP:]
    return {part: median(one[part] for one in told) for part in told[0]}


def main() -> None:
    """Print the parts and their sum."""
    parts = measure()
    for part, milliseconds in [*parts.items(), ("sum", sum(parts.values()))]:
        print(f"{part:<12} {milliseconds:6.2f} ms")  # noqa: T201 -- this is the output


if __name__ == "__main__":
    main()
