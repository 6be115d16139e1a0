"""The command: `python -m loadtests.bench`."""

from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.progress import track

from loadtests.bench.hook import measure_hook
from loadtests.bench.population import Population
from loadtests.bench.report import Report
from loadtests.bench.rounds import measure
from loadtests.bench.whole_path import measure_path
from loadtests.processes import end_like_an_interrupted_one

HOOK_ROUNDS = 5
_HELP = """Measure what one order costs the bridge beside Meta's own SDK, as a ratio in one run.

The bridge goes all the way from raw JSON to the bytes of Meta's and Google's events; the SDK does
its own part only, for Meta alone, from values already parsed and cleaned. Every order is another
person's and the process is a fresh one, so nothing is cached. Then the hook beside a bare route,
and hook, sender and mock platform together. Prints tables and writes bench.json.
"""


@click.command(help=_HELP)
@click.option("--rounds", type=click.IntRange(min=1), default=9, show_default=True)
@click.option(
    "--orders", type=click.IntRange(min=1), default=1000, help="In a round.", show_default=True
)
@click.option(
    "--hook-orders",
    type=click.IntRange(min=0),
    default=1000,
    help="In a round at the hook, and all the way; 0 leaves both out.",
    show_default=True,
)
@click.option("--seed", type=click.IntRange(min=0), default=2026, show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("bench.json"),
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="Print bench.json instead of tables.")
def main(
    *,
    rounds: int,
    orders: int,
    hook_orders: int,
    seed: int,
    output: Path,
    as_json: bool,
) -> None:
    """Run the command; a ratio above the aim is reported and is no failure."""
    console = Console()
    population = Population(seed)
    measured = list(
        track(
            measure(population, rounds, orders),
            total=rounds,
            description="measuring",
            console=Console(stderr=True),
            disable=as_json or not console.is_terminal,
            transient=True,
        )
    )
    hook = measure_hook(HOOK_ROUNDS, hook_orders, seed) if hook_orders else None
    path = measure_path(hook_orders, seed) if hook_orders else None
    report = Report(rounds=measured, size=orders, population=population, hook=hook, path=path)
    written = orjson.dumps(report.to_dict(), option=orjson.OPT_INDENT_2)
    output.write_bytes(written + b"\n")
    if as_json:
        click.echo(written)
    else:
        console.print(report.tables(), highlight=False)


if __name__ == "__main__":
    end_like_an_interrupted_one()
    main()
