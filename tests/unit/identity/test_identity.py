from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import fields, replace

from bridge.identity.identity import Omission, identify
from bridge.identity.normalise import OmitReason
from bridge.identity.rules import Platform
from bridge.order.model import Address, Customer, Person, Plain

PLAIN_MEMBERS = [member.name for member in fields(Customer) if member.name != "external_ids"]
EMPTY_DIGEST = sha256(b"").hexdigest()


def hashed(*texts: str) -> tuple[str, ...]:
    return tuple(sha256(text.encode()).hexdigest() for text in texts)


def address(**members: str) -> Address:
    return Address(**{name: Plain(text) for name, text in members.items()})


def customer(**members: str) -> Customer:
    plain: dict[str, Any] = {name: Plain(text) for name, text in members.items()}
    return Customer(**plain)


def values(person: Person) -> dict[str, tuple[str, ...]]:
    return dict(identify(person, Platform.META, None).values)


def omissions(person: Person) -> set[tuple[str, OmitReason]]:
    omitted = identify(person, Platform.META, None).omitted
    return {(omission.field, omission.reason) for omission in omitted}


def test_a_full_person_has_every_field() -> None:
    person = Person(
        customer=Customer(
            customer_no=Plain("C123"),
            external_ids=(Plain("LOYAL-9"), Plain("C123")),
            email=Plain("Joe@EG.com"),
            phone=Plain("(650) 555-1212"),
            first_name=Plain("Joe"),
            last_name=Plain("O'Brien"),
            birth_date=Plain("1985-12-10"),
            gender=Plain("male"),
        ),
        billing=address(city="Menlo Park", state="California", postal_code="94025-1", country="US"),
    )
    assert omissions(person) == {("zp", OmitReason.MALFORMED)}
    assert values(person) == {
        "em": hashed("joe@eg.com"),
        "ph": hashed("16505551212"),
        "fn": hashed("joe"),
        "ln": hashed("obrien"),
        "ge": hashed("m"),
        "db": hashed("19851210"),
        "ct": hashed("menlopark"),
        "st": hashed("ca"),
        "country": hashed("us"),
        "external_id": hashed("c123", "loyal-9"),
    }


def test_nobody_has_no_field_and_no_omission() -> None:
    nobody = identify(Person(), Platform.META, None)
    assert (nobody.values, nobody.omitted) == ({}, ())


def test_phones_of_customer_and_billing_address_are_both_kept() -> None:
    person = Person(
        customer=customer(phone="030 123456"),
        billing=address(phone="030 654321", country="DE"),
        shipping=address(phone="06 12 34 56 78", country="FR"),
    )
    assert values(person)["ph"] == hashed("4930123456", "4930654321")


def test_the_same_phone_written_twice_is_sent_once() -> None:
    person = Person(
        customer=customer(phone="030 123456"), billing=address(phone="+49 30 123456", country="DE")
    )
    assert values(person)["ph"] == hashed("4930123456")


def test_the_shipping_phone_counts_only_when_no_other_is_usable() -> None:
    person = Person(
        customer=customer(phone="call me"),
        billing=address(country="DE"),
        shipping=address(phone="06 12 34 56 78", country="FR"),
    )
    assert values(person)["ph"] == hashed("33612345678")
    assert omissions(person) == {("ph", OmitReason.MALFORMED)}


def test_a_phone_takes_the_shipping_country_when_billing_has_none() -> None:
    person = Person(customer=customer(phone="030 123456"), shipping=address(country="Germany"))
    assert values(person)["ph"] == hashed("4930123456")


def test_names_come_from_one_place() -> None:
    billing = address(first_name="Bill", last_name="Payer")
    assert values(Person(customer=customer(first_name="Joe"), billing=billing))["fn"] == (
        hashed("joe")
    )
    assert "ln" not in values(Person(customer=customer(first_name="Joe"), billing=billing))
    assert values(Person(customer=customer(name="Ann Other"), billing=billing))["ln"] == (
        hashed("payer")
    )


