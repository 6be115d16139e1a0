"""Which numbers a profile may ask for, and on which side of its limit each is good."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A number of `figures` that must not go beyond a limit; `words` say what it is."""

    number: str
    words: str
    at_most: bool = True


OBJECTIVES: Final[Mapping[str, Objective]] = {
    "accept_p50_ms": Objective(number="accept_ms_p50", words="hook's answer, median, ms"),
    "accept_p99_ms": Objective(number="accept_ms_p99", words="hook's answer, 99th percentile, ms"),
    "batch_p99_ms": Objective(
        number="batch_ms_p99", words="hook's answer to a batch, 99th percentile, ms"
    ),
    "counted_p50_s": Objective(number="counted_s_p50", words="answer to counted, median, s"),
    "counted_p99_s": Objective(
        number="counted_s_p99", words="answer to counted, 99th percentile, s"
    ),
    **{
        f"counted_{platform}_p99_s": Objective(
            number=f"counted_s_{platform}_p99",
            words=f"answer to counted by {platform.title()}, 99th percentile, s",
        )
        for platform in ("google", "meta")
    },
    "faulted_requests": Objective(
        number="faulted_requests", words="requests that met the weather", at_most=False
    ),
    "orders_per_second": Objective(
        number="orders_per_second", words="orders answered a second", at_most=False
    ),
    "refused": Objective(number="refused", words="orders refused or unanswered"),
    "backlog_most": Objective(number="backlog_most", words="most deliveries that waited"),
    "backlog_last": Objective(number="backlog_last", words="deliveries that wait at the end"),
    "mock_cpu_share": Objective(
        number="mock_cpu_share", words="mock's share of the processor time"
    ),
    "lock_wait_ms": Objective(number="lock_wait_ms", words="wait for others' locks, ms a request"),
    "memory_mb_sender": Objective(number="memory_mb_sender", words="sender's memory, MB"),
    "memory_mb_hook": Objective(number="memory_mb_hook", words="hook's memory, MB"),
    "memory_growth_mb_sender": Objective(
        number="memory_growth_mb_sender", words="sender's memory, last quarter - second, MB"
    ),
    "memory_growth_mb_hook": Objective(
        number="memory_growth_mb_hook", words="hook's memory, last quarter - second, MB"
    ),
}
