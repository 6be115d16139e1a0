"""Rounds of measurement, all in one fresh process that prepares nothing itself.

Every round brings persons the process has never seen, so nothing can have been kept of them. The
contenders take turns in beginning. What is counted is processor time: on a shared machine it stands
still while others have the processor.
"""

import atexit
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from tempfile import TemporaryDirectory
from time import process_time_ns
from typing import Final

import orjson

from bridge.clock import system_clock
from bridge.identity.pseudonymise import Keys
from bridge.outbox.database import migrate, open_database
from bridge.outbox.store import Store
from loadtests.bench.bridge_path import (
    BOTH,
    META,
    Stopwatch,
    event_stages,
    events,
    new_keys,
    record_of,
    storage_stages,
)
from loadtests.bench.meta_sdk import all_in_one_request, one_a_request
from loadtests.bench.population import Case, Population

BRIDGE: Final = "bridge, Meta and Google"
BRIDGE_META: Final = "bridge, Meta alone"
SDK: Final = "sdk, one event a request"
SDK_ALL: Final = "sdk, all events in one request"
FLOOR: Final = "floor"
PREPARE: Final = "hook: all of pipeline.prepare"
_CHUNK: Final = 20
HASH: Final = "SHA-256 alone, within normalise and hash"
STORE: Final = f"hook: store in SQLite, {_CHUNK} orders a transaction"
_DETAIL_SHARE: Final = 4

Microseconds = Mapping[str, float]
"""Name to processor time for one event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOfCases:
    """Whom a round measures on what; no person stands in two of the blocks."""

    number: int
    contenders: Sequence[Case]
    stages: Sequence[Case]
    storage: Sequence[Case]
    prepare: Sequence[Case]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One round's figures."""

    contenders: Microseconds
    stages: Microseconds
    storage: Microseconds


def measure(population: Population, rounds: int, size: int) -> Iterator[Measured]:
    """Measure `rounds` rounds of `size` orders, and a quarter of that for each table of stages."""
    detail = max(1, size // _DETAIL_SHARE)
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as fresh:
        for number in range(rounds):
            cases = RoundOfCases(
                number=number,
                contenders=population.take(size),
                stages=population.take(detail),
                storage=population.take(detail),
                prepare=population.take(detail),
            )
            yield fresh.submit(run_round, cases).result()


def run_round(cases: RoundOfCases) -> Measured:
    """Measure everything once, in this process."""
    keys, store = _keys(), _store()
    storage = _staged(cases.storage, lambda raws, watch: storage_stages(raws, keys, watch))
    prepared = _timed(lambda block: _prepare_all(block, keys), cases.prepare)
    records = [record_of(case.raw, keys) for case in cases.prepare]
    groups = [records[start : start + _CHUNK] for start in range(0, len(records), _CHUNK)]
    return Measured(
        contenders=_contest(cases),
        stages={**_staged(cases.stages, event_stages), HASH: _timed(_hash_all, cases.stages)},
        storage={
            **storage,
            PREPARE: prepared,
            STORE: _timed(lambda _: [store.record(group) for group in groups], cases.prepare),
        },
    )


def _contest(cases: RoundOfCases) -> Microseconds:
    names = list(CONTENDERS)
    first = cases.number % len(names)
    return {
        name: _timed(CONTENDERS[name], cases.contenders) for name in (names[first:] + names[:first])
    }


def _timed(work: Callable[[Sequence[Case]], object], block: Sequence[Case]) -> float:
    begun = process_time_ns()
    work(block)
    return (process_time_ns() - begun) / 1000 / len(block)


def _staged(
    block: Sequence[Case], stages: Callable[[Sequence[bytes], Stopwatch], None]
) -> Microseconds:
    watch = Stopwatch(process_time_ns)
    raws = [case.raw for case in block]
    for start in range(0, len(raws), _CHUNK):
        stages(raws[start : start + _CHUNK], watch)
    return {name: lap / 1000 / len(block) for name, lap in watch.laps.items()}


def _bridge(block: Sequence[Case]) -> None:
    for case in block:
        events(case.raw, BOTH)


def _bridge_meta(block: Sequence[Case]) -> None:
    for case in block:
        events(case.raw, (META,))


def _floor(block: Sequence[Case]) -> None:
    """Do what nobody can do without: read the order, hash as often, write both events."""
    for case in block:
        orjson.loads(case.raw)
        _hash(case)
        for event in case.both:
            orjson.dumps(event)


def _hash_all(block: Sequence[Case]) -> None:
    for case in block:
        _hash(case)


def _hash(case: Case) -> None:
    for text in case.hashed_texts:
        sha256(text).hexdigest()


def _prepare_all(block: Sequence[Case], keys: Keys) -> None:
    for case in block:
        record_of(case.raw, keys)


CONTENDERS: Final[Mapping[str, Callable[[Sequence[Case]], None]]] = {
    BRIDGE: _bridge,
    BRIDGE_META: _bridge_meta,
    SDK: lambda block: one_a_request([case.purchase for case in block]),
    SDK_ALL: lambda block: all_in_one_request([case.purchase for case in block]),
    FLOOR: _floor,
}


@cache
def _keys() -> Keys:
    return new_keys()


@cache
def _store() -> Store:
    """Answer an empty outbox in a file that is gone when the process ends."""
    folder = TemporaryDirectory(prefix="bench-")
    engine = open_database(f"sqlite:///{folder.name}/bridge.sqlite3")
    atexit.register(folder.cleanup)
    migrate(engine)
    return Store(engine, system_clock)
