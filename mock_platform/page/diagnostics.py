"""What is wrong across events: findings added up by rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_platform.rules.catalogue import all_rules

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
    examples: list[Mapping[str, Any]] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)


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
