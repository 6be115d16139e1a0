"""The command `mock-platform`."""

import importlib
import json
import os
import signal
import threading
from pathlib import Path

import click

from mock_platform.asserting_commands import export, replay, verify
from mock_platform.command_options import as_json
from mock_platform.commands import reset, scenario, tell
from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.model import Mode
from mock_platform.rules_page import rules_page
from mock_platform.server import MockServer
from mock_platform.settings import Settings

_ORDERS = "orders"


class Commands(click.Group):
    """Loads `orders` when it is asked for: serving needs neither Faker nor its start-up time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the help."""
        return [*super().list_commands(ctx), _ORDERS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`."""
        return _orders() if cmd_name == _ORDERS else super().get_command(ctx, cmd_name)


def _orders() -> click.Command:
    try:
        module = importlib.import_module("loadtests.command")
    except ImportError as error:
        return _unavailable(f"needs the module {error.name}: install the dependency group 'load'")
    command: click.Command = module.orders
    return command


def _unavailable(reason: str) -> click.Command:
    @click.command(_ORDERS, short_help=f"(not installed: {reason})")
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def orders(arguments: tuple[str, ...]) -> None:
        del arguments
        raise click.ClickException(reason)

    return orders


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Stand in for Meta and Google: check, remember, deduplicate, process, break on demand.

    Start it with `mock-platform serve`, point a sender at the URL it prints, and look at
    /_mock/events to see what became of every event.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8090, show_default=True, type=click.IntRange(0, 65535), help="0 = any free."
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the journals in this directory; without it they are gone at the end.",
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.FAITHFUL.value,
    show_default=True,
    help="faithful: what the platform is known to do. strict: every documented rule rejects.",
)
@as_json
def serve(host: str, port: int, data: Path | None, mode: str, *, as_json: bool) -> None:
    """Serve until interrupted, and print the URL once it answers.

    Use the URL in place of https://graph.facebook.com, https://datamanager.googleapis.com or
    https://googleads.googleapis.com, and URL/token for Google's access tokens. URL/ws/NAME is a
    world of its own, made on first use. URL/_mock/events shows every event with its verdict and
    findings.
    """
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        made = MockServer(host, port, data=data, settings=Settings(mode=Mode(mode)))
    except OSError as error:
        hint = f"cannot listen on {host}:{port} ({error.strerror}); choose another --port, 0 = any"
        raise click.ClickException(hint) from None
    with made as server:
        line = json.dumps({"url": server.url, "pid": os.getpid(), "mode": mode})
        click.echo(line if as_json else f"mock platform ({mode}) at {server.url}")
        stopped.wait()


@main.command()
@click.argument("rule_id", required=False)
@click.option("--markdown", is_flag=True, help="The whole page docs/mock-rules.md.")
@as_json
def rules(rule_id: str | None, *, markdown: bool, as_json: bool) -> None:
    """Explain RULE_ID, or list every rule with what to do about it."""
    if markdown:
        click.echo(rules_page(), nl=False)
        return
    known = all_rules()
    if rule_id is not None and rule_id not in known:
        raise click.ClickException(f"there is no rule {rule_id}; see: mock-platform rules")
    for rule in [known[rule_id]] if rule_id else known.values():
        text = f"{rule.id} ({rule.severity})\n  {rule.explanation}\n  Fix: {rule.fix}"
        click.echo(json.dumps(rule.as_json()) if as_json else text)


main.add_command(export)
main.add_command(replay)
main.add_command(verify)
main.add_command(reset)
main.add_command(scenario)
main.add_command(tell)
