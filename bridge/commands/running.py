"""Commands that run the bridge: up, serve, work, migrate."""

import os
import sys
from contextlib import nullcontext

import click

from bridge.commands.output import as_json, explained, show_json
from bridge.commands.reloading import Senders, reloaded
from bridge.operate.hook_lock import hold_hook_lock
from bridge.operate.logs import configure_logs
from bridge.operate.server import require_free_port
from bridge.operate.server import serve as serve_hook
from bridge.operate.settings import Settings, load_settings
from bridge.operate.supervise import Supervisor, is_supervised, stop_with_supervisor
from bridge.outbox.database import migrate as migrate_schema
from bridge.wiring import open_engine, open_installation, open_site_secrets


@click.command()
@as_json
@explained
def up(*, as_json: bool) -> None:
    """Run everything in one place: migrate, take orders, send them.

    Without BRIDGE_CONFIG it keeps its data in ./var and sends to the mock platform on port 8090
    (start that with `mock-platform serve`, or set MOCK_PLATFORM_URL). Calls are then signed with
    the secret in var/site.secret, made at first start. Stop it with Ctrl-C or SIGTERM; SIGHUP has
    it read its settings again.
    """
    configure_logs()
    settings = load_settings()
    require_free_port(settings.hook)
    open_site_secrets(settings)
    migrate_schema(open_engine(settings))
    _announce(settings, "hook", "sender", as_json=as_json)
    sys.exit(Supervisor([["serve"], ["work"]]).run())


@click.command()
@as_json
@explained
def serve(*, as_json: bool) -> None:
    """Run the hook alone. Needs a migrated database; `bridge work` sends what it takes.

    SIGHUP has it read its settings again, without a broken call.
    """
    configure_logs()
    stop_with_supervisor()
    settings = load_settings()
    open_installation(settings).engine.dispose()
    open_site_secrets(settings)
    if not is_supervised():  # a hook just killed may still be letting go of its port
        require_free_port(settings.hook)
    with nullcontext() if settings.shares_database else hold_hook_lock(settings.hook_lock):
        _announce(settings, "hook", as_json=as_json)
        serve_hook(settings.hook, lambda: reloaded(settings) is not None)


@click.command()
@as_json
@explained
def work(*, as_json: bool) -> None:
    """Run the sender alone: claim, post, settle, until stopped.

    SIGTERM and Ctrl-C end it in good order: the request under way is settled, the rest given back.
    SIGHUP has it read its settings again.
    """
    configure_logs()
    stop_with_supervisor()
    settings = load_settings()
    open_installation(settings).engine.dispose()
    _announce(settings, "sender", as_json=as_json)
    Senders(settings).run()


@click.command()
@as_json
@explained
def migrate(*, as_json: bool) -> None:
    """Bring the database's schema up to date. Safe to run again, and from several machines."""
    settings = load_settings()
    revision = migrate_schema(open_engine(settings))
    if as_json:
        show_json({"revision": revision})
    else:
        click.echo(f"The schema is at {revision}.")


def _announce(settings: Settings, *parts: str, as_json: bool) -> None:
    """Say what is about to run, before it takes over the process; a supervisor says it for all."""
    if is_supervised():
        return
    url = f"http://{settings.hook.host}:{settings.hook.port}"
    if as_json:
        destinations = [one.id for one in settings.enabled_destinations]
        show_json({"running": parts, "url": url, "destinations": destinations, "pid": os.getpid()})
        return
    if "hook" in parts:
        click.echo(f"The hook listens at {url}/v1/orders")
    if "sender" in parts:
        for one in settings.enabled_destinations:
            click.echo(f"Sending to {one.id} at {one.base_url}")
        if not settings.enabled_destinations:
            click.echo("No destination is enabled: orders are stored, nothing is sent.")
