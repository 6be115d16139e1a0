"""`bridge move`: from SQLite to PostgreSQL, with all there is."""

from pathlib import Path

import click

from bridge.clock import system_clock
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.operate.settings import load_settings
from bridge.outbox.database import open_database
from bridge.outbox.moving import move as move_outbox
from bridge.wiring import open_engine, open_keys


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@explained
def move(file: Path, *, as_json: bool) -> None:
    """Copy the SQLite database FILE into the empty, migrated database of the settings.

    Stop every bridge on FILE first. All is copied or nothing, numbers and states as they are, and
    FILE stays as it was.

    \b
    bridge migrate
    bridge move /var/lib/bridge/bridge.sqlite3
    """
    settings = load_settings()
    counts = move_outbox(
        open_database(f"sqlite:///{file}"),
        open_engine(settings),
        now=system_clock(),
        unseal=open_keys(settings).sealer.unseal,
    )
    if as_json:
        show_json({"rows": counts})
    else:
        show_table("Moved", ("table", "rows"), counts.items())
