"""Digests that match nobody: not normalised, hashed twice, or in the other platform's form."""

from collections.abc import Iterable, Iterator

from mock_platform.rules.lint_catalogue import LintRules
from mock_platform.rules.model import Finding, Path, Rule
from mock_platform.rules.normal_forms import Kind, Platform
from mock_platform.rules.shoppers import Shoppers, digest_of

Digests = Iterable[tuple[Path, Kind, bytes]]
# What programs make of a value that is not there.
_NO_VALUES = (
    "null", "NULL", "Null", "undefined", "None", "none", "nil", "NaN", "n/a", "N/A", "na", "-",
    "--", "0", "unknown", "Unknown", "[object Object]", "[object Undefined]", "{}", "[]", '""', " ",
    "@", "not provided", "test@test.com",
)  # fmt: skip
PLACEHOLDERS = {digest_of(text): text for text in _NO_VALUES}
# A person, a city may have these names.
_NAMES_TOO = {digest_of(text) for text in ("null", "none", "na", "nil", "unknown")}
_NAMED = (Kind.FIRST_NAME, Kind.LAST_NAME, Kind.CITY, Kind.STATE)


def check_digests(digests: Digests, shoppers: Shoppers, rules: LintRules) -> Iterator[Finding]:
    """The findings on the digests of one event, each with its place and the kind it stands for."""
    for path, kind, digest in digests:
        found = _placeholder(kind, digest, rules)
        if found is None and shoppers.known:
            found = _of_somebody(kind, digest, shoppers, rules)
        if found is not None:
            rule, message = found
            yield Finding(rule=rule, path=path, message=message)


def _placeholder(kind: Kind, digest: bytes, rules: LintRules) -> tuple[Rule, str] | None:
    text = PLACEHOLDERS.get(digest)
    if text is None or (kind in _NAMED and digest in _NAMES_TOO):
        return None
    return rules.placeholder, f"the SHA-256 of {text!r}, which stands for no {kind}"


def _of_somebody(
    kind: Kind, digest: bytes, shoppers: Shoppers, rules: LintRules
) -> tuple[Rule, str] | None:
    if shoppers.is_right(rules.platform, kind, digest):
        return None
    other = Platform.GOOGLE if rules.platform is Platform.META else Platform.META
    if shoppers.is_right(other, kind, digest):
        return rules.for_other_platform, f"the {kind} as {other.capitalize()} wants it"
    if shoppers.is_twice(digest):
        return rules.twice, "the SHA-256 of a digest: it was hashed twice"
    origin = shoppers.wrong(kind, digest)
    if origin is not None:
        return rules.not_normalised, f"{origin}, not of the {kind} normalised"
    mixed_up = shoppers.other_kind(rules.platform, kind, digest)
    if mixed_up is not None:
        return rules.other_member, f"the digest of the {mixed_up} where the {kind} belongs"
    return None
