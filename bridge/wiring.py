"""Puts the parts of one installation together, the same way for every process and command."""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy import Engine

from bridge.aftermath.asking import ask
from bridge.clock import Clock, system_clock
from bridge.delivery.build import build_event
from bridge.delivery.context import DeliveryContext
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.throttle import Pace
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import HttpTransport
from bridge.delivery.worker import Worker
from bridge.errors import BridgeError
from bridge.events.event import Built
from bridge.identity.encryption import Sealer, key_from_text, load_or_create_key
from bridge.identity.pseudonymise import Keys
from bridge.intake.reception import Reception
from bridge.intake.signature import parse_secret
from bridge.operate.destinations import Destination
from bridge.operate.metrics import Metrics
from bridge.operate.secret import read_secret
from bridge.operate.settings import Settings
from bridge.outbox.database import LOCK_TIMEOUT, open_database, require_current, require_durable
from bridge.outbox.group_commit import GroupCommit
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim
from bridge.outbox.store import Store
from bridge.outbox.waking import Bell, listen
from bridge.pipeline import Accepted, Arrival, Prepared, accept, deliver

Accepting: TypeAlias = GroupCommit[Arrival | Prepared, Accepted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The parts every process shares."""

    settings: Settings
    clock: Clock
    engine: Engine
    store: Store
    queries: Queries
    keys: Keys


STATEMENT_TIMEOUT = 30.0
"""Seconds any statement of a hook or sender may take; those of operators may take longer."""


def open_engine(
    settings: Settings,
    *,
    lock_timeout: float = LOCK_TIMEOUT,
    statement_timeout: float | None = None,
) -> Engine:
    """Open the database of the settings; the timeouts as `open_database` takes them."""
    password = settings.database_password
    return open_database(
        settings.database,
        password=read_secret(password) if password else None,
        lock_timeout=lock_timeout,
        statement_timeout=statement_timeout,
        connections=settings.database_connections,
    )


def open_installation(
    settings: Settings, clock: Clock = system_clock, *, lock_timeout: float = LOCK_TIMEOUT
) -> Installation:
    """Open the database and the keys; `lock_timeout` as `open_database` takes it.

    Raises:
        SettingsInvalid: the schema is not current, commits are not durable, or a key or the
            database cannot be used.
    """
    engine = open_engine(settings, lock_timeout=lock_timeout, statement_timeout=STATEMENT_TIMEOUT)
    try:
        require_current(engine)
        require_durable(engine)
    except BridgeError:
        engine.dispose()
        raise
    return Installation(
        settings=settings,
        clock=clock,
        engine=engine,
        store=Store(engine, clock),
        queries=Queries(engine),
        keys=open_keys(settings),
    )


def open_sender(installation: Installation, stop: threading.Event) -> Worker:
    """Open the sender's side: what a round of delivery works with, and the loop around it."""
    settings, keys = installation.settings, installation.keys

    def build(claim: Claim, destination: Destination) -> Built:
        return build_event(claim, destination, keys.sealer)

    transport = HttpTransport()
    context = DeliveryContext(
        store=installation.store,
        sender=settings.sender,
        transport=transport,
        build=build,
        sealer=keys.sealer,
        clock=installation.clock,
        random=random.random,
        pace=Pace(settings.sender.pause_base),
        tokens=Tokens(GoogleTokens(transport, installation.clock)),
        kept_for=settings.kept_for,
        stop=stop,
    )
    return Worker(
        context,
        settings.destinations,
        deliver,
        ask,
        listen=partial(listen, installation.engine),
    )


def open_keys(settings: Settings) -> Keys:
    """Read the master secrets, or make one beside the database at first start."""
    masters = open_masters(settings)
    return Keys(sealer=Sealer(masters), master=masters[0])


def open_masters(settings: Settings) -> list[bytes]:
    """Read every master secret, the one in use first; keys of persons exist under each of them."""
    return [
        key_from_text(read_secret(reference), origin=reference)
        for reference in settings.encryption_keys
    ] or [load_or_create_key(settings.key_file)]


def open_site_secrets(settings: Settings) -> dict[str, list[bytes]]:
    """Read the live secrets of every enabled site; the demo sites' is made at first start.

    Raises:
        SettingsInvalid: one is missing or cannot be one; names where it should be.
    """
    if settings.is_embedded:
        load_or_create_key(settings.site_secret_file)
    return {
        site.id: [parse_secret(read_secret(one), origin=one) for one in site.secrets]
        for site in settings.sites
        if site.enabled
    }


def open_outbox(installation: Installation) -> Accepting:
    """Open what makes the hook's orders durable."""
    settings, keys, store = installation.settings, installation.keys, installation.store
    hook, bell = settings.hook, Bell(installation.engine)

    def accept_and_ring(waiting: Sequence[Arrival | Prepared]) -> list[Accepted]:
        accepted = accept(waiting, settings, keys, store)
        bell.pull()
        return accepted

    return GroupCommit(
        accept_and_ring,
        store.try_writing,
        max_records=hook.max_batch_orders,
        max_waiting=hook.max_waiting_orders,
        timeout=hook.store_timeout,
        shed_after=hook.shed_after,
    )


def open_reception(installation: Installation, outbox: Accepting) -> Reception:
    """Open the hook's side: every enabled site's secrets, and where orders are stored."""
    settings = installation.settings
    return Reception(
        settings=settings,
        secrets=open_site_secrets(settings),
        keys=installation.keys,
        outbox=outbox,
        metrics=Metrics(installation.queries, installation.clock),
        clock=installation.clock,
    )
