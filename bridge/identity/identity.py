"""The identity a platform is given: digests by field, and why other fields are missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.identity.hashing import Hashed, accept_digest
from bridge.identity.normalise import OmitReason
from bridge.identity.rules import RULES, Platform, Rule, digest_or_reason
from bridge.identity.sources import Sources, gather
from bridge.order.model import Person


@dataclass(frozen=True, slots=True)
class Omission:
    """A field of which something given was left out, and the reason; never the text."""

    field: str
    reason: OmitReason


@dataclass(frozen=True, slots=True)
class Identity:
    """Digests by the platform's field name, each field's distinct and best first.

    Fields of which nothing was given are in neither member; one with a usable and an unusable value
    is in both.
    """

    values: dict[str, tuple[Hashed, ...]] = field(repr=False)
    omitted: tuple[Omission, ...]


def identify(person: Person, platform: Platform, allowed: frozenset[str] | None) -> Identity:
    """Hash what is known of `person` by the rules of `platform`.

    Digests that came ready-made (`Person.hashed`) stand first and join those made here. `allowed`
    names the fields that may be used at all, None means every one.
    """
    sources = gather(person)
    ready_made = person.hashed.get(platform.value, {})
    values: dict[str, tuple[Hashed, ...]] = {}
    omitted: list[Omission] = []
    for rule in RULES[platform]:
        kept, reasons = _hash(rule, ready_made.get(rule.field, ()), sources)
        if kept and not (allowed is None or rule.field in allowed):
            kept, reasons = {}, {OmitReason.NOT_ALLOWED: None}
        if kept:
            values[rule.field] = tuple(kept)
        omitted += [Omission(rule.field, reason) for reason in reasons]
    return Identity(values=values, omitted=tuple(omitted))


def _hash(
    rule: Rule, digests: Iterable[str], sources: Sources
) -> tuple[dict[Hashed, None], dict[OmitReason, None]]:
    """Answer distinct digests and reasons, in order."""
    kept: dict[Hashed, None] = {}
    reasons: dict[OmitReason, None] = {}
    for digest in digests:
        _sort(accept_digest(digest), kept, reasons)
    for text, country in rule.source(sources):
        _sort(digest_or_reason(rule, text, country), kept, reasons)
    if rule.fallback is not None and not kept:
        for text, country in rule.fallback(sources):
            _sort(digest_or_reason(rule, text, country), kept, reasons)
    return kept, reasons


def _sort(
    answer: Hashed | OmitReason, kept: dict[Hashed, None], reasons: dict[OmitReason, None]
) -> None:
    if isinstance(answer, OmitReason):
        reasons[answer] = None
    else:
        kept[answer] = None
