"""What is wrong across events: findings added up by rule, and how each stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from mock_platform.clock import iso
from mock_platform.rules.catalogue import all_rules
from mock_platform.triage import Standing
from mock_platform.workspace import Workspace

# Of the latest events only, so that looking never holds the platform up for long.
LOOKED_AT = 10_000
_EXAMPLES = 3
_WORST_FIRST = ("error", "warning", "advice")


@dataclass(slots=True, kw_only=True)
class Diagnosis:
    """One rule that is broken. `events` counts events, however often one breaks it."""

    rule: str
    severity: str
    explanation: str
    fix: str
    doc: str
    first_seen: str
    last_seen: str
    events: int = 0
    standing: Standing = Standing.OPEN
    examples: list[Mapping[str, Any]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """The diagnosis as the admin API shows it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "standing": self.standing.value,
            "message": self.explanation,
            "fix": self.fix,
            "doc": self.doc,
            "events": self.events,
            "first_seen": self.first_seen,
            "last_seen": self.last_seen,
            "examples": [each["id"] for each in self.examples],
            "paths": sorted(filter(None, self.paths)),
        }


def diagnoses(workspace: Workspace) -> list[Diagnosis]:
    """Every rule that the latest events of a workspace break, worst and most frequent first."""
    workspace.settle()
    rows = workspace.ledger.query(
        "SELECT id, received_at, order_id, event_id, findings FROM events"
        " WHERE id > (SELECT coalesce(max(id), 0) FROM events) - ? AND length(findings) > 2"
        " ORDER BY id",
        (LOOKED_AT,),
    )
    found = diagnose(
        {
            **dict(row),
            "received_at": iso(row["received_at"]),
            "findings": orjson.loads(row["findings"]),
        }
        for row in rows
    )
    for each in found:
        each.standing = workspace.triage.standing(each.rule, each.examples[0]["id"])
    return found


def diagnose(events: Iterable[Mapping[str, Any]]) -> list[Diagnosis]:
    """One diagnosis a rule, worst and most frequent first; `events` come oldest first.

    Examples are the latest events.
    """
    found: dict[str, Diagnosis] = {}
    for event in events:
        for rule, finding in {each["rule"]: each for each in event["findings"]}.items():
            diagnosis = found.setdefault(rule, _begin(finding, event["received_at"]))
            diagnosis.events += 1
            diagnosis.severity = finding["severity"]
            diagnosis.last_seen = event["received_at"]
            diagnosis.examples = [event, *diagnosis.examples][:_EXAMPLES]
        for finding in event["findings"]:
            found[finding["rule"]].paths.add(finding["path"])
    return sorted(
        found.values(), key=lambda each: (_WORST_FIRST.index(each.severity), -each.events)
    )


def _begin(finding: Mapping[str, Any], at: str) -> Diagnosis:
    known = all_rules().get(finding["rule"])
    return Diagnosis(
        rule=finding["rule"],
        severity=finding["severity"],
        explanation=known.explanation if known else finding["message"],
        fix=finding.get("fix", ""),
        doc=finding["doc"],
        first_seen=at,
        last_seen=at,
    )
