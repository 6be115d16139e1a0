"""How every command answers: a table for people, JSON with --json, errors in one line."""

import functools
import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from textwrap import TextWrapper
from typing import Any, ParamSpec, TypeVar

import click
import orjson
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bridge.errors import BridgeError
from bridge.operate.logs import account_of
from bridge.operate.settings import TRACEBACK

P = ParamSpec("P")
R = TypeVar("R")

UNEXPECTED = 3
"""Exit code of an error nobody expected: a fault of ours, neither a no nor a mistake."""

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our own errors into one line and exit code 2, what nobody expected into one and 3."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BridgeError as error:
            if kwargs.get("as_json"):
                show_json({"error": {"code": error.code, "message": str(error)}})
            click.echo(f"bridge: {error}", err=True)
            raise click.exceptions.Exit(2) from None
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001  # the last resort: a person reads the answer
            _tell_unexpected(error, as_json=bool(kwargs.get("as_json")))
            raise click.exceptions.Exit(UNEXPECTED) from None

    return run


def _tell_unexpected(error: Exception, *, as_json: bool) -> None:
    """Say what kind of error it was and where; its own message may hold what an order holds."""
    told = account_of(error)
    message = (
        f"an error nobody expected ({told['error']} at {told['reason']}). Nothing was shown of it,"
        f" as its text may be personal; run the command again with {TRACEBACK}=1 for all of it, and"
        " report it."
    )
    if as_json:
        show_json({"error": {"code": "unexpected", "message": message}})
    click.echo(f"bridge: {message}", err=True)
    if os.environ.get(TRACEBACK):
        click.echo("".join(traceback.format_exception(error)), err=True)


def show_json(answer: Any) -> None:
    """Print one JSON document on one line."""
    click.echo(orjson.dumps(answer, default=str, option=orjson.OPT_NON_STR_KEYS))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, or what it has line by line where the screen is too narrow; never half a word.

    An empty one says so.
    """
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    console = Console()
    if not cells:
        click.echo(f"{title}: none")
        return
    widths = _widths([list(column) for column in zip(columns, *cells, strict=True)], console.width)
    if widths is None:
        _show_lines(title, columns, cells, console.width)
        return
    click.echo(title)
    table = Table()
    for width, column in zip(widths, columns, strict=True):
        table.add_column(column, overflow="fold", width=width)
    for row in cells:
        table.add_row(*map(escape, row))
    console.print(table)


def _widths(columns: Sequence[Sequence[str]], screen: int) -> list[int] | None:
    """Answer how wide each column is to be, to break no word; None when there is no room."""
    spare = screen - 3 * len(columns) - 1
    widths = [max(map(_longest_word, column)) for column in columns]
    spare -= sum(widths)
    if spare < 0:
        return None
    for place, column in enumerate(columns):
        wish = max(cell_len(line) for text in column for line in text.split("\n"))
        more = min(spare, wish - widths[place])
        widths[place], spare = widths[place] + more, spare - more
    return widths


def _show_lines(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], screen: int
) -> None:
    click.echo(title)
    indent = max(map(len, columns)) + 4
    wrapped = TextWrapper(
        screen,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for row in rows:
        for name, cell in zip(columns, row, strict=True):
            if cell:
                click.echo(wrapped.fill(f"  {name:{indent - 2}}{cell}"))
        click.echo()


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)
