"""The platform x field table: how each field is made, and what documentation says so."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import Final

from bridge.identity import normalise
from bridge.identity.hashing import Hashed, accept_digest, is_digest, sha256_hex
from bridge.identity.normalise import Normaliser, OmitReason, Omitted, google
from bridge.identity.normalise.place import country_code
from bridge.identity.sources import Givens, Sources


class Platform(StrEnum):
    """A platform with rules of its own; hashes are never shared between two."""

    META = "meta"
    GOOGLE = "google"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One field of a platform: sent as SHA-256 of what `normalise` makes of `source`.

    `fallback` is made use of when nothing in `source` was usable. `prefix` stands before what
    `normalise` answers. `kept_as` names the member of the sealed remainder that holds the field
    when the platform wants it in clear; such a field has no digest.
    """

    field: str
    source: Callable[[Sources], Givens]
    normalise: Normaliser
    reference: str
    aliases: tuple[str, ...] = ()
    prefix: str = ""
    kept_as: str | None = None
    fallback: Callable[[Sources], Givens] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedField:
    """What becomes of one raw text; `normalised` is hidden, and None for a ready-made digest.

    Either `sha256` or `reason` is set; neither is for a field that the platform wants in clear.
    """

    normalised: str | None = field(default=None, repr=False)
    sha256: Hashed | None = None
    reason: OmitReason | None = None


RULES: Final[dict[Platform, tuple[Rule, ...]]] = {
    Platform.META: (
        Rule(
            field="em",
            source=itemgetter("email"),
            normalise=normalise.em,
            reference="Meta: Customer information parameters, em",
            aliases=("email",),
        ),
        Rule(
            field="ph",
            source=itemgetter("phone"),
            normalise=normalise.ph,
            reference="Meta: Customer information parameters, ph",
            aliases=("phone",),
            fallback=itemgetter("fallback_phone"),
        ),
        Rule(
            field="fn",
            source=itemgetter("first_name"),
            normalise=normalise.fn,
            reference="Meta: Customer information parameters, fn",
        ),
        Rule(
            field="ln",
            source=itemgetter("last_name"),
            normalise=normalise.ln,
            reference="Meta: Customer information parameters, ln",
        ),
        Rule(
            field="ge",
            source=itemgetter("gender"),
            normalise=normalise.ge,
            reference="Meta: Customer information parameters, ge",
        ),
        Rule(
            field="db",
            source=itemgetter("birth_date"),
            normalise=normalise.db,
            reference="Meta: Customer information parameters, db",
        ),
        Rule(
            field="ct",
            source=itemgetter("city"),
            normalise=normalise.ct,
            reference="Meta: Customer information parameters, ct",
        ),
        Rule(
            field="st",
            source=itemgetter("state"),
            normalise=normalise.st,
            reference="Meta: Customer information parameters, st",
        ),
        Rule(
            field="zp",
            source=itemgetter("postal_code"),
            normalise=normalise.zp,
            reference="Meta: Customer information parameters, zp",
        ),
        Rule(
            field="country",
            source=itemgetter("country"),
            normalise=normalise.country,
            reference="Meta: Customer information parameters, country",
        ),
        Rule(
            field="external_id",
            source=itemgetter("customer_id"),
            normalise=normalise.external_id,
            reference="Meta: Customer information parameters, external_id",
        ),
    ),
    Platform.GOOGLE: (
        Rule(
            field="email",
            source=itemgetter("email"),
            normalise=google.email,
            reference="Google: Data Manager API, Format user data, email_address",
            aliases=("email_address", "em"),
        ),
        Rule(
            field="phone",
            source=itemgetter("phone"),
            normalise=normalise.ph,
            prefix="+",
            reference="Google: Data Manager API, Format user data, phone_number",
            aliases=("phone_number", "ph"),
            fallback=itemgetter("fallback_phone"),
        ),
        Rule(
            field="given_name",
            source=itemgetter("first_name"),
            normalise=google.given_name,
            reference="Google: Data Manager API, Format user data, given_name",
            aliases=("fn",),
        ),
        Rule(
            field="family_name",
            source=itemgetter("last_name"),
            normalise=google.family_name,
            reference="Google: Data Manager API, Format user data, family_name",
            aliases=("ln",),
        ),
        Rule(
            field="region_code",
            source=itemgetter("country"),
            normalise=google.region_code,
            reference="Google: Data Manager API, Format user data, region_code",
            aliases=("country",),
            kept_as="google_region_code",
        ),
        Rule(
            field="postal_code",
            source=itemgetter("postal_code"),
            normalise=google.postal_code,
            reference="Google: Data Manager API, Format user data, postal_code",
            aliases=("zp",),
            kept_as="google_postal_code",
        ),
    ),
}


def hash_field(platform: str, field: str, raw: str, country: str | None = None) -> HashedField:
    """Show what `field` of `platform` makes of `raw`; `country` is a code or a name.

    ValueError lists the known ones when the platform or field is not.
    """
    rule = _find(platform, field)
    if rule.kept_as is None and is_digest(raw):
        given = accept_digest(raw)
        if isinstance(given, OmitReason):
            return HashedField(reason=given)
        return HashedField(sha256=given)
    made = rule.normalise(raw, country_code(country))
    if isinstance(made, Omitted):
        return HashedField(reason=made.reason)
    text = rule.prefix + made.value
    return HashedField(normalised=text, sha256=None if rule.kept_as else sha256_hex(text))


def _find(platform: str, field: str) -> Rule:
    if platform not in set(Platform):
        raise ValueError(f"Unknown platform: write one of {', '.join(Platform)}.")
    rules = RULES[Platform(platform)]
    rule = next((rule for rule in rules if field in (rule.field, *rule.aliases)), None)
    if rule is None:
        known = ", ".join(name for rule in rules for name in (rule.field, *rule.aliases))
        raise ValueError(f"Unknown field of {platform}: write one of {known}.")
    return rule
