import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

Event = dict[str, Any]
DATASET = "1234567890"


@pytest.fixture
def event() -> Callable[..., Event]:
    """A website Purchase without findings; keyword arguments replace members, None removes."""

    def make(**changes: Any) -> Event:
        made: Event = {
            "event_name": "Purchase",
            "event_time": int(time.time()) - 60,
            "event_id": "order-1",
            "action_source": "website",
            "event_source_url": "https://shop.example.com/confirmation",
            "user_data": {
                "em": [hashlib.sha256(b"jane@example.com").hexdigest()],
                "client_user_agent": "Mozilla/5.0",
                "client_ip_address": "192.0.2.7",
            },
            "custom_data": {"value": 12.5, "currency": "USD", "order_id": "order-1"},
        }
        made.update(changes)
        return {name: value for name, value in made.items() if value is not None}

    return make


@pytest.fixture(scope="session")
def connection() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def post(workspace: Any, connection: requests.Session) -> Callable[..., requests.Response]:
    """Send events to the workspace as JSON with a Bearer token."""

    def send(*events: Any, dataset: str = DATASET, token: str = "TOKEN", **top: Any) -> Any:
        return connection.post(
            f"{workspace.url}/v26.0/{dataset}/events",
            json={"data": list(events), **top},
            headers={"Authorization": f"Bearer {token}"},
            timeout=10,
        )

    return send
