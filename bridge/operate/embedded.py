"""What the bridge does when nothing is set: all on this machine, to the mock platform alone."""

import os
from pathlib import Path

from bridge.operate.destinations import PlatformApi, Site
from bridge.operate.google_destination import Cart, GoogleDestination
from bridge.operate.meta_destination import MetaDestination

MOCK_URL = "MOCK_PLATFORM_URL"
MOCK_TOKEN = "plain:mock-token"  # noqa: S105  # the mock takes any token; not a secret


def demo_sites(secret_file: Path) -> tuple[Site, ...]:
    """Two sites that sign with one secret."""
    secrets = (f"file:{secret_file}",)
    return (
        Site(id="RefArch", secrets=secrets, default_country="US"),
        Site(id="RefArchGlobal", secrets=secrets, default_country="GB"),
    )


def mock_destinations() -> tuple[MetaDestination | GoogleDestination, ...]:
    """Both platforms at the mock, which says within seconds what became of an event."""
    url = os.environ.get(MOCK_URL, "http://127.0.0.1:8090")
    meta = MetaDestination(
        id="meta-mock",
        platform=PlatformApi.META_CAPI,
        dataset="1234567890",
        base_url=url,
        token=MOCK_TOKEN,
        enabled=True,
    )
    google = GoogleDestination(
        id="google-mock",
        platform=PlatformApi.GOOGLE_DATA_MANAGER,
        operating_account="1234567890",
        conversion_action="987654321",
        base_url=url,
        credentials=MOCK_TOKEN,
        cart=Cart(merchant_id="1234567", feed_label="ONLINE", feed_language="en"),
        status_after_minutes=0.05,
        enabled=True,
    )
    return meta, google
