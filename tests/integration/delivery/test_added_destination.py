"""An order that gains a destination later: it is sent what only the later call could bring."""

from dataclasses import replace
from typing import Any

from bridge.operate.settings import Settings
from mock_platform.server import MockServer

from .adjusting_world import DATA_MANAGER, World, message, open_world

META = {
    "id": "meta",
    "platform": "meta_capi",
    "dataset": "1234567890",
    "token": "plain:mock-token",
}
TOUCHES = [
    {"at": "2026-11-20T10:00:00Z", "fbclid": "IwAR-an-example-of-a-click"},
    {"at": "2026-11-21T10:00:00Z", "gclid": "CjwKCAjw-an-example-of-a-click-id"},
]


def add_google(world: World) -> None:
    """Switch Google on, as a new settings file does."""
    settings = world.installation.settings
    google = DATA_MANAGER | {"base_url": world.workspace.url, "enabled": True}
    members: dict[str, Any] = settings.model_dump()
    members["destinations"] = [*members["destinations"], google]
    world.installation = replace(world.installation, settings=Settings.model_validate(members))


def test_a_duplicate_brings_the_click_for_a_google_destination_added_since(
    mock_platform: MockServer,
) -> None:
    with open_world(mock_platform.url, META) as world:
        world.take(message(touches=TOUCHES))
        add_google(world)
        world.take(message(touches=TOUCHES))
        world.settle_down()
        (event,) = world.workspace.events(platform="google")
        assert event["payload"]["adIdentifiers"]["gclid"] == TOUCHES[1]["gclid"]
        (purchase,) = world.workspace.events(platform="meta")
        assert TOUCHES[0]["fbclid"] in purchase["payload"]["user_data"]["fbc"]


def test_what_the_first_call_was_denied_no_duplicate_brings_back(
    mock_platform: MockServer,
) -> None:
    refused = {"ad_storage": "denied", "ad_user_data": "granted"}
    with open_world(mock_platform.url, META) as world:
        world.take(message(touches=TOUCHES, consent=refused))
        add_google(world)
        world.take(message(touches=TOUCHES))
        world.settle_down()
        (event,) = world.workspace.events(platform="google")
        assert "adIdentifiers" not in event["payload"]
