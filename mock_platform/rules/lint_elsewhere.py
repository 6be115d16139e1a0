"""Digests outside the hashed members: in ids, properties and addresses of pages.

What such a member should hold nobody can say, so only digests that are wrong wherever they stand
are found: of nothing, of a text that stands for no value, of a digest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from mock_platform.rules.hashing import SHA256_OF_NOTHING
from mock_platform.rules.lint_catalogue import LintRules
from mock_platform.rules.lint_identity import PLACEHOLDERS
from mock_platform.rules.model import Finding, Path, Rule
from mock_platform.rules.shoppers import Shoppers

_DIGEST = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
_NOTHING = bytes.fromhex(SHA256_OF_NOTHING)


def texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text inside a JSON value, with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from texts(member, (*path, str(name)))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from texts(entry, (*path, index))


def check_elsewhere(
    places: Iterable[tuple[Path, str]], shoppers: Shoppers, rules: LintRules, of_nothing: Rule
) -> Iterator[Finding]:
    """The first wrong digest of each text."""
    for path, text in places:
        digests = (bytes.fromhex(found) for found in _DIGEST.findall(text))
        broken = (_broken(each, shoppers, rules, of_nothing) for each in digests)
        for rule, message in filter(None, broken):
            yield Finding(rule=rule, path=path, message=message)
            break


def _broken(
    digest: bytes, shoppers: Shoppers, rules: LintRules, of_nothing: Rule
) -> tuple[Rule, str] | None:
    if digest == _NOTHING:
        return of_nothing, "the SHA-256 of an empty string"
    if digest in PLACEHOLDERS:
        return rules.placeholder, f"the SHA-256 of {PLACEHOLDERS[digest]!r}, which is no value"
    if shoppers.is_twice(digest):
        return rules.twice, "the SHA-256 of a digest: it was hashed twice"
    return None
