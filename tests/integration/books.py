"""Whether the books agree: what the hook promised, what the outbox says, what the mock counted."""

import json
from collections import Counter
from typing import Any

import requests

from mock_platform.client import MockWorkspace


def owed(answers: list[requests.Response]) -> set[str]:
    """The event ids the hook acknowledged as to be sent."""
    assert {answer.status_code for answer in answers} <= {200, 202}
    bodies = [answer.json() for answer in answers]
    pending = [b for b in bodies if b["deliveries"][0]["state"] not in {"skipped", "expired"}]
    return {body["event_id"] for body in pending}


def skipped_when_built(bridge: Any, event_ids: set[str]) -> set[str]:
    told = bridge.run("status", "--json", *sorted(event_ids)) if event_ids else None
    found = json.loads(told.stdout)["orders"] if told else []
    return {o["event_id"] for o in found if o["deliveries"][0]["state"] == "skipped"}


def counted_once(bridge: Any, workspace: MockWorkspace, promised: set[str]) -> None:
    """The oracle: every order acknowledged is counted once, no other is, and the audit agrees."""
    counted = Counter(event["event_id"] for event in workspace.counted())
    assert set(counted.values()) <= {1}
    missing = promised - counted.keys()
    assert missing == skipped_when_built(bridge, missing)
    assert counted.keys() <= promised
    audit = bridge.run("audit")
    assert audit.returncode == 0, audit.stdout


def nothing_open(bridge: Any) -> bool:
    metrics = requests.get(f"{bridge.url}/metrics", timeout=120).text.splitlines()
    states = [line for line in metrics if line.startswith("bridge_deliveries{")]
    return bool(states) and not [s for s in states if 'pending"' in s or 'leased"' in s]
