"""The identity a platform is given: digests and plain values by field, and why others miss."""

from collections.abc import Collection, Iterable
from typing import TypeAlias

from msgspec import Struct

from bridge.identity.hashing import SHORTEST_DIGEST, Hashed, accept_digest, is_digest, sha256_hex
from bridge.identity.normalise import Normalised, OmitReason, ph
from bridge.identity.rules import RULES, Platform, Rule
from bridge.identity.sources import Givens, Sources, gather
from bridge.order.model import Person, Plain

Reasons: TypeAlias = dict[OmitReason, None]
"""Why something given is of no use: distinct, in order."""


class Omission(Struct, frozen=True):
    """A field of which something given was left out, and the reason; never the text."""

    field: str
    reason: OmitReason


class Identity(Struct, frozen=True, kw_only=True):
    """What a platform may be told, by its own field name.

    `values` are digests, each field's distinct and best first. `plain` holds what the platform
    wants in clear, which may rest nowhere but in the sealed remainder. Fields of which nothing was
    given are in no member; one with a usable and an unusable value is in its own and in `omitted`.
    """

    values: dict[str, tuple[Hashed, ...]]
    plain: dict[str, Plain]
    omitted: tuple[Omission, ...]

    def __repr__(self) -> str:
        return f"Identity(omitted={self.omitted})"


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
    ready_made = person.hashed.get(platform, {})
    values: dict[str, tuple[Hashed, ...]] = {}
    plain: dict[str, Plain] = {}
    omitted: list[Omission] = []
    for rule in RULES[platform]:
        name = rule.field
        if rule.kept_as is None:
            hashes, reasons = _hashed(rule, ready_made.get(name, ()), sources)
            if _is_told(name, hashes, reasons, allowed, omitted):
                values[name] = tuple(hashes)
        else:
            clear, reasons = _in_clear(rule, sources)
            if _is_told(name, clear, reasons, allowed, omitted):
                plain[name] = clear[0]
    return Identity(values=values, plain=plain, omitted=tuple(omitted))


def _hashed(
    rule: Rule, digests: Iterable[str], sources: Sources
) -> tuple[dict[Hashed, None], Reasons]:
    """Answer the digests of what was given, distinct and in order, and why others miss."""
    hashes: dict[Hashed, None] = {}
    reasons: Reasons = {}
    for digest in digests:
        _accept(digest, hashes, reasons)
    _hash(rule, rule.source(sources), sources, hashes, reasons)
    if rule.fallback is not None and not hashes:
        _hash(rule, rule.fallback(sources), sources, hashes, reasons)
    return hashes, reasons


def _hash(
    rule: Rule,
    givens: Givens,
    sources: Sources,
    hashes: dict[Hashed, None],
    reasons: Reasons,
) -> None:
    read = sources["number"] if rule.normalise is ph else rule.normalise
    for given, country in givens:
        if not isinstance(given, Plain):
            reasons[given] = None
        elif len(given.text) >= SHORTEST_DIGEST and is_digest(given.text):
            _accept(given.text, hashes, reasons)
        else:
            made = read(given.text, country)
            if isinstance(made, Normalised):
                hashes[sha256_hex(rule.prefix + made.value)] = None
            else:
                reasons[made.reason] = None


def _accept(digest: str, hashes: dict[Hashed, None], reasons: Reasons) -> None:
    accepted = accept_digest(digest)
    if isinstance(accepted, OmitReason):
        reasons[accepted] = None
    else:
        hashes[accepted] = None


def _in_clear(rule: Rule, sources: Sources) -> tuple[list[Plain], Reasons]:
    clear: list[Plain] = []
    reasons: Reasons = {}
    for given, country in rule.source(sources):
        if not isinstance(given, Plain):
            reasons[given] = None
            continue
        made = rule.normalise(given.text, country)
        if isinstance(made, Normalised):
            clear.append(Plain(made.value))
        else:
            reasons[made.reason] = None
    return clear, reasons


def _is_told(
    field: str,
    usable: Collection[object],
    reasons: Reasons,
    allowed: frozenset[str] | None,
    omitted: list[Omission],
) -> bool:
    """Whether anything of a field may be told; add to `omitted` why the rest may not."""
    if usable and allowed is not None and field not in allowed:
        omitted.append(Omission(field, OmitReason.NOT_ALLOWED))
        return False
    if reasons:
        omitted += [Omission(field, reason) for reason in reasons]
    return bool(usable)
