"""What the commands that talk to a running mock have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
import orjson
import requests

from mock_platform.client import MockPlatformError, MockWorkspace


class UnusableError(click.ClickException):
    """Nothing answers, or what was given cannot be read: nothing was found out."""

    exit_code = 2


as_json = click.option("--json", "as_json", is_flag=True, help="Answer as one line of JSON.")
url_option = click.option(
    "--url", default="http://127.0.0.1:8090", show_default=True, help="A running mock."
)
workspace_option = click.option(
    "--workspace", help="Only this workspace; without it the default one."
)


@contextmanager
def talking_to(url: str, workspace: str | None) -> Iterator[MockWorkspace]:
    """A workspace of the mock at `url`; what it refuses ends the command with one line."""
    try:
        yield MockWorkspace(url, workspace)
    except MockPlatformError as error:
        raise UnusableError(str(error)) from None
    except requests.RequestException:
        raise UnusableError(
            f"nothing answers at {url}; start it with: mock-platform serve"
        ) from None


def read_lines(file: IO[bytes]) -> list[Any]:
    """The JSON values of a file, one a line."""
    found = []
    for number, line in enumerate(file, 1):
        try:
            found.extend([orjson.loads(line)] if line.strip() else [])
        except orjson.JSONDecodeError:
            raise UnusableError(f"line {number} is not JSON") from None
    return found
