"""Every rule an event was held against: broken, kept, or without a say about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.model import Finding, Mode, Rule

# How an id begins -> what the rules are about. The first that fits.
_SUBJECTS: tuple[tuple[str, str], ...] = (
    ("meta.dedup.", "Deduplication"),
    ("meta.hash.", "Customer information"),
    ("meta.user_data.", "Customer information"),
    ("meta.plain.", "Customer information"),
    ("meta.client_", "Customer information"),
    ("meta.fb", "Customer information"),
    ("meta.pii.", "Personal data in clear"),
    ("meta.custom_data.", "Order and money"),
    ("meta.ldu.", "Data processing options"),
    ("meta.website.", "Website"),
    ("meta.app.", "App"),
    ("meta.messaging.", "Messaging"),
    ("meta.pixel.", "Pixel"),
    ("meta.event", "Event"),
    ("meta.action_source.", "Event"),
    ("google.data_manager.account.", "Account"),
    ("google.data_manager.hash.", "Identifiers"),
    ("google.data_manager.", "Event"),
    ("google.processing.", "Processing"),
    ("google.google_ads", "Upload"),
    ("", "Other"),
)
# Rules that speak of one action_source only.
_ONLY_FOR = {
    "meta.website.": "website",
    "meta.app.": "app",
    "meta.messaging.": "business_messaging",
}
# api -> how the ids of its rules begin.
_OF_API: Mapping[str, tuple[str, ...]] = {
    "conversions_api": ("meta.",),
    "pixel": (
        "meta.pixel.",
        "meta.fb",
        "meta.hash.",
        "meta.user_data.",
        "meta.pii.",
        "meta.dedup.",
        "meta.custom_data.currency_exponent",
        "meta.custom_data.minor_units",
        "meta.custom_data.value_basis",
    ),
    "data_manager": ("google.data_manager.", "google.processing."),
    "google_ads_conversions": ("google.google_ads.", "google.google_ads_conversions."),
    "google_ads_adjustments": ("google.google_ads.", "google.google_ads_adjustments."),
}

# Says that something else in the same request is wrong, or what else an event has changed.
_ABOUT_OTHERS = (".rejected_with_batch", ".adjusts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rules on one subject that an event keeps."""

    subject: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that is broken, with every place where it is."""

    rule: str
    severity: str
    message: str
    fix: str
    doc: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Broken rules, worst first; the groups of kept ones; how many say nothing of this event."""

    broken: tuple[Broken, ...]
    kept: tuple[Group, ...]
    silent: int

    @property
    def kept_count(self) -> int:
        """How many rules are kept."""
        return sum(len(group.rules) for group in self.kept)


def checklist(event: Mapping[str, Any]) -> Checklist:
    """Hold `event`, as the books have it, against the catalogue."""
    broken = broken_rules([*event["findings"], *_behind_verdict(event)])
    named = {each.rule for each in broken}
    asked = [rule for rule in all_rules().values() if _is_asked(rule, event)]
    kept = [rule for rule in asked if rule.id not in named and _has_a_say(rule, event)]
    subjects = dict.fromkeys(subject_of(rule.id) for rule in kept)
    return Checklist(
        broken=broken,
        kept=tuple(
            Group(
                subject=subject,
                rules=tuple(rule for rule in kept if subject_of(rule.id) == subject),
            )
            for subject in subjects
        ),
        silent=len(asked) - len(kept) - len(named & {rule.id for rule in asked}),
    )


_WORST_FIRST = ("error", "warning", "advice")


def broken_rules(findings: Sequence[Mapping[str, Any]]) -> tuple[Broken, ...]:
    """Findings by rule, worst first."""
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for finding in findings:
        by_rule.setdefault(finding["rule"], []).append(finding)
    made = [
        Broken(
            rule=rule,
            severity=found[0]["severity"],
            message=found[0]["message"],
            fix=found[0].get("fix", ""),
            doc=found[0]["doc"],
            paths=tuple(dict.fromkeys(each["path"] for each in found if each["path"])),
        )
        for rule, found in by_rule.items()
    ]
    return tuple(sorted(made, key=lambda each: _WORST_FIRST.index(each.severity)))


def subject_of(rule: str) -> str:
    """What the rule is about."""
    return next(subject for start, subject in _SUBJECTS if rule.startswith(start))


def _behind_verdict(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rule of a verdict as a finding, where the findings do not name it already."""
    rule = all_rules().get(event["dedup_rule"] or "")
    if rule is None or any(each["rule"] == rule.id for each in event["findings"]):
        return []
    return [Finding(rule=rule).as_json(Mode.FAITHFUL)]


def _is_asked(rule: Rule, event: Mapping[str, Any]) -> bool:
    """Whether the rule is about the event's interface, and about the event itself."""
    return rule.id.startswith(_OF_API.get(event["api"], ())) and not rule.id.endswith(_ABOUT_OTHERS)


def _has_a_say(rule: Rule, event: Mapping[str, Any]) -> bool:
    """Whether the rule looks at events of this kind; a report on processing comes later."""
    if rule.id.startswith("google.processing.") and event["verdict"] == "processing":
        return False
    payload = event["payload"] if isinstance(event["payload"], dict) else {}
    source = payload.get("action_source")
    return all(
        source == only for start, only in _ONLY_FOR.items() if rule.id.startswith(start)
    ) and not (rule.id.startswith("meta.pixel.") and event["api"] != "pixel")
