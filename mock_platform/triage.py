"""What a team decided of broken rules: muted until they say otherwise, or resolved until it recurs.

In memory: a decision lasts as long as its workspace. It hides nothing from the API of events.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mock_platform.rules.catalogue import all_rules


class TriageError(ValueError):
    """A decision that cannot be taken; the message names the member."""


class Standing(StrEnum):
    """How a diagnosis stands."""

    OPEN = "open"
    MUTED = "muted"  # not to be shown among the open ones, whatever comes
    RESOLVED = "resolved"  # the same, until an event breaks the rule again


@dataclass(frozen=True, slots=True)
class _Decision:
    standing: Standing
    last_event: int


class Triage:
    """Decisions by rule. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decisions: dict[str, _Decision] = {}

    def decide(self, rule: str, standing: str, last_event: int) -> None:
        """Let the diagnosis of `rule` stand so, as of the event `last_event`.

        Raises:
            TriageError: when there is no such rule or standing.
        """
        if rule not in all_rules():
            raise TriageError("rule: there is no rule of this id; GET /_mock/rules lists them")
        if standing not in list(Standing):
            raise TriageError(f"standing: expected one of {', '.join(Standing)}")
        with self._lock:
            self._decisions.pop(rule, None)
            if standing != Standing.OPEN:
                self._decisions[rule] = _Decision(Standing(standing), last_event)

    def standing(self, rule: str, latest: int) -> Standing:
        """How a rule stands that the event `latest` was the last to break."""
        decision = self._decisions.get(rule)
        if decision is None:
            return Standing.OPEN
        recurred = decision.standing is Standing.RESOLVED and latest > decision.last_event
        return Standing.OPEN if recurred else decision.standing

    def clear(self) -> None:
        """Forget every decision."""
        with self._lock:
            self._decisions.clear()


def read_decision(document: Mapping[str, Any]) -> tuple[str, str]:
    """The rule and standing of an admin request.

    Raises:
        TriageError: when one is no text.
    """
    rule, standing = document.get("rule"), document.get("standing")
    for name, value in (("rule", rule), ("standing", standing)):
        if not isinstance(value, str):
            raise TriageError(f"{name}: expected a text")
    return str(rule), str(standing)
