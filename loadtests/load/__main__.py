"""The command: `python -m loadtests.load PROFILE`."""

import sys
from pathlib import Path

import click
import orjson
from rich.console import Console

from loadtests.load.profile import Choice, ProfileInvalid
from loadtests.load.report import NUMBERS, Report
from loadtests.load.run import Plan, run
from loadtests.postgres_server import POSTGRESQL, SQLITE, ServerFailed, wanted_database
from loadtests.processes import end_like_an_interrupted_one
from loadtests.stage import StageFailed

FOLDER = Path("var/load")
BASELINES = FOLDER / "baselines"
POSITIVE = click.FloatRange(min=0, min_open=True)


def _database(_context: click.Context, _parameter: click.Parameter, given: str) -> str:
    if given in {SQLITE, POSTGRESQL} or given.startswith(f"{POSTGRESQL}://"):
        return given
    raise click.BadParameter("use sqlite, postgresql, or a URL such as postgresql://user@host/db")


@click.command()
@click.argument("profile")
@click.option("--seconds", type=POSITIVE, help="Do all of it within that time.")
@click.option("--rate", type=POSITIVE, help="Orders a second when most come; others likewise.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option(
    "--database",
    default="sqlite",
    show_default=True,
    callback=_database,
    help="sqlite, postgresql (a server of its own), or the URL of an empty PostgreSQL database.",
)
@click.option("--save-baseline", is_flag=True, help="Set later runs of the profile beside this.")
@click.option(
    "--worse",
    type=POSITIVE,
    metavar="TIMES",
    help="End with 1 when a number is that many times worse than the baseline.",
)
def main(  # noqa: PLR0913  # one for each option
    *,
    profile: str,
    seconds: float | None,
    rate: float | None,
    folder: Path | None,
    database: str,
    save_baseline: bool,
    worse: float | None,
) -> None:
    """Put bridge, sender and mock platform under a profile's load, and write a report.

    Ends with 1 when an order was lost or counted twice, or when an objective was missed.
    """
    console = Console()
    choice = Choice(source=profile, seconds=seconds, rate=rate)
    report, folder = _run(console, choice, database, folder, worse)
    page = report.write(folder)
    console.print(report.tables())
    console.print(f"report: {page}")
    if save_baseline:
        BASELINES.mkdir(parents=True, exist_ok=True)
        baseline(choice, database).write_bytes((folder / NUMBERS).read_bytes())
    sys.exit(0 if report.good else 1)


def _run(
    console: Console, choice: Choice, database: str, folder: Path | None, worse: float | None
) -> tuple[Report, Path]:
    try:
        wanted = choice.profile()
    except ProfileInvalid as error:
        raise click.UsageError(str(error)) from None
    if wanted.bridges > 1 and database == SQLITE:
        raise click.UsageError("several bridges need one PostgreSQL: use --database postgresql")
    console.print(f"{wanted.description} {wanted.seconds:g} s.")
    folder = folder or FOLDER / wanted.name
    try:
        with wanted_database(database) as used:
            plan = Plan(
                choice=choice,
                profile=wanted,
                folder=folder,
                database=used,
                baseline=_numbers(baseline(choice, database)),
                most_worse=worse,
            )
            return run(plan), folder
    except (StageFailed, ServerFailed) as error:
        raise click.ClickException(str(error)) from None


def baseline(choice: Choice, database: str) -> Path:
    """Name it after all that makes two runs comparable."""
    changed = [
        f"{number:g}{unit}"
        for number, unit in ((choice.seconds, "s"), (choice.rate, "-a-second"))
        if number is not None
    ]
    where = [] if database == SQLITE else [POSTGRESQL]
    return BASELINES / f"{'.'.join([Path(choice.source).stem, *changed, *where])}.json"


def _numbers(baseline: Path) -> dict[str, float]:
    if not baseline.is_file():
        return {}
    numbers: dict[str, float] = orjson.loads(baseline.read_bytes())["numbers"]
    return numbers


if __name__ == "__main__":
    end_like_an_interrupted_one()
    main()
