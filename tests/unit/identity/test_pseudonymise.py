"""The whole stage: what may rest of a person, for the destinations that want them."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, get_args

import orjson
import pytest
from msgspec.structs import fields, replace

from bridge.identity.clear_rules import CLEAR_RULES
from bridge.identity.encryption import Sealer
from bridge.identity.google_click import google_click
from bridge.identity.identity import Omission
from bridge.identity.normalise import OmitReason
from bridge.identity.pseudonymise import (
    Keys,
    Pseudonymised,
    Want,
    pseudonymise,
    pseudonymise_all,
    without_storage,
)
from bridge.identity.remainder import Click, Remainder
from bridge.identity.rules import RULES, Platform
from bridge.operate.google_destination import GoogleField
from bridge.operate.meta_destination import MetaField
from bridge.order.model import Address, Browser, Customer, Person, Plain, Touch

MASTER = b"m" * 32
KEYS = Keys(sealer=Sealer([MASTER]), master=MASTER)
META = Want(platform=Platform.META, fields=None, storage=True)
GOOGLE = Want(platform=Platform.GOOGLE, fields=None, storage=True)
AT = "2026-11-20T10:00:00.000Z"
JOE = Person(
    customer=Customer(
        email=Plain("Joe.Bloggs+shop@gmail.com"),
        phone=Plain("(650) 555-1212"),
        first_name=Plain("Mr. Joe"),
        last_name=Plain("O'Bloggs Jr."),
        lead_id=Plain("12"),
    ),
    billing=Address(postal_code=Plain("940431234"), country=Plain("USA")),
    browser=Browser(
        ip=Plain("203.0.113.9"),
        user_agent=Plain("Mozilla/5.0"),
        page_url=Plain("https://shop.eg/thanks"),
        fbp=Plain("fb.1.1795168800123.12"),
        session_attributes=Plain("aBc-_"),
    ),
    touches=(
        Touch(
            at=datetime(2026, 11, 20, 10, tzinfo=UTC),
            fbclid=Plain("Meta"),
            gclid=Plain("GooGle"),
        ),
    ),
    hashed={"google": {"email": ("a" * 64,)}, "meta": {"em": ("b" * 64,)}},
)
OF_META = {
    "ip": "203.0.113.9",
    "user_agent": "Mozilla/5.0",
    "page_url": "https://shop.eg/thanks",
    "fbp": "fb.1.1795168800123.12",
    "lead_id": "12",
    "clicks": [{"at": AT, "fbclid": "Meta"}],
}
OF_GOOGLE = {
    "ip": "203.0.113.9",
    "user_agent": "Mozilla/5.0",
    "session_attributes": "aBc-_",
    "google_region_code": "US",
    "google_postal_code": "94043-1234",
    "clicks": [{"at": AT, "gclid": "GooGle"}],
}


def want(platform: Platform, *names: str, storage: bool = True) -> Want:
    return Want(platform=platform, fields=frozenset(names), storage=storage)


def of_joe(*wants: Want) -> Pseudonymised:
    return pseudonymise(JOE, wants, KEYS)


def identities(hidden: Pseudonymised) -> dict[str, dict[str, list[str]]]:
    known: dict[str, dict[str, list[str]]] = orjson.loads(hidden.identities)
    return known


def sealed(hidden: Pseudonymised) -> dict[str, Any]:
    return KEYS.sealer.unseal(hidden.sealed) if hidden.sealed else {}


def opened(hidden: Pseudonymised) -> tuple[Pseudonymised, dict[str, Any]]:
    """Answer what is kept, with the seal off: no two seals are the same."""
    return replace(hidden, sealed=None), sealed(hidden)


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_google_is_told_by_its_own_rules() -> None:
    assert identities(of_joe(GOOGLE)) == {
        "google": {
            "email": ["a" * 64, hashed("joebloggs@gmail.com")],
            "phone": [hashed("+16505551212")],
            "given_name": [hashed("joe")],
            "family_name": [hashed("o'bloggs")],
        }
    }
    assert sealed(of_joe(GOOGLE)) == OF_GOOGLE


def test_without_google_among_the_wants_nothing_of_google_s_is_kept() -> None:
    hidden = of_joe(META)
    assert identities(hidden).keys() == {"meta"}
    assert sealed(hidden) == OF_META
    assert not set(identities(of_joe(GOOGLE))["google"]["email"]) & set(
        identities(hidden)["meta"]["em"]
    )
    assert {omission.field for omission in hidden.omissions} <= {
        rule.field for rule in RULES[Platform.META]
    }


def test_without_meta_among_the_wants_nothing_of_meta_s_is_kept() -> None:
    hidden = of_joe(GOOGLE)
    assert identities(hidden).keys() == {"google"}
    assert not sealed(hidden).keys() & {"fbc", "fbp", "page_url", "lead_id"}


def test_each_platform_s_share_is_the_same_in_company() -> None:
    both = of_joe(META, GOOGLE)
    assert identities(both) == identities(of_joe(META)) | identities(of_joe(GOOGLE))
    together = OF_META | OF_GOOGLE
    assert sealed(both) == together | {"clicks": [{"at": AT, "fbclid": "Meta", "gclid": "GooGle"}]}
    assert both.subjects == of_joe(META).subjects == of_joe(GOOGLE).subjects


@pytest.mark.parametrize("clear", ["US", "94043-1234", "joe", "GooGle", "203.0.113.9"])
def test_nothing_rests_in_clear(clear: str) -> None:
    hidden = of_joe(META, GOOGLE)
    assert hidden.sealed is not None
    assert f'"{clear}"'.encode() not in hidden.identities + hidden.sealed
    assert clear not in f"{hidden.omissions}"


def test_postcode_and_region_have_no_digest() -> None:
    known = of_joe(GOOGLE).identities
    for text in ("US", "us", "94043-1234", "94043"):
        assert hashed(text).encode() not in known


def test_without_consent_to_storage_google_keeps_no_click() -> None:
    kept = sealed(of_joe(Want(platform=Platform.GOOGLE, fields=None, storage=False)))
    assert kept == {
        name: value
        for name, value in OF_GOOGLE.items()
        if name not in {"session_attributes", "clicks"}
    }


def test_storage_at_one_destination_is_not_storage_at_another() -> None:
    kept = sealed(of_joe(META, want(Platform.GOOGLE, "click_id", "ip", storage=False)))
    assert kept == OF_META
    kept = sealed(of_joe(GOOGLE, want(Platform.META, "fbc", "ip", storage=False)))
    assert kept == OF_GOOGLE | {"page_url": "https://shop.eg/thanks"}


def test_what_was_read_from_the_device_can_be_taken_away_when_opened() -> None:
    kept = without_storage(Remainder.from_dict(sealed(of_joe(META, GOOGLE))))
    assert google_click(kept) is None
    assert (kept.session_attributes, kept.fbp, kept.clicks) == (None, None, ())
    assert (kept.google_region_code, kept.google_postal_code) == ("US", "94043-1234")


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("email",), {}),
        (("region_code", "ip"), {"google_region_code": "US", "ip": "203.0.113.9"}),
        (("click_id",), {"clicks": OF_GOOGLE["clicks"]}),
        (("session_attributes",), {"session_attributes": "aBc-_"}),
    ],
)
def test_only_allowed_fields_are_kept(names: tuple[str, ...], kept: dict[str, Any]) -> None:
    hidden = of_joe(want(Platform.GOOGLE, *names))
    assert sealed(hidden) == kept
    assert identities(hidden)["google"].keys() == {"email"} & set(names)
    if "region_code" not in names:
        assert Omission("region_code", OmitReason.NOT_ALLOWED) in hidden.omissions


def test_what_one_of_two_destinations_may_have_is_kept() -> None:
    hidden = of_joe(want(Platform.GOOGLE, "email"), want(Platform.GOOGLE, "postal_code"))
    assert identities(hidden)["google"].keys() == {"email"}
    assert sealed(hidden) == {"google_postal_code": "94043-1234"}


def test_nobody_wanting_means_nothing_kept() -> None:
    hidden = of_joe()
    assert (hidden.identities, hidden.sealed, hidden.subjects) == (b"{}", None, ())


def test_many_at_once_are_each_kept_as_alone_and_nothing_is_of_whom_nobody_wants() -> None:
    ann = Person(customer=Customer(email=Plain("ann@example.com"), gender=Plain("?")))
    each = [(JOE, [META]), (JOE, []), (ann, [GOOGLE, META]), (ann, [])]
    hidden = pseudonymise_all([who for who, _ in each], [wants for _, wants in each], KEYS)
    alone = [pseudonymise(who, wants, KEYS) for who, wants in each]
    assert list(map(opened, hidden)) == list(map(opened, alone))


def test_an_unusable_plain_value_is_left_out_with_its_reason() -> None:
    person = Person(billing=Address(postal_code=Plain("canary"), country=Plain("Atlantis")))
    hidden = pseudonymise(person, [GOOGLE], KEYS)
    assert hidden.sealed is None
    assert hidden.omissions == (
        Omission("region_code", OmitReason.UNKNOWN_WORD),
        Omission("postal_code", OmitReason.MALFORMED),
    )


@pytest.mark.parametrize(
    ("platform", "names"),
    [(Platform.META, get_args(MetaField)), (Platform.GOOGLE, get_args(GoogleField))],
)
def test_the_tables_have_exactly_the_fields_a_destination_may_allow(
    platform: Platform, names: tuple[str, ...]
) -> None:
    clear = {rule.field for rule in CLEAR_RULES[platform]} - {None}
    assert {rule.field for rule in RULES[platform]} | clear == set(names)


def test_the_tables_name_members_that_exist_and_leave_none_out() -> None:
    named = {
        member for rules in CLEAR_RULES.values() for rule in rules for member in rule.members
    } | {rule.kept_as for rules in RULES.values() for rule in rules if rule.kept_as is not None}
    known = {member.name for record in (Remainder, Click) for member in fields(record)}
    assert named == known - {"clicks", "at"}
