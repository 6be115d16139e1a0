"""Commands that try things out without sending or storing anything: preview, hash."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any

import click

from bridge.clock import system_clock
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.errors import BodyNotJson, IntakeError, SettingsInvalid
from bridge.identity.rules import hash_field
from bridge.intake.answer import refused
from bridge.intake.reception import read_json
from bridge.operate.settings import Settings, load_settings
from bridge.preview import preview_order
from bridge.wiring import open_keys

Answer = dict[str, Any]


@click.command()
@click.argument("file", type=click.File("rb"))
@as_json
@explained
def preview(file: IO[bytes], *, as_json: bool) -> None:
    r"""Show what each destination would be sent for the orders in FILE (`-` for standard input).

    FILE holds one order, an array, or JSON lines. Nothing is stored or sent.

    \b
    mock-platform orders --count 3 | bridge preview -
    bridge preview cartridge_spec/contract/examples/full.json
    """
    del as_json  # the answer is JSON either way: events are
    settings = load_settings()
    keys = open_keys(settings)
    for raw in _orders(file.read()):
        show_json(_previewed(raw, settings, keys))


@click.command("hash")
@click.option("--platform", type=click.Choice(["meta"]), help="Whose rules.")
@click.option("--field", help="The platform's field: em, ph, fn, ln, ge, db, ct, st, zp, ...")
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
    r"""Normalise and hash VALUE as a platform wants it.

    Without VALUE, JSON lines {"platform","field","raw","country"} are read from standard input
    and answered with {"normalised","sha256","reason"}.

    \b
    bridge hash --platform meta --field ph --country US "(650) 555-1212"
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


def _orders(body: bytes) -> Iterator[object]:
    """Read one JSON document, or else one a line."""
    try:
        document = read_json(body)
    except BodyNotJson:
        yield from (read_json(line) for line in body.splitlines() if line.strip())
        return
    yield from document if isinstance(document, list) else [document]


def _previewed(raw: object, settings: Settings, keys: Any) -> Answer:
    try:
        return preview_order(raw, settings, keys, system_clock())
    except IntakeError as error:
        return refused(error)[1]


def _hashed_line(
    line: bytes, platform: str | None, field: str | None, country: str | None
) -> Answer:
    wanted = read_json(line)
    if not isinstance(wanted, dict) or not isinstance(wanted.get("raw"), str):
        raise BodyNotJson('each line must be a JSON object with a text "raw"')
    platform = str(wanted.get("platform") or platform)
    field = str(wanted.get("field") or field)
    try:
        return _hashed(platform, field, wanted["raw"], wanted.get("country") or country)
    except SettingsInvalid as error:  # one line's mistake is its own
        return {"normalised": None, "sha256": None, "reason": str(error)}


def _hashed(platform: str, field: str, raw: str, country: str | None) -> Answer:
    try:
        return asdict(hash_field(platform, field, raw, country))
    except ValueError as error:
        raise SettingsInvalid(f"hash: {error}") from None
