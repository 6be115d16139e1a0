"""`bridge preview`: what would be sent, without sending or storing anything."""

import secrets
from collections.abc import Iterator
from typing import IO, Any

import click

from bridge.clock import system_clock
from bridge.commands.output import as_json, explained, show_json
from bridge.errors import BodyNotJson, IntakeError
from bridge.identity.encryption import MASTER_BYTES, Sealer
from bridge.identity.pseudonymise import Keys
from bridge.intake.answer import refused
from bridge.intake.reception import read_json
from bridge.operate.settings import Settings, load_settings
from bridge.preview import preview_order

Answer = dict[str, Any]


@click.command()
@click.argument("file", type=click.File("rb"))
@as_json
@explained
def preview(file: IO[bytes], *, as_json: bool) -> None:
    """Show what each destination would be sent for the orders in FILE (`-` for standard input).

    FILE holds one order, an array, or JSON lines; each is answered with a line of JSON, the event
    exactly as it would leave. Nothing is stored or sent.

    \b
    mock-platform orders --count 3 | bridge preview -
    bridge preview cartridge_spec/contract/examples/full.json
    """
    del as_json  # the answer is JSON either way: events are
    settings = load_settings()
    master = secrets.token_bytes(MASTER_BYTES)  # for this call alone: nothing is kept
    keys = Keys(sealer=Sealer([master]), master=master)
    for raw in _orders(file.read()):
        show_json(_previewed(raw, settings, keys))


def _orders(body: bytes) -> Iterator[object]:
    """Read one JSON document, or else give the lines: each is read, or refused, by itself."""
    try:
        document = read_json(body)
    except BodyNotJson:
        yield from filter(bytes.strip, body.splitlines())
        return
    yield from document if isinstance(document, list) else [document]


def _previewed(raw: object, settings: Settings, keys: Keys) -> Answer:
    try:
        order = read_json(raw) if isinstance(raw, bytes) else raw
        return preview_order(order, settings, keys, system_clock())
    except IntakeError as error:
        return refused(error)[1]
