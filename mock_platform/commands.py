"""Commands for a mock that runs: reset it, play a scenario."""

import json
from pathlib import Path
from typing import IO

import click

from mock_platform.command_options import (
    as_json,
    read_lines,
    talking_to,
    url_option,
    workspace_option,
)


@click.command()
@url_option
@workspace_option
@as_json
def reset(url: str, workspace: str | None, *, as_json: bool) -> None:
    """Forget every event, fault and setting of a workspace, and set its clock to real time."""
    with talking_to(url, workspace) as mock:
        mock.reset()
    name = workspace or "default"
    click.echo(json.dumps({"workspace": name, "reset": True}) if as_json else f"{name}: reset")


@click.command()
@click.argument("orders", type=click.File("rb"))
@url_option
@workspace_option
@as_json
def tell(orders: IO[bytes], url: str, workspace: str | None, *, as_json: bool) -> None:
    """Tell the mock which ORDERS will come, one JSON object a line; - reads them from a pipe.

    \b
      mock-platform orders --count 20 --seed 7 | mock-platform tell -

    It then knows who placed them, and says of a digest what was hashed: a value nobody trimmed,
    the other platform's form, a digest. It also knows what they are worth.
    """
    with talking_to(url, workspace) as mock:
        told = mock.know_orders(*read_lines(orders))
    shoppers = told["shoppers"]
    text = f"{told['orders']['known']} orders, {shoppers['known']} shoppers known"
    click.echo(json.dumps(told) if as_json else text)


@click.group()
def scenario() -> None:
    """Play faults and settings under one name: an outage, a token that expires."""


@scenario.command("list")
@url_option
@workspace_option
@as_json
def list_scenarios(url: str, workspace: str | None, *, as_json: bool) -> None:
    """The scenarios that come with the mock, and the one that runs."""
    with talking_to(url, workspace) as mock:
        known = mock.scenarios()
    if as_json:
        click.echo(json.dumps(known))
        return
    running = known["running"]
    for each in known["shipped"]:
        marked = "*" if running and running["name"] == each["name"] else " "
        click.echo(f"{marked} {each['name']}\n    {each['description']}")


@scenario.command("start")
@click.argument("name")
@url_option
@workspace_option
@as_json
def start_scenario(name: str, url: str, workspace: str | None, *, as_json: bool) -> None:
    """Start the scenario NAME, or the one in the YAML file NAME."""
    file = Path(name)
    members = {"yaml": file.read_text("utf-8")} if file.is_file() else {}
    with talking_to(url, workspace) as mock:
        running = mock.start(file.stem if members else name, **members)
    click.echo(json.dumps(running) if as_json else f"{running['name']}: {running['description']}")


@scenario.command("stop")
@url_option
@workspace_option
def stop_scenario(url: str, workspace: str | None) -> None:
    """Stop the scenario that runs."""
    with talking_to(url, workspace) as mock:
        mock.stop()
    click.echo("stopped")
