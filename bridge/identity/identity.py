"""The identity a platform is given: digests and plain values by field, and why others miss."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.identity.hashing import Hashed, accept_digest
from bridge.identity.normalise import OmitReason
from bridge.identity.rules import RULES, Platform, Rule, digest_or_reason, plain_or_reason
from bridge.identity.sources import Sources, gather
from bridge.order.model import Person, Plain


@dataclass(frozen=True, slots=True)
class Omission:
    """A field of which something given was left out, and the reason; never the text."""

    field: str
    reason: OmitReason


@dataclass(frozen=True, slots=True)
class Identity:
    """What a platform may be told, by its own field name.

    `values` are digests, each field's distinct and best first. `plain` holds what the platform
    wants in clear, which may rest nowhere but in the sealed remainder. Fields of which nothing was
    given are in no member; one with a usable and an unusable value is in its own and in `omitted`.
    """

    values: dict[str, tuple[Hashed, ...]] = field(repr=False)
    plain: dict[str, Plain] = field(repr=False)
    omitted: tuple[Omission, ...]


def identify(
    person: Person,
    platform: Platform,
    allowed: frozenset[str] | None,
    sources: Sources | None = None,
) -> Identity:
    """Hash what is known of `person` by the rules of `platform`.

    Digests that came ready-made (`Person.hashed`) stand first and join those made here. `allowed`
    names the fields that may be used at all, None means every one. `sources` is what `gather` made
    of `person`, if that is at hand.
    """
    sources = sources or gather(person)
    ready_made = person.hashed.get(platform.value, {})
    values: dict[str, tuple[Hashed, ...]] = {}
    plain: dict[str, Plain] = {}
    omitted: list[Omission] = []
    for rule in RULES[platform]:
        hashes, clear, reasons = _made(rule, ready_made.get(rule.field, ()), sources)
        if (hashes or clear) and not (allowed is None or rule.field in allowed):
            hashes, clear, reasons = {}, None, {OmitReason.NOT_ALLOWED: None}
        if hashes:
            values[rule.field] = tuple(hashes)
        if clear is not None:
            plain[rule.field] = clear
        omitted += [Omission(rule.field, reason) for reason in reasons]
    return Identity(values=values, plain=plain, omitted=tuple(omitted))


def _made(
    rule: Rule, digests: Iterable[str], sources: Sources
) -> tuple[dict[Hashed, None], Plain | None, dict[OmitReason, None]]:
    """Answer a hashed field's digests or a plain one's text, and the reasons against others."""
    if rule.kept_as is None:
        hashes, reasons = _hash(rule, digests, sources)
        return hashes, None, reasons
    answers = [plain_or_reason(rule, text, country) for text, country in rule.source(sources)]
    clear = next((one for one in answers if isinstance(one, Plain)), None)
    return {}, clear, dict.fromkeys(one for one in answers if isinstance(one, OmitReason))


def _hash(
    rule: Rule, digests: Iterable[str], sources: Sources
) -> tuple[dict[Hashed, None], dict[OmitReason, None]]:
    """Answer distinct digests and reasons, in order."""
    kept: dict[Hashed, None] = {}
    reasons: dict[OmitReason, None] = {}
    for digest in digests:
        _sort(accept_digest(digest), kept, reasons)
    for text, country in rule.source(sources):
        _sort(digest_or_reason(rule, text, country, sources), kept, reasons)
    if rule.fallback is not None and not kept:
        for text, country in rule.fallback(sources):
            _sort(digest_or_reason(rule, text, country, sources), kept, reasons)
    return kept, reasons


def _sort(
    answer: Hashed | OmitReason, kept: dict[Hashed, None], reasons: dict[OmitReason, None]
) -> None:
    if isinstance(answer, OmitReason):
        reasons[answer] = None
    else:
        kept[answer] = None
