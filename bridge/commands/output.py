"""How every command answers: a table for people, JSON with --json, errors in one line."""

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

import click
import orjson
from rich.console import Console
from rich.table import Table

from bridge.errors import BridgeError

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our own errors into one line and exit code 2, never a stack trace."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BridgeError as error:
            if kwargs.get("as_json"):
                show_json({"error": {"code": error.code, "message": str(error)}})
            click.echo(f"bridge: {error}", err=True)
            raise click.exceptions.Exit(2) from None

    return run


def show_json(answer: Any) -> None:
    """Print one JSON document on one line."""
    click.echo(orjson.dumps(answer, default=str, option=orjson.OPT_NON_STR_KEYS))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; an empty one says so."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")  # an id cut short is no id
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console()
    if table.row_count:
        console.print(table)
    else:
        console.print(f"{title}: none")
