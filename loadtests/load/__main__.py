"""The command: `python -m loadtests.load PROFILE`."""

import sys
from pathlib import Path

import click
import orjson
from rich.console import Console

from loadtests.load.profile import ProfileInvalid, load
from loadtests.load.report import NUMBERS
from loadtests.load.run import Plan, run
from loadtests.stage import StageFailed

FOLDER = Path("var/load")
BASELINES = FOLDER / "baselines"


@click.command()
@click.argument("profile")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option(
    "--database",
    default="sqlite",
    show_default=True,
    help="sqlite, or the URL of a PostgreSQL database.",
)
@click.option("--save-baseline", is_flag=True, help="Set later runs of the profile beside this.")
def main(*, profile: str, folder: Path | None, database: str, save_baseline: bool) -> None:
    """Put bridge, sender and mock platform under a profile's load, and write a report.

    Ends with 1 when an order was lost or counted twice, or when an objective was missed.
    """
    console = Console()
    try:
        wanted = load(profile)
    except ProfileInvalid as error:
        raise click.UsageError(str(error)) from None
    folder = folder or FOLDER / wanted.name
    baseline = BASELINES / f"{wanted.name}.json"
    settings = {} if database == "sqlite" else {"BRIDGE_DATABASE_URL": database}
    console.print(f"{wanted.description} {wanted.seconds:g} s.")
    try:
        report = run(
            Plan(
                source=profile,
                profile=wanted,
                folder=folder,
                settings=settings,
                baseline=_numbers(baseline),
            )
        )
    except StageFailed as error:
        raise click.ClickException(str(error)) from None
    page = report.write(folder)
    console.print(report.tables())
    console.print(f"report: {page}")
    if save_baseline:
        baseline.parent.mkdir(parents=True, exist_ok=True)
        baseline.write_bytes((folder / NUMBERS).read_bytes())
    sys.exit(0 if report.good else 1)


def _numbers(baseline: Path) -> dict[str, float]:
    if not baseline.is_file():
        return {}
    numbers: dict[str, float] = orjson.loads(baseline.read_bytes())["numbers"]
    return numbers


if __name__ == "__main__":
    main()
