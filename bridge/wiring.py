"""Puts the parts of one installation together, the same way for every process and command."""

from dataclasses import dataclass

from sqlalchemy import Engine

from bridge.clock import Clock, system_clock
from bridge.identity.encryption import Sealer, key_from_text, load_or_create_key
from bridge.identity.pseudonymise import Keys
from bridge.intake.reception import Reception
from bridge.intake.signature import parse_secret
from bridge.operate.metrics import Metrics
from bridge.operate.secret import read_secret
from bridge.operate.settings import Settings
from bridge.outbox.database import open_database, require_current
from bridge.outbox.group_commit import GroupCommit
from bridge.outbox.queries import Queries
from bridge.outbox.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The parts every process shares."""

    settings: Settings
    clock: Clock
    engine: Engine
    store: Store
    queries: Queries
    keys: Keys


def open_installation(settings: Settings, clock: Clock = system_clock) -> Installation:
    """Open the database and the keys.

    Raises:
        SettingsInvalid: the schema is not current, or a key or the database cannot be used.
    """
    engine = open_database(settings.database)
    require_current(engine)
    return Installation(
        settings=settings,
        clock=clock,
        engine=engine,
        store=Store(engine, clock),
        queries=Queries(engine),
        keys=open_keys(settings),
    )


def open_keys(settings: Settings) -> Keys:
    """Read the master secrets, or make one beside the database at first start."""
    masters = [
        key_from_text(read_secret(reference), origin=reference)
        for reference in settings.encryption_keys
    ] or [load_or_create_key(settings.key_file)]
    return Keys(sealer=Sealer(masters), master=masters[0])


def open_reception(installation: Installation) -> Reception:
    """Open the hook's side: every enabled site's secrets and the group commit."""
    settings = installation.settings
    if settings.is_embedded:
        load_or_create_key(settings.site_secret_file)
    secrets = {
        site.id: [parse_secret(read_secret(reference)) for reference in site.secrets]
        for site in settings.sites
        if site.enabled
    }
    return Reception(
        settings=settings,
        secrets=secrets,
        keys=installation.keys,
        outbox=GroupCommit(
            installation.store,
            max_records=settings.hook.max_batch_orders,
            max_waiting=settings.hook.max_waiting_orders,
        ),
        metrics=Metrics(installation.queries, installation.clock),
        clock=installation.clock,
    )
