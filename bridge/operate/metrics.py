"""Prometheus metrics, all names in one place.

What happened in this process is counted here; what is waiting is read from the database at each
scrape, so every process tells the same.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bridge.clock import Clock
from bridge.errors import StoreUnavailable
from bridge.outbox.queries import Overview, Queries


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
        try:
            overview = self._queries.overview()
        except StoreUnavailable:  # what the process itself counted is wanted most just then
            yield _store_up(0)
            return
        yield _store_up(1)
        yield from self._waiting(overview, self._clock())

    def _waiting(self, overview: Overview, now: datetime) -> Iterator[GaugeMetricFamily]:
        oldest = {one.destination: one.oldest_received_at for one in overview.backlogs}
        paused = {one.destination: _until(now, one.paused_until or now) for one in overview.pauses}
        yield _by_two("bridge_deliveries", "Deliveries by state.", "state", overview.by_state)
        yield _by_two(
            "bridge_deliveries_with_remark",
            "What was delivered with a reason to look at it.",
            "reason",
            overview.remarks,
        )
        yield _by_destination(
            "bridge_oldest_open_age_seconds",
            "How long ago the oldest order that is still to be delivered came in.",
            _ages(now, oldest),
        )
        yield _by_destination(
            "bridge_oldest_dead_letter_age_seconds",
            "How long ago the oldest order with a dead letter came in.",
            _ages(now, overview.oldest_dead_letters),
        )
        yield _by_destination(
            "bridge_deadline_headroom_seconds",
            "How long the pending delivery whose deadline is nearest still has.",
            {name: (at - now).total_seconds() for name, at in overview.nearest_deadlines.items()},
        )
        yield _by_destination(
            "bridge_destination_paused",
            "1 while a destination is paused.",
            {name: float(seconds > 0) for name, seconds in paused.items()},
        )
        yield _by_destination(
            "bridge_destination_paused_seconds", "How long the pause still lasts.", paused
        )


def _store_up(up: int) -> GaugeMetricFamily:
    return GaugeMetricFamily("bridge_store_up", "1 while the database can be read.", value=up)


def _by_destination(name: str, told: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, told, labels=["destination"])
    for destination, value in values.items():
        gauge.add_metric([destination], value)
    return gauge


def _by_two(
    name: str, told: str, label: str, counts: Mapping[str, Mapping[Any, int]]
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, told, labels=["destination", label])
    for destination, values in counts.items():
        for value, count in values.items():
            gauge.add_metric([destination, value], count)
    return gauge


def _ages(now: datetime, since: Mapping[str, datetime]) -> dict[str, float]:
    return {destination: _until(at, now) for destination, at in since.items()}


def _until(now: datetime, then: datetime) -> float:
    return max((then - now).total_seconds(), 0.0)
