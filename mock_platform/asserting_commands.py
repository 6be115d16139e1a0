"""Commands that hold a running mock against expectations, and hand its journal out and in."""

import json
from pathlib import Path
from typing import IO, Any

import click
import yaml

from mock_platform.command_options import (
    UnusableError,
    as_json,
    read_lines,
    talking_to,
    url_option,
    workspace_option,
)
from mock_platform.export import FORMATS
from mock_platform.replay import ReplayError
from mock_platform.replay import replay as send_again
from mock_platform.verification import junit, told

EVENTS = "events"


@click.command()
@click.argument("expectations", type=click.File("rb"))
@click.option("--orders", type=click.File("rb"), help="Orders that must have arrived, once each.")
@click.option("--timeout", type=click.FloatRange(0, 60), default=0.0, help="Wait so many seconds.")
@click.option(
    "--junit", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write JUnit XML."
)
@url_option
@workspace_option
@as_json
def verify(  # noqa: PLR0913 - one parameter an option
    expectations: IO[bytes],
    orders: IO[bytes] | None,
    timeout: float,
    report: Path | None,
    url: str,
    workspace: str | None,
    *,
    as_json: bool,
) -> None:
    """Hold the journal against EXPECTATIONS, a YAML file.

    Exits with 1 when it differs; with 2 when nothing answers or a file cannot be used.
    """
    document = _read(expectations)
    if orders is not None:
        document["orders"] = read_lines(orders)
    with talking_to(url, workspace) as mock:
        answer = mock.verify(document, timeout)
    if report is not None:
        report.write_text(junit(answer), encoding="utf-8")
    lines = [line for check in answer["checks"] for line in told(check)]
    click.echo(json.dumps(answer) if as_json else "\n".join(lines))
    if not answer["passed"]:
        raise SystemExit(1)


def _read(file: IO[bytes]) -> dict[str, Any]:
    try:
        document = yaml.safe_load(file)
    except yaml.YAMLError:
        raise UnusableError("the expectations are not YAML") from None
    if isinstance(document, list):
        return {"expectations": document}
    if not isinstance(document, dict):
        raise UnusableError("the expectations: expected a list, or an object with them")
    return document


@click.command()
@click.option("--format", "form", type=click.Choice([*FORMATS, EVENTS]), default="ndjson")
@url_option
@workspace_option
def export(form: str, url: str, workspace: str | None) -> None:
    """Print the requests of the journal: NDJSON to replay, HAR for a browser's network tools.

    Or its events, each with its verdict: what `bridge audit` takes as a platform's books.
    """
    with talking_to(url, workspace) as mock:
        if form != EVENTS:
            click.echo(mock.export(form), nl=False)
            return
        cursor, page = None, {"events": [None]}
        while page["events"]:
            page = mock.page(since=cursor)
            cursor = page["cursor"]
            for event in page["events"]:
                click.echo(json.dumps(event))


@click.command()
@click.argument("journal", type=click.File("rb"))
@click.option("--to", "base", required=True, metavar="URL", help="Where to send the requests.")
@click.option("--token", default="replayed", show_default=True, help="Sent in place of the tokens.")
@as_json
def replay(journal: IO[bytes], base: str, token: str, *, as_json: bool) -> None:
    """Send the requests of an exported JOURNAL (NDJSON) again, in order.

    Exits with 1 when one is answered otherwise or not at all; with 2 when none is answered.
    """
    try:
        done = send_again(read_lines(journal), base, token)
    except ReplayError as error:
        raise UnusableError(str(error)) from None
    differing = ", ".join(f"{number} ({what})" for number, what in done.differing.items())
    lines = [
        f"{done.sent} sent",
        f"{len(done.cut)} left out, the journal holds part of the body only",
        f"{len(done.unanswered)} unanswered",
        f"{len(done.differing)} answered otherwise{': ' if differing else ''}{differing}",
    ]
    click.echo(json.dumps(done.as_json()) if as_json else "\n".join(lines))
    if done.unanswered and not done.sent:
        raise UnusableError(f"nothing answers at {base}")
    if done.unanswered or done.differing:
        raise SystemExit(1)
