"""The platform x field table: how each field is made, and what documentation says so."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bridge.identity import normalise
from bridge.identity.hashing import Hashed, accept_digest, is_digest, sha256_hex
from bridge.identity.normalise import Normalised, Normaliser, OmitReason, Omitted
from bridge.identity.normalise.place import country_code
from bridge.identity.sources import Source


class Platform(StrEnum):
    """A platform with rules of its own; hashes are never shared between two."""

    META = "meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One field of a platform: sent as SHA-256 of what `normalise` makes of `source`."""

    field: str
    source: Source
    normalise: Normaliser
    reference: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedField:
    """What becomes of one raw text; `normalised` is hidden, and None for a ready-made digest.

    Either `sha256` or `reason` is set, never both.
    """

    normalised: str | None = field(default=None, repr=False)
    sha256: Hashed | None = None
    reason: OmitReason | None = None


def _meta(name: str, source: Source, normaliser: Normaliser, *aliases: str, note: str = "") -> Rule:
    return Rule(
        field=name,
        source=source,
        normalise=normaliser,
        reference=f"Meta: Customer information parameters, {name}{note}",
        aliases=aliases,
    )


RULES: Final[dict[Platform, tuple[Rule, ...]]] = {
    Platform.META: (
        _meta("em", Source.EMAIL, normalise.em, "email"),
        _meta("ph", Source.PHONE, normalise.ph, "phone"),
        _meta("fn", Source.FIRST_NAME, normalise.fn),
        _meta("ln", Source.LAST_NAME, normalise.ln),
        _meta("ge", Source.GENDER, normalise.ge),
        _meta("db", Source.BIRTH_DATE, normalise.db),
        _meta("ct", Source.CITY, normalise.ct),
        _meta("st", Source.STATE, normalise.st),
        _meta("zp", Source.POSTAL_CODE, normalise.zp),
        _meta("country", Source.COUNTRY, normalise.country),
        _meta(
            "external_id", Source.CUSTOMER_ID, normalise.external_id, note=" (hashing recommended)"
        ),
    ),
}


def digest_or_reason(rule: Rule, raw: str, country: str | None) -> Hashed | OmitReason:
    """Answer the digest of `raw` by `rule`, passing a ready-made one; or why there is none."""
    if is_digest(raw):
        return accept_digest(raw)
    made = rule.normalise(raw, country)
    return sha256_hex(made.value) if isinstance(made, Normalised) else made.reason


def hash_field(platform: str, field: str, raw: str, country: str | None = None) -> HashedField:
    """Show what `field` of `platform` makes of `raw`; `country` is a code or a name.

    ValueError lists the known ones when the platform or field is not.
    """
    rule = _find(platform, field)
    if is_digest(raw):
        given = accept_digest(raw)
        if isinstance(given, OmitReason):
            return HashedField(reason=given)
        return HashedField(sha256=given)
    made = rule.normalise(raw, country_code(country))
    if isinstance(made, Omitted):
        return HashedField(reason=made.reason)
    return HashedField(normalised=made.value, sha256=sha256_hex(made.value))


def _find(platform: str, field: str) -> Rule:
    if platform not in set(Platform):
        raise ValueError(f"Unknown platform: write one of {', '.join(Platform)}.")
    rules = RULES[Platform(platform)]
    rule = next((rule for rule in rules if field in (rule.field, *rule.aliases)), None)
    if rule is None:
        known = ", ".join(name for rule in rules for name in (rule.field, *rule.aliases))
        raise ValueError(f"Unknown field of {platform}: write one of {known}.")
    return rule
