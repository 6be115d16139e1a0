"""One way to break rules, and exactly which rules the mock then names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
GRAPH, INGEST = "/v26.0/1234567890/events", "/v1/events:ingest"


@dataclass(frozen=True, slots=True)
class Breach:
    """What is sent, and the rules its last event is found to break: these and no others."""

    send: Callable[["Sender"], object]
    rules: tuple[str, ...]


class Sender:
    """A workspace, and a connection to send to it as each platform's clients do."""

    def __init__(self, workspace: MockWorkspace, connection: requests.Session) -> None:
        self.workspace = workspace
        self._connection = connection

    def settings(self, **changes: object) -> None:
        self.workspace.settings(**changes)

    def meta(self, *events: object) -> requests.Response:
        return self.post(GRAPH, {"data": list(events)})

    def pixel(self, **parameters: str) -> None:
        self._connection.get(f"{self.workspace.url}/tr", params=parameters, timeout=10)

    def post(self, path: str, document: Event) -> requests.Response:
        headers = {"Authorization": "Bearer TOKEN"}
        return self._connection.post(
            f"{self.workspace.url}{path}", json=document, headers=headers, timeout=10
        )

    def observed(self, breach: Breach) -> tuple[str, ...]:
        """The rules named by the last event of `breach`, the one that removed it too."""
        self.workspace.reset()
        breach.send(self)
        (last,) = self.workspace._get("events", {"newest": "true", "limit": 1})["events"]
        named = [each["rule"] for each in last["findings"]]
        return tuple(sorted({*named, *filter(None, [last["dedup_rule"]])}))
