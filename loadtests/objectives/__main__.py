"""The command: `python -m loadtests.objectives`."""

from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.table import Table

from loadtests.objectives.rows import Row, rows
from loadtests.objectives.runs import RUNS, NothingMeasured, measure
from loadtests.processes import end_like_an_interrupted_one

WRITTEN = "objectives.json"


@click.command()
@click.option("--quick", is_flag=True, help="Only see that all of it runs.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/objectives"),
    show_default=True,
)
def main(*, quick: bool, folder: Path) -> None:
    """Measure everything that is wanted of speed, and print it beside what was found.

    Takes about ten minutes on a machine with nothing else to do. What was missed is reported and is
    no failure. Reports, logs and objectives.json are in the folder.
    """
    console = Console()
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for run in RUNS:
        console.print(f"{run.name} ...")
        try:
            found[run.name] = measure(run, folder, quick=quick)
        except NothingMeasured as error:
            raise click.ClickException(str(error)) from None
    made = rows(found)
    written = orjson.dumps([row.to_dict() for row in made], option=orjson.OPT_INDENT_2)
    (folder / WRITTEN).write_bytes(written + b"\n")
    console.print(_table(made))


def _table(made: list[Row]) -> Table:
    table = Table("", "wanted", "found", "", title="objectives")
    for row in made:
        table.add_row(str(row.number), row.wanted, row.found, row.verdict)
    return table


if __name__ == "__main__":
    end_like_an_interrupted_one()
    main()
