"""The rules of our own lint: what no platform tells, because it just matches nobody.

The same set for each API, under the API's own prefix.
"""

from dataclasses import dataclass

from mock_platform.rules.catalogue import CUSTOM, CUSTOMER
from mock_platform.rules.google_ads_catalogue import UPLOADS
from mock_platform.rules.google_catalogue import EVENT, FORMATTING
from mock_platform.rules.model import Rule
from mock_platform.rules.normal_forms import Platform
from mock_platform.rules.rows import documented

_OTHER = {Platform.META: Platform.GOOGLE, Platform.GOOGLE: Platform.META}


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRules:
    """The lint of one API."""

    platform: Platform
    not_normalised: Rule
    twice: Rule
    for_other_platform: Rule
    other_member: Rule
    placeholder: Rule
    exponent: Rule
    minor_units: Rule
    value_basis: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class _Api:
    platform: Platform
    prefix: str
    money: str
    exponent: str
    identity_doc: str
    money_doc: str
    identity_answer: str
    money_answer: str


def _lint(api: _Api) -> LintRules:
    def hashed(name: str, explanation: str) -> Rule:
        return documented(
            f"{api.prefix}.hash.{name}", api.identity_doc, explanation, api.identity_answer
        )

    def money(name: str, explanation: str) -> Rule:
        return documented(f"{api.money}.{name}", api.money_doc, explanation, api.money_answer)

    other = _OTHER[api.platform]
    return LintRules(
        platform=api.platform,
        not_normalised=hashed("not_normalised", "the digest of a value nobody normalised"),
        twice=hashed("twice", "the digest of a digest"),
        for_other_platform=hashed(
            f"for_{other}", f"the digest of the form that {other.capitalize()} wants"
        ),
        other_member=hashed("other_member", "the digest of another value of the shopper"),
        placeholder=hashed("of_placeholder", "the digest of a text that stands for no value"),
        exponent=money(api.exponent, "more decimals than the currency has"),
        minor_units=money("minor_units", "an amount in cents, or what the currency has for them"),
        value_basis=money("value_basis", "another amount of the order than the one declared"),
    )


META = _lint(
    _Api(
        platform=Platform.META,
        prefix="meta",
        money="meta.custom_data",
        exponent="currency_exponent",
        identity_doc=CUSTOMER,
        money_doc=CUSTOM,
        identity_answer="invalid_parameter",
        money_answer="invalid_parameter",
    )
)
DATA_MANAGER = _lint(
    _Api(
        platform=Platform.GOOGLE,
        prefix="google.data_manager",
        money="google.data_manager",
        exponent="value_exponent",
        identity_doc=FORMATTING,
        money_doc=EVENT,
        identity_answer="INVALID_FORMAT",
        money_answer="INVALID_EVENT",
    )
)
GOOGLE_ADS = _lint(
    _Api(
        platform=Platform.GOOGLE,
        prefix="google.google_ads",
        money="google.google_ads",
        exponent="value_exponent",
        identity_doc=UPLOADS,
        money_doc=UPLOADS,
        identity_answer="fieldError.INVALID_VALUE",
        money_answer="fieldError.INVALID_VALUE",
    )
)
