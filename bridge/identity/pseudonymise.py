"""The step after which nobody is named: a person becomes hashes, and a remainder that is sealed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import orjson
from msgspec import Struct
from msgspec.structs import replace

from bridge.identity.clear_rules import clear_members
from bridge.identity.encryption import Sealer
from bridge.identity.identity import Identity, Omission, identify
from bridge.identity.normalise import OmitReason
from bridge.identity.remainder import Remainder, remainder, unusable
from bridge.identity.rules import RULES, Platform
from bridge.identity.sources import Sources, gather
from bridge.identity.subject import SubjectKey, subject_keys
from bridge.order.model import Person


class Want(Struct, frozen=True, kw_only=True, gc=False):
    """What one destination that may know of the order wants; `fields` None means all."""

    platform: Platform
    fields: frozenset[str] | None
    storage: bool


class Pseudonymised(Struct, frozen=True, kw_only=True, gc=False):
    """What may be stored of a person. `identities` is JSON, `sealed` encrypted or None."""

    identities: bytes
    sealed: bytes | None
    subjects: tuple[SubjectKey, ...]
    omissions: tuple[Omission, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one installation: to seal the remainder, and to digest subjects."""

    sealer: Sealer
    master: bytes


_NOTHING: Final = Pseudonymised(identities=b"{}", sealed=None, subjects=(), omissions=())


def pseudonymise(person: Person, wants: Sequence[Want], keys: Keys) -> Pseudonymised:
    """Keep of a person what the destinations may be sent, and nothing when none may."""
    (hidden,) = pseudonymise_all([person], [wants], keys)
    return hidden


def pseudonymise_all(
    persons: Iterable[Person], wants: Sequence[Sequence[Want]], keys: Keys
) -> list[Pseudonymised]:
    """The same for many, each with its own wants: every step for all of them before the next."""
    wanted = [(person, own) for person, own in zip(persons, wants, strict=True) if own]
    hidden = iter(_hide([one for one, _ in wanted], [own for _, own in wanted], keys))
    return [next(hidden) if own else _NOTHING for own in wants]


def _hide(
    persons: Sequence[Person], wants: Sequence[Sequence[Want]], keys: Keys
) -> list[Pseudonymised]:
    sources = list(map(gather, persons))
    told = list(map(_identities, persons, wants, sources))
    clear = list(map(_remainder, persons, wants))
    sealed = [_sealed(*each, keys.sealer) for each in zip(wants, told, clear, strict=True)]
    subjects = [
        subject_keys(person, keys.master, known)
        for person, known in zip(persons, sources, strict=True)
    ]
    omissions = list(map(_omissions, persons, wants, told, clear))
    return [
        Pseudonymised(identities=_as_json(one), sealed=box, subjects=digests, omissions=left_out)
        for one, box, digests, left_out in zip(told, sealed, subjects, omissions, strict=True)
    ]


def _identities(
    person: Person, wants: Sequence[Want], sources: Sources
) -> dict[Platform, Identity]:
    return {
        platform: identify(person, platform, _fields(wants, platform), sources)
        for platform in dict.fromkeys(want.platform for want in wants)
    }


def _as_json(told: Mapping[Platform, Identity]) -> bytes:
    return orjson.dumps({platform.value: one.values for platform, one in told.items()})


def _storage(wants: Sequence[Want]) -> bool:
    return any(want.storage for want in wants)


def _remainder(person: Person, wants: Sequence[Want]) -> Remainder:
    return remainder(person, storage_allowed=_storage(wants))


def _sealed(
    wants: Sequence[Want], told: Mapping[Platform, Identity], clear: Remainder, sealer: Sealer
) -> bytes | None:
    kept = _in_clear(clear, wants) | _plain(told)
    return sealer.seal(kept) if kept else None


def _omissions(
    person: Person, wants: Sequence[Want], told: Mapping[Platform, Identity], clear: Remainder
) -> tuple[Omission, ...]:
    malformed = (
        Omission(name, OmitReason.MALFORMED)
        for name in unusable(person, clear, storage_allowed=_storage(wants))
    )
    return (*chain.from_iterable(one.omitted for one in told.values()), *malformed)


def without_storage(kept: Remainder) -> Remainder:
    """Take away what was read from the shopper's device for advertising."""
    return replace(kept, fbc=None, fbp=None, madid=None, session_attributes=None, clicks=())


def without_user_data(kept: Remainder) -> Remainder:
    """Keep no more than which ad was clicked."""
    return Remainder(session_attributes=kept.session_attributes, clicks=kept.clicks)


def _fields(wants: Sequence[Want], platform: Platform) -> frozenset[str] | None:
    allowed = [want.fields for want in wants if want.platform is platform]
    listed = [fields for fields in allowed if fields is not None]
    return frozenset().union(*listed) if len(listed) == len(allowed) else None


def _in_clear(clear: Remainder, wants: Sequence[Want]) -> dict[str, Any]:
    """Keep what at least one destination may be sent in clear, and nothing else."""
    members = (clear_members(want.platform, want.fields, storage=want.storage) for want in wants)
    return clear.to_dict(frozenset().union(*members))


def _plain(told: Mapping[Platform, Identity]) -> dict[str, str]:
    return {
        rule.kept_as: identity.plain[rule.field].text
        for platform, identity in told.items()
        for rule in RULES[platform]
        if rule.kept_as is not None and rule.field in identity.plain
    }
