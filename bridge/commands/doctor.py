"""The command `doctor`: what is wrong, or will be, before an order finds out."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from bridge.aftermath.advice import NOT_ENABLED
from bridge.aftermath.doctor.examination import examine
from bridge.aftermath.doctor.finding import Finding, Level, advice, fine, problem
from bridge.aftermath.doctor.settings_checks import check_settings
from bridge.aftermath.doctor.skips import Skip, skips
from bridge.clock import system_clock
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import HttpTransport
from bridge.errors import BridgeError
from bridge.identity.encryption import key_from_text, load_or_create_key
from bridge.intake.signature import parse_secret
from bridge.operate.secret import read_secret
from bridge.operate.settings import Settings, load_settings
from bridge.outbox.database import require_current, require_durable
from bridge.outbox.queries import Queries
from bridge.wiring import open_engine

_CONSENT = ("destination", "region", "purpose", "granted", "unknown", "denied")


@click.command()
@click.option("--offline", is_flag=True, help="Ask no platform.")
@as_json
@explained
def doctor(*, offline: bool, as_json: bool) -> None:
    """Check settings, keys, secrets and database, and ask each platform about its token.

    Sends no event and stores nothing. Exits with 1 when there is a problem; each comes with what
    to do. Also tells which orders each destination will skip by its settings, and the consent
    policy in force.
    """
    settings = load_settings()
    findings = [*check_settings(settings), *_check_machine(settings)]
    if not offline:
        transport = HttpTransport()
        tokens = Tokens(GoogleTokens(transport, system_clock))
        findings += examine(settings.enabled_destinations, transport, tokens, system_clock)
        transport.close()
    skipped = list(skips(settings.enabled_destinations))
    policies = [
        {"destination": one.id, "region": region, "purpose": purpose, **told}
        for one in settings.enabled_destinations
        for region, purpose, told in one.consent.rows
    ]
    healthy = all(one.level is not Level.PROBLEM for one in findings)
    if as_json:
        told = {"findings": list(map(asdict, findings)), "skips": list(map(asdict, skipped))}
        show_json({"ok": healthy, **told, "consent": policies})
    else:
        _show(findings, skipped)
        show_table(
            "What shoppers' answers mean",
            _CONSENT,
            (tuple(one[name] for name in _CONSENT) for one in policies),
        )
    if not healthy:
        raise click.exceptions.Exit(1)


def _check_machine(settings: Settings) -> Iterator[Finding]:
    """What is read on this machine: secrets, keys, database. Makes nothing that is missing."""
    yield from _check_site_secrets(settings)
    yield _check_keys(settings)
    database = _check_database(settings)
    yield database
    if database.level is Level.FINE:
        yield from _check_waiting(settings)


def _check_site_secrets(settings: Settings) -> Iterator[Finding]:
    for site in settings.sites:
        if not site.enabled:
            continue
        if settings.is_embedded and not settings.site_secret_file.exists():
            yield fine(site.id, "secrets", "The secret is made at the first start.")
            continue
        try:
            for reference in site.secrets:
                parse_secret(read_secret(reference), origin=reference)
        except (BridgeError, UnicodeDecodeError) as error:
            yield problem(
                site.id, "secrets", _words(error), "Make one with `openssl rand -base64 32`."
            )
        else:
            yield fine(site.id, "secrets", f"{len(site.secrets)} can be read.")


def _check_keys(settings: Settings) -> Finding:
    if not settings.encryption_keys and not settings.key_file.exists():
        return fine("keys", "encryption", f"{settings.key_file} is made at the first start.")
    try:
        for reference in settings.encryption_keys:
            key_from_text(read_secret(reference), origin=reference)
        if not settings.encryption_keys:
            load_or_create_key(settings.key_file)
    except (BridgeError, UnicodeDecodeError) as error:
        return problem(
            "keys", "encryption", _words(error), "Without it nothing stored can be opened."
        )
    return fine("keys", "encryption", "Every key can be read. Keep a copy apart from the backup.")


def _check_database(settings: Settings) -> Finding:
    path = settings.database.removeprefix("sqlite:///")
    if path != settings.database and not Path(path).exists():
        return advice("database", "schema", "There is none yet.", "Run `bridge migrate`.")
    try:
        engine = open_engine(settings)
        require_current(engine)
        require_durable(engine)
        engine.dispose()
    except BridgeError as error:
        return problem("database", "schema", _words(error), "See docs/operating.md, Files.")
    return fine("database", "schema", f"{engine.dialect.name}, up to date, commits are durable.")


def _check_waiting(settings: Settings) -> Iterator[Finding]:
    """What is open where nobody sends; a sender that is missing altogether shows in the audit."""
    engine = open_engine(settings)
    enabled = {one.id for one in settings.enabled_destinations}
    for one in Queries(engine).overview().backlogs:
        if one.destination not in enabled and one.open:
            told = f"{one.open} still open there, though it is off or gone."
            yield advice(one.destination, "waiting", told, NOT_ENABLED)
    engine.dispose()


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, BridgeError) else "A secret is not UTF-8 text."


def _show(findings: list[Finding], skipped: list[Skip]) -> None:
    for one in sorted(findings, key=lambda finding: list(Level)[::-1].index(finding.level)):
        click.echo(f"{one.level:>8}  {one.subject}, {one.check}: {one.message}")
        if one.to_do:
            click.echo(f"{'':>8}  -> {one.to_do}")
    show_table(
        "Orders that will be skipped",
        ("destination", "orders", "reason"),
        ((one.destination, one.orders, one.reason) for one in skipped),
    )
