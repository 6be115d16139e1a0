"""Prometheus metrics, all names in one place.

What happened in this process is counted here; what is waiting is read from the database at each
scrape, so every process tells the same.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bridge.clock import Clock
from bridge.outbox.queries import Queries


class Metrics:
    """The registry of one process."""

    def __init__(self, queries: Queries, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Backlog(queries, clock))
        self.answers = Counter(
            "bridge_hook_orders",
            "Orders answered by the hook, by outcome.",
            ["site", "outcome"],
            registry=self.registry,
        )
        self.refused_calls = Counter(
            "bridge_hook_refused_calls",
            "Calls refused before any order was read, by error code.",
            ["code"],
            registry=self.registry,
        )
        self.accept_seconds = Histogram(
            "bridge_hook_accept_seconds",
            "From the call's arrival to the durable answer.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """Answer the metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class _Backlog(Collector):
    def __init__(self, queries: Queries, clock: Clock) -> None:
        self._queries = queries
        self._clock = clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        overview, now = self._queries.overview(), self._clock()
        deliveries = GaugeMetricFamily(
            "bridge_deliveries", "Deliveries by state.", labels=["destination", "state"]
        )
        remarks = GaugeMetricFamily(
            "bridge_deliveries_with_remark",
            "What was delivered with a reason to look at it.",
            labels=["destination", "reason"],
        )
        oldest = GaugeMetricFamily(
            "bridge_oldest_open_age_seconds",
            "How long ago the oldest order that is still to be delivered came in.",
            labels=["destination"],
        )
        paused = GaugeMetricFamily(
            "bridge_destination_paused", "1 while a destination is paused.", labels=["destination"]
        )
        for destination, counts in overview.by_state.items():
            for state, count in counts.items():
                deliveries.add_metric([destination, state], count)
        for destination, reasons in overview.remarks.items():
            for reason, count in reasons.items():
                remarks.add_metric([destination, reason], count)
        for backlog in overview.backlogs:
            oldest.add_metric([backlog.destination], _age(now, backlog.oldest_received_at))
        for pause in overview.pauses:
            paused.add_metric([pause.destination], float((pause.paused_until or now) > now))
        yield from (deliveries, remarks, oldest, paused)


def _age(now: datetime, since: datetime) -> float:
    return max((now - since).total_seconds(), 0.0)
