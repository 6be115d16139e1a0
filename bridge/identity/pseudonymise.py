"""The step after which nobody is named: a person becomes hashes, and a remainder that is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from bridge.identity.encryption import Sealer
from bridge.identity.hashing import Hashed
from bridge.identity.identity import Omission, identify
from bridge.identity.remainder import Remainder, remainder
from bridge.identity.rules import Platform
from bridge.identity.subject import SubjectKey, subject_keys
from bridge.order.model import Person

REMAINDER_FIELDS: dict[str, str] = {  # member of Remainder -> the platform field it becomes
    "ip": "client_ip_address",
    "user_agent": "client_user_agent",
    "fbc": "fbc",
    "fbp": "fbp",
    "lead_id": "lead_id",
    "madid": "madid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What one destination that may know of the order wants; `fields` None means all."""

    platform: Platform
    fields: frozenset[str] | None
    storage: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonymised:
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


def pseudonymise(person: Person, wants: Sequence[Want], keys: Keys) -> Pseudonymised:
    """Keep of a person what the destinations may be sent, and nothing when none may."""
    if not wants:
        return Pseudonymised(identities=b"{}", sealed=None, subjects=(), omissions=())
    identities: dict[str, dict[str, tuple[Hashed, ...]]] = {}
    omissions: list[Omission] = []
    for platform in dict.fromkeys(want.platform for want in wants):
        identity = identify(person, platform, _fields(wants, platform))
        identities[platform.value] = identity.values
        omissions += identity.omitted
    kept = _minimal(person, wants).to_dict()
    return Pseudonymised(
        identities=orjson.dumps(identities),
        sealed=keys.sealer.seal(kept) if kept else None,
        subjects=subject_keys(person, keys.master),
        omissions=tuple(omissions),
    )


def without_storage(kept: Remainder) -> Remainder:
    """Take away what was read from the shopper's device for advertising."""
    return replace(kept, fbc=None, fbp=None, madid=None, session_attributes=None, clicks=())


def _fields(wants: Sequence[Want], platform: Platform | None = None) -> frozenset[str] | None:
    union: frozenset[str] = frozenset()
    for want in wants:
        if platform in (None, want.platform):
            if want.fields is None:
                return None
            union |= want.fields
    return union


def _minimal(person: Person, wants: Sequence[Want]) -> Remainder:
    kept = remainder(person, storage_allowed=any(want.storage for want in wants))
    fields = _fields(wants)
    if fields is None:
        return kept
    unwanted = {member: None for member, name in REMAINDER_FIELDS.items() if name not in fields}
    clicks = kept.clicks if "fbc" in fields else ()
    return replace(kept, clicks=clicks, **unwanted)
