"""The identity a platform is given: digests by field, and why other fields are missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bridge.identity.hashing import Hashed, accept_digest
from bridge.identity.normalise import OmitReason
from bridge.identity.rules import RULES, Platform, Rule, digest_or_reason
from bridge.identity.sources import Given, gather
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
    omitted: dict[Omission, None] = {}
    for rule in RULES[platform]:
        name = rule.field
        digests, givens = ready_made.get(name, ()), sources.get(rule.source, ())
        if not digests and not givens:
            continue
        may_use = allowed is None or name in allowed
        answers = _answers(rule, digests, givens) if may_use else [OmitReason.NOT_ALLOWED]
        kept: dict[Hashed, None] = {}
        for answer in answers:
            if isinstance(answer, OmitReason):
                omitted[Omission(name, answer)] = None
            else:
                kept[answer] = None
        if kept:
            values[name] = tuple(kept)
    return Identity(values=values, omitted=tuple(omitted))


def _answers(
    rule: Rule, digests: Iterable[str], givens: Iterable[Given]
) -> Iterator[Hashed | OmitReason]:
    usable = False
    for digest in digests:
        answer = accept_digest(digest)
        usable = usable or not isinstance(answer, OmitReason)
        yield answer
    for given in givens:
        if given.fallback and usable:
            continue
        answer = given.unusable or digest_or_reason(rule, given.text, given.country)
        usable = usable or not isinstance(answer, OmitReason)
        yield answer
