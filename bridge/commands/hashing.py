"""`bridge hash`: what a platform's rules make of one value, or of many."""

import sys
from dataclasses import asdict
from typing import Any

import click
import orjson

from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.errors import BodyNotJson, SettingsInvalid
from bridge.identity.rules import Platform, hash_field

Answer = dict[str, Any]


@click.command("hash")
@click.option("--platform", type=click.Choice([one.value for one in Platform]), help="Whose rules.")
@click.option(
    "--field", help="The platform's own name for it, e.g. em or email; a wrong one lists all."
)
@click.option("--country", help="ISO 3166-1 alpha-2, for phones, states and postcodes.")
@click.argument("value", required=False)
@as_json
@explained
def hash_command(
    platform: str | None,
    field: str | None,
    country: str | None,
    value: str | None,
    *,
    as_json: bool,
) -> None:
    """Normalise and hash VALUE as a platform wants it.

    Without VALUE, JSON lines {"platform","field","raw","country"} are read from standard input
    and answered with {"normalised","sha256","reason"}.

    \b
    bridge hash --platform meta --field ph --country US "(650) 555-1212"
    bridge hash --platform google --field phone --country US "(650) 555-1212"
    """
    if value is None:
        for line in sys.stdin.buffer:
            if line.strip():
                show_json(_hashed_line(line, platform, field, country))
        return
    if platform is None or field is None:
        raise SettingsInvalid("hash: a VALUE needs --platform and --field")
    answer = _hashed(platform, field, value, country)
    if as_json:
        show_json(answer)
    else:
        show_table(f"{platform} {field}", ("what", "value"), answer.items())


def _hashed_line(
    line: bytes, platform: str | None, field: str | None, country: str | None
) -> Answer:
    try:
        wanted = _read(line)
    except BodyNotJson as error:  # one line's mistake is its own
        return {"normalised": None, "sha256": None, "reason": str(error)}
    platform = str(wanted.get("platform") or platform)
    field = str(wanted.get("field") or field)
    try:
        return _hashed(platform, field, wanted["raw"], wanted.get("country") or country)
    except SettingsInvalid as error:
        return {"normalised": None, "sha256": None, "reason": str(error)}


def _hashed(platform: str, field: str, raw: str, country: str | None) -> Answer:
    try:
        return asdict(hash_field(platform, field, raw, country))
    except ValueError as error:
        raise SettingsInvalid(f"hash: {error}") from None


def _read(line: bytes) -> Answer:
    try:
        wanted = orjson.loads(line)
    except orjson.JSONDecodeError:
        wanted = None
    if not isinstance(wanted, dict) or not isinstance(wanted.get("raw"), str):
        raise BodyNotJson('write a JSON object with a text "raw" on each line')
    if not isinstance(wanted.get("country"), str | None):
        raise BodyNotJson('"country" must be a text, such as "US"')
    return wanted
