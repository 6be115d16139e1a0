"""The page `docs/mock-rules.md`: every rule under a heading that findings link to."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.model import Mode, Rule, Severity, sentence

_HEAD = """# Rules of the mock platform

Every finding and every verdict of the mock names a rule by its id. Here is what each means and what
to do. The page is made by `mock-platform rules --markdown` from the catalogues in
`mock_platform/rules`; a test holds it to them.

Severity: an *error* rejects the request (Google Ads: the row), a *warning* costs matching or
measurement, *advice* points at a better way. Where two are given, the second holds in mode
`strict`. *Stand-in*: what the platform really answers is not established, see
[verify-on-a-sandbox.md](verify-on-a-sandbox.md).
"""
_TITLES = {
    "meta": "Meta",
    "mock": "The mock itself",
    "google.data_manager": "Google Data Manager API",
    "google.processing": "Google, found in processing",
    "google.google_ads": "Google Ads API, both uploads",
    "google.google_ads_conversions": "Google Ads API, conversions",
    "google.google_ads_adjustments": "Google Ads API, adjustments",
}


def rules_page() -> str:
    """The page as Markdown."""
    known = sorted(all_rules().values(), key=lambda rule: list(_TITLES).index(_family(rule)))
    parts = [_HEAD]
    for family, rules in groupby(known, _family):
        parts.append(f"## {_TITLES[family]}\n")
        parts.extend(_sections(rules))
    return "\n".join(parts)


def _family(rule: Rule) -> str:
    platform, area = rule.id.split(".")[:2]
    return f"google.{area}" if platform == "google" else platform


def _sections(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield f"### {rule.id}\n\n{sentence(rule.explanation)}.\n\n- Fix: {rule.fix}\n{_facts(rule)}"


def _facts(rule: Rule) -> str:
    faithful, strict = rule.severity_in(Mode.FAITHFUL), rule.severity_in(Mode.STRICT)
    severity = faithful.value if faithful is strict else f"{faithful}, strict: {strict}"
    stand_in = ", stand-in" if faithful is Severity.ERROR and not rule.verified else ""
    answer = f"\n- Answer: `{rule.error}`" if strict is Severity.ERROR else ""
    document = f"<{rule.doc}>" if rule.doc.startswith("https:") else rule.doc
    return f"- Severity: {severity}{stand_in}{answer}\n- Document: {document}\n"
