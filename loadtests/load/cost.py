"""What a machine carries a day, worked out from what an order costs: pure."""

from collections.abc import Mapping
from typing import Final

PROCESSORS: Final = 2
AT_MOST_BUSY: Final = 0.5
"""A shop's busiest hour has several times the orders of its average one."""
SECONDS_A_DAY: Final = 24 * 60 * 60
OURS: Final = ("hook", "sender", "database")
SHAPES: Final = {
    10: "one PostgreSQL with standbys, hooks and senders on machines of their own",
    100: "several PostgreSQL clusters, each with some of the sites",
    1000: "as many clusters as that takes, by site; nothing here was tried at that size",
}
"""What so many times as much runs on; docs/scaling.md says more."""


def costs(numbers: Mapping[str, float], stored: int) -> dict[str, float]:
    """Answer what an accepted order cost: processor time of our parts, and bytes `stored`."""
    orders = numbers["accepted"]
    if not orders:
        return {}
    spent = sum(numbers.get(f"cpu_seconds_{part}", 0.0) for part in OURS)
    return {
        "cpu_ms_per_order": round(1000 * spent / orders, 3),
        "disk_kb_per_order": round(stored / 1000 / orders, 3),
    }


def processor_time(numbers: Mapping[str, float]) -> str:
    """Say what each part took of the processor time that hook, sender, database and mock took."""
    spent = {part: numbers.get(f"cpu_seconds_{part}", 0.0) for part in (*OURS, "mock")}
    total = sum(spent.values()) or 1.0
    parts = (f"{part} {one:.1f} s ({one / total:.0%})" for part, one in spent.items() if one)
    return f"Processor time: {', '.join(parts)}."


def orders_a_day(cpu_ms_per_order: float) -> float:
    """Answer how many orders two processors carry a day when half their time is kept free."""
    return PROCESSORS * AT_MOST_BUSY * SECONDS_A_DAY * 1000 / cpu_ms_per_order


def sentence(numbers: Mapping[str, float]) -> str:
    """Say what an order cost in this run, what two processors carry, and what more runs on."""
    spent = numbers.get("cpu_ms_per_order")
    if not spent:
        return "No order was accepted."
    disk = numbers.get("disk_kb_per_order", 0.0)
    millions = orders_a_day(spent) / 1e6
    more = "; ".join(f"{times:,} times: {shape}" for times, shape in SHAPES.items())
    rate = numbers.get("orders_per_second")
    at = f"At {rate:.0f} orders a second " if rate else ""
    return (
        f"{at}1,000 orders cost {spent:.2f} s of processor time of the bridge and its database, "
        f"and {disk:.1f} MB on disk; two processors, kept half free, carry {millions:.1f} million "
        f"orders a day, {millions * disk:.0f} GB. {more}."
    )
