"""Fixtures for every test."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import settings

from bridge.identity.encryption import Sealer
from bridge.identity.pseudonymise import Keys
from bridge.operate.destinations import PlatformApi, Site
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.operate.meta_destination import MetaDestination

from .postgres import (
    empty_postgres_url,
    follow_postgres,
    migrated_template,
    postgres,
    postgres_url,
    run_postgres,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = [
    "empty_postgres_url",
    "follow_postgres",
    "migrated_template",
    "postgres",
    "postgres_url",
    "run_postgres",
]

# A loaded machine is no failure: whoever wants a time limit for an example sets one.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")

pytest_plugins = ["mock_platform.pytest_plugin"]

EXAMPLES = Path(__file__).parent.parent / "cartridge_spec/contract/examples"

SCREENSHOTS = Path(__file__).parent.parent / "var/screenshots"

OrderMaker = Callable[..., dict[str, Any]]


@pytest.fixture
def now() -> datetime:
    """Half a day after the examples' orders were placed."""
    return datetime(2026, 11, 22, 19, tzinfo=UTC)


@pytest.fixture
def make_order() -> OrderMaker:
    """An example order with members replaced, by name or dotted path."""

    def make(example: str = "full", /, **changes: object) -> dict[str, Any]:
        order: dict[str, Any] = json.loads((EXAMPLES / f"{example}.json").read_bytes())
        for path, value in changes.items():
            *parents, member = path.split(".")
            place = order
            for parent in parents:
                place = place.setdefault(parent, {})
            place[member] = value
        return order

    return make


@pytest.fixture
def site() -> Site:
    return Site(id="RefArch", secrets=("plain:whsec_c2VjcmV0c2VjcmV0c2VjcmV0",))


@pytest.fixture
def make_destination() -> Callable[..., MetaDestination]:
    """A Meta destination at a mock, switched on, with settings replaced."""

    def make(**settings: object) -> MetaDestination:
        return MetaDestination.model_validate(
            {
                "id": "meta",
                "platform": PlatformApi.META_CAPI,
                "dataset": "1234567890",
                "base_url": "http://127.0.0.1:9",
                "token": "plain:token",
                "enabled": True,
            }
            | settings
        )

    return make


@pytest.fixture
def make_google_ads() -> Callable[..., GoogleAdsDestination]:
    """A Google Ads destination at a mock, switched on, with settings replaced."""

    def make(**settings: object) -> GoogleAdsDestination:
        return GoogleAdsDestination.model_validate(
            {
                "id": "google-ads",
                "platform": PlatformApi.GOOGLE_ADS,
                "customer_id": "1234567890",
                "conversion_action": "987",
                "base_url": "http://127.0.0.1:9",
                "credentials": "plain:token",
                "enabled": True,
            }
            | settings
        )

    return make


@pytest.fixture
def keys() -> Keys:
    master = secrets.token_bytes(32)
    return Keys(sealer=Sealer([master]), master=master)


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium. One a module: while it is open its thread has a running event loop."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # slow, and for few tests

    program = shutil.which("chromium")
    assert program, "install the system package chromium; make test does"
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=as_root)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: "Browser") -> Iterator["Page"]:
    """An empty tab with cookies of its own; what its console complains of fails the test."""
    with chromium.new_context() as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type in ("error", "warning") else None
            ),
        )
        yield page
        page.close()
    assert complaints == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the browser tests left what they saw."""
    if any(SCREENSHOTS.glob("*.png")):
        terminalreporter.write_line(f"screenshots: {SCREENSHOTS}")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(host, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    return file
