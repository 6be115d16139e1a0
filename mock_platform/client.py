"""The admin API from Python: for tests, for the commands, for anyone who asserts on the mock."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests
from requests import Response

from mock_platform.verification import told

_PAGE = 1000


class MockPlatformError(Exception):
    """The mock refused an admin request, or what was waited for did not come."""


class MockWorkspace:
    """One workspace of a running mock. `url` is usable as the platform's base URL."""

    def __init__(self, base_url: str, name: str | None = None) -> None:
        base = base_url.rstrip("/")
        self.url = f"{base}/ws/{name}" if name else base
        self._session = requests.Session()
        # The mock is on this machine or network: no proxy stands between.
        self._session.trust_env = False

    def events(self, **filters: object) -> list[dict[str, Any]]:
        """Every event that fits, oldest first, however many pages that takes."""
        found: list[dict[str, Any]] = []
        cursor = filters.pop("since", None)
        while True:
            page = self.page(**filters, since=cursor)
            found.extend(page["events"])
            if len(page["events"]) < _PAGE:
                return found
            cursor = page["cursor"]

    def page(self, **filters: object) -> dict[str, Any]:
        """The first thousand events that fit, oldest first, and the `cursor` to go on from."""
        return self._get("events", {**filters, "limit": _PAGE})

    def counted(self, **filters: object) -> list[dict[str, Any]]:
        """Every event the platform counts."""
        return self.events(verdict="counted", **filters)

    def wait(
        self, count: int = 1, timeout: float = 10.0, **filters: object
    ) -> list[dict[str, Any]]:
        """Wait until `count` events fit, and return what fits then.

        Raises:
            MockPlatformError: when `timeout` seconds pass before.
        """
        query = {**filters, "count": count, "timeout": timeout, "limit": 1}
        status, waited = self._send("GET", "wait", query=query, timeout=timeout + 10)
        if status == requests.codes.request_timeout:
            matched = waited["matched"]
            wanted = f"{count} events with {filters}" if filters else f"{count} events"
            raise MockPlatformError(f"waited {timeout:g} s for {wanted}; there are {matched}")
        return self.events(**filters)

    def verify(self, document: object, timeout: float = 0.0) -> dict[str, Any]:
        """Hold expectations and orders against the journal, waiting until they hold."""
        members = {"expectations": document} if isinstance(document, list) else document
        query = {**members, "timeout": timeout} if isinstance(members, dict) else members
        return self._send("POST", "verify", document=query, timeout=timeout + 30)[1]

    def assert_received(
        self,
        *,
        count: int | None = None,
        payload: Mapping[str, object] | None = None,
        findings: Sequence[str] | None = None,
        timeout: float = 5.0,
        **where: object,
    ) -> list[dict[str, Any]]:
        """Wait until events arrived as described, and return them.

        `count` is their exact number, at least one without it. `payload` names dotted places
        (`custom_data.value`); `findings` are patterns of rules, an empty list for none. Members of
        `where` are those of an event, `verdict="counted"` for example; a text may hold `*`.

        Raises:
            AssertionError: when they did not within `timeout` seconds; the nearest are shown.
        """
        asked = {"where": where, "count": count, "payload": payload, "findings": findings}
        given = {name: value for name, value in asked.items() if value is not None}
        answer = self.verify([given], timeout)
        (check,) = answer["checks"]
        if not check["passed"]:
            raise AssertionError("\n".join(told(check)))
        return [self.events(q=f"id:{number}")[0] for number in check["events"]]

    def export(self, form: str = "ndjson") -> str:
        """The journal's requests as NDJSON or HAR."""
        exported: str = self._request("GET", "export", {"format": form}).text
        return exported

    def requests(self, q: str = "") -> list[dict[str, Any]]:
        """Every request the journal holds, oldest first; with `q`, those that hold this text."""
        found: list[dict[str, Any]] = []
        while True:
            since = found[-1]["id"] if found else 0
            page = self._get("requests", {"since": since, "limit": _PAGE, "q": q})["requests"]
            found.extend(page)
            if len(page) < _PAGE:
                return found

    def summary(self) -> dict[str, Any]:
        """Counts per verdict and per answer."""
        return self._get("summary")

    def set_clock(self, instant: float | str, *, freeze: bool = True) -> dict[str, Any]:
        """Set the workspace's time, by default to stand still there."""
        return self._post("clock", {"set": instant, "freeze": freeze})

    def advance(self, seconds: float) -> dict[str, Any]:
        """Move the workspace's time."""
        return self._post("clock", {"advance": seconds})

    def fault(self, kind: str, **options: object) -> dict[str, Any]:
        """Set one fault, with the members of `fault.Fault`; its id and defaults come back."""
        fault: dict[str, Any] = self._post("faults", {"kind": kind, **options})["faults"][0]
        return fault

    def faults(self) -> list[dict[str, Any]]:
        """Every fault with its hits."""
        found: list[dict[str, Any]] = self._get("faults")["faults"]
        return found

    def clear_faults(self) -> None:
        """Forget every fault."""
        self._send("DELETE", "faults")

    def start(self, scenario: str, **members: object) -> dict[str, Any]:
        """Start a scenario: a shipped one by name, or one of the given members or `yaml`."""
        running: dict[str, Any] = self._post("scenarios", {"name": scenario, **members})["running"]
        return running

    def scenarios(self) -> dict[str, Any]:
        """The scenario that runs, and the shipped ones."""
        return self._get("scenarios")

    def stop(self) -> None:
        """Stop the scenario that runs."""
        self._send("DELETE", "scenarios")

    def know_shoppers(self, *shoppers: Mapping[str, object]) -> dict[str, Any]:
        """Tell the workspace of people, so that it can say what was hashed of them."""
        return self._post("shoppers", list(shoppers))

    def know_orders(self, *orders: Mapping[str, object]) -> dict[str, Any]:
        """Tell the workspace of orders, and of who placed them."""
        return self._post("orders", list(orders))

    def settings(self, **changes: object) -> dict[str, Any]:
        """The settings, after `changes`."""
        return self._post("settings", changes)

    def reset(self, *parts: str) -> None:
        """Back to the first moment, in all or some parts."""
        self._post("reset", {"parts": list(parts)} if parts else {})

    def delete(self) -> None:
        """Remove the workspace and close the connection."""
        self._send("DELETE", "workspace")
        self._session.close()

    def _get(self, path: str, query: Mapping[str, object] | None = None) -> dict[str, Any]:
        return self._send("GET", path, query=query)[1]

    def _post(self, path: str, document: object) -> dict[str, Any]:
        return self._send("POST", path, document=document)[1]

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        document: object = None,
        timeout: float = 30.0,
    ) -> Response:
        return self._session.request(
            method, f"{self.url}/_mock/{path}", params=query, json=document, timeout=timeout
        )

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        document: object = None,
        timeout: float = 30.0,
    ) -> tuple[int, dict[str, Any]]:
        answer = self._request(method, path, query, document, timeout)
        body: dict[str, Any] = answer.json()
        if not answer.ok and answer.status_code != requests.codes.request_timeout:
            raise MockPlatformError(body.get("detail", f"status {answer.status_code}"))
        return answer.status_code, body
