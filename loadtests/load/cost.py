"""What a machine carries a day, worked out from what an order costs: pure."""

from collections.abc import Mapping
from typing import Final

PROCESSORS: Final = 2
AT_MOST_BUSY: Final = 0.5
"""A shop's busiest hour has several times the orders of its average one."""
SECONDS_A_DAY: Final = 24 * 60 * 60


def orders_a_day(cpu_ms_per_order: float) -> float:
    """Answer how many orders two processors carry a day when half their time is kept free."""
    return PROCESSORS * AT_MOST_BUSY * SECONDS_A_DAY * 1000 / cpu_ms_per_order


def sentence(numbers: Mapping[str, float]) -> str:
    """Say what an order cost in this run, and what that means for a machine of two processors."""
    spent = numbers.get("cpu_ms_per_order")
    if not spent:
        return "No order was accepted."
    disk = numbers.get("disk_kb_per_order", 0.0)
    millions = orders_a_day(spent) / 1e6
    return (
        f"1,000 orders cost hook and sender {spent:.2f} s of processor time and {disk:.1f} MB "
        f"on disk; two processors, kept half free, carry {millions:.1f} million orders a day"
    )
