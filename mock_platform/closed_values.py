"""Members that take few values, and rules: what is misspelt must not find nothing in silence."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from mock_platform.entries import Verdict
from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.dedup import Source
from mock_platform.rules.model import Severity

PLATFORMS = ("meta", "google")
# The interfaces that events come in by.
EVENT_APIS = (
    "conversions_api", "pixel", "data_manager", "google_ads_conversions", "google_ads_adjustments",
)  # fmt: skip
_VALUES: Mapping[str, tuple[str, ...]] = {
    "verdict": tuple(Verdict),
    "platform": PLATFORMS,
    "api": EVENT_APIS,
    "source": tuple(Source),
    "severity": tuple(Severity),
}
_DEDUP_RULE = "dedup_rule"


def misspelt(member: str, asked: object, *, pattern: bool = True) -> str | None:
    """What is wrong with asking a member for this value; None where nothing is.

    A member that takes anything is never wrong. With `pattern`, `*` is any text.
    """
    known = tuple(all_rules()) if member == _DEDUP_RULE else _VALUES.get(member)
    if known is None or asked is None:
        return None
    if isinstance(asked, str) and any(_fits(each, asked, pattern=pattern) for each in known):
        return None
    return _no_rule(asked) if member == _DEDUP_RULE else f"expected one of {', '.join(known)}"


def misspelt_rule(pattern: str) -> str | None:
    """The same for a pattern of rules, by the whole id or by its end."""
    if any(names_rule(pattern, rule) for rule in all_rules()):
        return None
    return _no_rule(pattern)


def names_rule(pattern: str, rule: str) -> bool:
    """Whether the pattern means this rule: `hash.*` is Meta's and Google's alike."""
    return any(_fits(rule, each, pattern=True) for each in (pattern, f"*.{pattern}"))


def _no_rule(asked: object) -> str:
    return f"no rule is called {asked!r}; the page /rules has all of them"


def _fits(known: str, asked: str, *, pattern: bool) -> bool:
    if not pattern:
        return known == asked
    return fnmatchcase(known, asked.replace("[", "[[]").replace("?", "[?]"))