def test_a_full_name_is_split_when_there_is_no_other() -> None:
    person = Person(
        customer=customer(name="Ludwig van Beethoven"),
        shipping=address(first_name="Gift", last_name="Recipient"),
    )
    assert values(person) == {"fn": hashed("ludwig"), "ln": hashed("vanbeethoven")}


def test_a_full_name_of_one_word_is_omitted_with_its_reason() -> None:
    person = Person(customer=customer(name="Madonna"))
    assert values(person) == {}
    assert omissions(person) == {
        ("fn", OmitReason.ONE_WORD_NAME),
        ("ln", OmitReason.ONE_WORD_NAME),
    }


def test_addresses_are_not_mixed() -> None:
    person = Person(
        billing=address(city="Paris", country="FR"),
        shipping=address(city="Berlin", postal_code="10115", state="Berlin", country="DE"),
    )
    assert values(person) == {"ct": hashed("paris"), "country": hashed("fr")}


def test_the_shipping_address_stands_in_for_a_missing_billing_address() -> None:
    person = Person(
        billing=address(first_name="Joe"),
        shipping=address(city="Austin", state="Texas", postal_code="78701-0001", country="USA"),
    )
    assert values(person) == {
        "fn": hashed("joe"),
        "ct": hashed("austin"),
        "st": hashed("tx"),
        "zp": hashed("78701"),
        "country": hashed("us"),
    }


def test_ready_made_digests_stand_first_and_join_ours() -> None:
    theirs = hashed("other@eg.com")[0]
    person = Person(
        customer=customer(email="joe@eg.com"),
        hashed={"meta": {"em": (theirs.upper(),)}, "google": {"email": ("0" * 64,)}},
    )
    assert values(person) == {"em": (theirs, *hashed("joe@eg.com"))}


def test_the_same_digest_given_and_made_is_sent_once() -> None:
    person = Person(
        customer=customer(email="joe@eg.com"), hashed={"meta": {"em": hashed("joe@eg.com")}}
    )
    assert values(person) == {"em": hashed("joe@eg.com")}


def test_a_usable_ready_made_phone_spares_the_shipping_phone() -> None:
    person = Person(
        shipping=address(phone="06 12 34 56 78", country="FR"),
        hashed={"meta": {"ph": hashed("16505551212")}},
    )
    assert values(person)["ph"] == hashed("16505551212")


def test_unusable_digests_are_omitted_with_their_reasons() -> None:
    person = Person(hashed={"meta": {"em": ("canary@eg.com", EMPTY_DIGEST), "canary": ("x",)}})
    assert values(person) == {}
    assert omissions(person) == {
        ("em", OmitReason.NOT_A_DIGEST),
        ("em", OmitReason.DIGEST_OF_NOTHING),
    }


def test_a_digest_in_a_plain_member_is_recognised() -> None:
    person = Person(customer=customer(email=hashed("joe@eg.com")[0].upper()))
    assert values(person) == {"em": hashed("joe@eg.com")}


def test_only_allowed_fields_are_used() -> None:
    person = Person(customer=customer(email="joe@eg.com", first_name="Joe", last_name=" "))
    identity = identify(person, Platform.META, frozenset({"em"}))
    assert identity.values == {"em": hashed("joe@eg.com")}
    assert identity.omitted == (
        Omission("fn", OmitReason.NOT_ALLOWED),
        Omission("ln", OmitReason.EMPTY),
    )


@pytest.mark.parametrize("bad", ["", "canary", "\ud800canary", "undefined"])
def test_no_raw_text_shows_in_an_identity(bad: str) -> None:
    text = Plain(bad)
    everything = Person(
        customer=replace(customer(**dict.fromkeys(PLAIN_MEMBERS, bad)), external_ids=(text,)),
        billing=Address(**{member.name: text for member in fields(Address)}),
        shipping=Address(**{member.name: text for member in fields(Address)}),
        hashed={"meta": {"em": (bad,), bad: (bad,)}},
    )
    identity = identify(everything, Platform.META, None)
    assert "canary" not in f"{identity} {identity!r} {identity.values} {identity.omitted}"
    assert EMPTY_DIGEST not in str(identity.values)
