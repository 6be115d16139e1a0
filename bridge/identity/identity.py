"""The identity a platform is given: digests and plain values by field, and why others miss."""

from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from bridge.identity.hashing import Hashed, accept_digest
from bridge.identity.normalise import OmitReason
from bridge.identity.rules import RULES, Platform, Rule, digest_or_reason, plain_or_reason
from bridge.identity.sources import Sources, gather
from bridge.order.model import Person, Plain


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


Usable = TypeVar("Usable", Hashed, Plain)


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
        if rule.kept_as is None:
            answers = _hashed(rule, ready_made.get(rule.field, ()), sources)
            if answers and (hashes := _usable(answers, rule.field, allowed, omitted)):
                values[rule.field] = tuple(dict.fromkeys(hashes))
        elif clear := _usable(_in_clear(rule, sources), rule.field, allowed, omitted):
            plain[rule.field] = clear[0]
    return Identity(values=values, plain=plain, omitted=tuple(omitted))


def _hashed(rule: Rule, digests: Iterable[str], sources: Sources) -> list[Hashed | OmitReason]:
    """Answer a digest or a reason for each of what was given, in order."""
    answers = [accept_digest(digest) for digest in digests]
    for text, country in rule.source(sources):
        answers.append(digest_or_reason(rule, text, country, sources))
    if rule.fallback is not None and all(isinstance(one, OmitReason) for one in answers):
        for text, country in rule.fallback(sources):
            answers.append(digest_or_reason(rule, text, country, sources))
    return answers


def _in_clear(rule: Rule, sources: Sources) -> list[Plain | OmitReason]:
    return [plain_or_reason(rule, text, country) for text, country in rule.source(sources)]


def _usable(
    answers: list[Usable | OmitReason],
    field: str,
    allowed: frozenset[str] | None,
    omitted: list[Omission],
) -> list[Usable]:
    """Answer what may be told, and add to `omitted` why the rest may not."""
    usable = [one for one in answers if not isinstance(one, OmitReason)]
    if usable and allowed is not None and field not in allowed:
        omitted.append(Omission(field, OmitReason.NOT_ALLOWED))
        return []
    if len(usable) < len(answers):
        reasons = dict.fromkeys(one for one in answers if isinstance(one, OmitReason))
        omitted += [Omission(field, reason) for reason in reasons]
    return usable
