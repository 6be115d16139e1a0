"""Opens the outbox for commands that only look, or act on single deliveries."""

from bridge.aftermath.dead_letter import DeadLetters
from bridge.clock import system_clock
from bridge.operate.settings import load_settings
from bridge.outbox.database import open_database, require_current
from bridge.outbox.queries import Queries
from bridge.outbox.store import Store


def open_queries() -> Queries:
    """Open the database of the settings for reading."""
    engine = open_database(load_settings().database)
    require_current(engine)
    return Queries(engine)


def open_dead_letters() -> DeadLetters:
    """Open the operator's desk."""
    engine = open_database(load_settings().database)
    require_current(engine)
    return DeadLetters(Store(engine, system_clock), Queries(engine), system_clock)
