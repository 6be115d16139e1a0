"""Keyed digests of who a person is, for erasure and for joining clicks, on no platform's terms.

HMAC-SHA256 under a key of our own: unlike a platform's plain SHA-256, nobody without the key can
try e-mail addresses against them.
"""

import hmac
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from bridge.identity.encryption import Purpose, derive_key
from bridge.identity.hashing import accept_digest, is_digest
from bridge.identity.identity import identify
from bridge.identity.normalise import Normalised, OmitReason
from bridge.identity.normalise.text import lower, tidy
from bridge.identity.rules import Platform
from bridge.identity.sources import Sources, gather
from bridge.order.model import Person, Plain

VERSION: Final = 1
"""Goes up whenever the normalisation below changes, so that old digests can still be looked up."""


class SubjectKind(StrEnum):
    """What a subject key is a digest of."""

    EMAIL = "email"
    PHONE = "phone"
    CUSTOMER_NO = "customer_no"


_DIGESTS: Final[Mapping[str, Mapping[str, SubjectKind]]] = {
    Platform.META: {
        "em": SubjectKind.EMAIL,
        "ph": SubjectKind.PHONE,
        "external_id": SubjectKind.CUSTOMER_NO,
    },
    Platform.GOOGLE: {"email": SubjectKind.EMAIL, "phone": SubjectKind.PHONE},
}
"""Which fields of `hashed` find a person, and as what."""


class SubjectKey(Struct, frozen=True, gc=False):
    """One keyed digest; equal persons have equal keys within a version and a master secret."""

    kind: SubjectKind
    version: int
    digest: str


def subject_keys(
    person: Person, master: bytes, sources: Sources | None = None
) -> tuple[SubjectKey, ...]:
    """Answer the keys of every e-mail address, phone number and customer number of `person`.

    Trimmed and lower-cased e-mail, phone in E.164 form, trimmed customer number, or the digest that
    came in the place of one; `master` is the installation's master secret, `sources` what `gather`
    made of `person` if that is at hand.
    """
    keyed = _keyed(master)
    known = dict.fromkeys(_known(person, sources or gather(person)))
    return tuple([SubjectKey(kind, VERSION, _digest(keyed, kind, text)) for kind, text in known])


def keys_to_find(person: Person, master: bytes) -> tuple[SubjectKey, ...]:
    """Answer the keys of `person` also as orders have them that brought a platform's digest."""
    sources = gather(person)
    told = {one.value: identify(person, one, None, sources).values for one in Platform}
    return subject_keys(replace(person, hashed=told), master, sources)


def _known(person: Person, sources: Sources) -> Iterator[tuple[SubjectKind, str]]:
    customer = person.customer
    if customer.email is not None and (email := _text(customer.email.text)):
        yield SubjectKind.EMAIL, lower(email)
    for text, country in dict.fromkeys(_phones(sources)):
        number = sources["number"](text, country)
        if isinstance(number, Normalised):
            yield SubjectKind.PHONE, number.value
        elif is_digest(text) and (digest := _text(text)):
            yield SubjectKind.PHONE, digest
    if customer.customer_no is not None and (number_text := _text(customer.customer_no.text)):
        yield SubjectKind.CUSTOMER_NO, number_text
    for platform, fields in person.hashed.items():
        for field, kind in _DIGESTS.get(platform, {}).items():
            digests = (_text(one) for one in fields.get(field, ()) if is_digest(one))
            yield from ((kind, one) for one in digests if one)


def _text(given: str) -> str:
    """Answer what a key is made of: the value tidied, or a platform's digest that came for it."""
    accepted = accept_digest(given) if is_digest(given) else tidy(given)
    return "" if isinstance(accepted, OmitReason) else accepted


def _phones(sources: Sources) -> Iterator[tuple[str, str | None]]:
    for given, country in sources["phone"] + sources["fallback_phone"]:
        if isinstance(given, Plain):
            yield given.text, country


def _digest(keyed: hmac.HMAC, kind: SubjectKind, text: str) -> str:
    digest = keyed.copy()
    digest.update(f"{kind}:{text}".encode())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _keyed(master: bytes) -> hmac.HMAC:
    """Take the key in once per master secret, of which an installation has one or two."""
    return hmac.new(derive_key(master, Purpose.SUBJECT), digestmod=sha256)
