"""`make crash`: the long run, with a report."""

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from loadtests.crash.campaign import Campaign, Report
from loadtests.crash.world import World
from loadtests.postgres_server import wanted_database
from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer


@click.command()
@click.option("--kills", default=500, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option(
    "--database",
    default="sqlite",
    show_default=True,
    help="sqlite, postgresql (a server of its own), or an empty one's URL.",
)
def main(kills: int, seed: int, database: str) -> None:
    """Kill hook and senders at seeded moments, then hold the platform's books to the hook's word.

    Exit code 1 when a promise was broken; the folder with log and database is then kept.
    """
    directory = Path(tempfile.mkdtemp(prefix="crash-"))
    with MockServer(data=directory / "mock") as platform, wanted_database(database) as used:
        world = World(directory, MockWorkspace(platform.url), used.url if used else "")
        report = Campaign(world, kills=kills, seed=seed).run()
    _show(report)
    if not report.ok:
        click.echo(f"Everything is kept in {directory}")
        sys.exit(1)


def _show(report: Report) -> None:
    click.echo(json.dumps(asdict(report), indent=2))
    said = "Every promise was kept." if report.ok else "PROMISES WERE BROKEN."
    click.echo(f"{sum(report.killed.values())} kills, {report.acknowledged} orders. {said}")


if __name__ == "__main__":
    main()
