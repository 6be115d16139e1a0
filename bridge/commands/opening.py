"""Opens the outbox for commands that only look, or act on single deliveries."""

from sqlalchemy import Engine

from bridge.aftermath.correcting import Corrections
from bridge.aftermath.dead_letter import DeadLetters
from bridge.clock import system_clock
from bridge.operate.settings import load_settings
from bridge.outbox.database import require_current
from bridge.outbox.queries import Queries
from bridge.outbox.store import Store
from bridge.wiring import open_engine


def open_queries() -> Queries:
    """Open the database of the settings for reading."""
    return Queries(_open_current())


def open_dead_letters() -> DeadLetters:
    """Open the operator's desk."""
    settings, engine = load_settings(), _open_current()
    enabled = {one.id for one in settings.enabled_destinations}
    return DeadLetters(Store(engine, system_clock), Queries(engine), system_clock, enabled=enabled)


def open_corrections() -> Corrections:
    """Open the desk at which the order of a dead letter is corrected."""
    settings, engine = load_settings(), _open_current()
    return Corrections(
        store=Store(engine, system_clock),
        queries=Queries(engine),
        destinations=settings.enabled_destinations,
        clock=system_clock,
    )


def _open_current() -> Engine:
    engine = open_engine(load_settings())
    require_current(engine)
    return engine
