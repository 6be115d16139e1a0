import hmac

import pytest

from bridge.identity.encryption import Purpose, derive_key
from bridge.identity.hashing import sha256_hex
from bridge.identity.identity import identify
from bridge.identity.normalise import Normalised
from bridge.identity.rules import Platform
from bridge.identity.sources import gather
from bridge.identity.subject import (
    VERSION,
    SubjectKey,
    SubjectKind,
    keys_to_find,
    subject_keys,
)
from bridge.order.model import Address, Customer, Person, Plain

MASTER = b"m" * 32


def person(email: str = "joe@eg.com", phone: str = "+49 30 123456", country: str = "DE") -> Person:
    return Person(
        customer=Customer(customer_no=Plain(" C1 "), email=Plain(email), phone=Plain(phone)),
        billing=Address(country=Plain(country), phone=Plain(phone)),
        shipping=Address(phone=Plain("+33 6 12 34 56 78")),
    )


def digests(subject: Person, kind: SubjectKind, master: bytes = MASTER) -> list[str]:
    return [key.digest for key in subject_keys(subject, master) if key.kind is kind]


def test_a_person_has_a_key_for_each_email_phone_and_customer_number() -> None:
    keys = subject_keys(person(), MASTER)
    assert [key.kind for key in keys] == ["email", "phone", "phone", "customer_no"]
    assert {key.version for key in keys} == {VERSION}


def test_a_key_is_an_hmac_under_a_key_derived_for_this_purpose_alone() -> None:
    secret = derive_key(MASTER, Purpose.SUBJECT)
    expected = hmac.digest(secret, b"email:joe@eg.com", "sha256").hex()
    assert SubjectKey(SubjectKind.EMAIL, VERSION, expected) in subject_keys(person(), MASTER)
    assert secret != derive_key(MASTER, Purpose.SEAL)


def test_the_same_person_written_differently_has_the_same_keys() -> None:
    other = person(email="  JOE@eg.com\u200b", phone="030 / 12 34 56", country="Deutschland")
    assert subject_keys(person(), MASTER) == subject_keys(other, MASTER)


def test_an_address_no_platform_would_take_can_still_be_erased() -> None:
    assert digests(person(email="joe@localhost"), SubjectKind.EMAIL)


def test_another_master_secret_gives_other_keys() -> None:
    ours = digests(person(), SubjectKind.EMAIL)
    assert digests(person(), SubjectKind.EMAIL, b"n" * 32) != ours


def test_the_same_text_is_another_key_for_another_kind() -> None:
    same = Person(customer=Customer(customer_no=Plain("a@b.c"), email=Plain("a@b.c")))
    email, number = subject_keys(same, MASTER)
    assert email.digest != number.digest


def test_nobody_and_unusable_text_have_no_key() -> None:
    unusable = Customer(email=Plain("\u200b"), phone=Plain("call me"), name=Plain("Joe"))
    assert subject_keys(Person(customer=unusable), MASTER) == ()


@pytest.mark.parametrize(
    "came",
    [
        Person(hashed={"meta": {"em": (sha256_hex("joe@eg.com").upper(),)}}),
        Person(hashed={"google": {"email": (sha256_hex("joe@eg.com"),)}}),
        Person(customer=Customer(email=Plain(sha256_hex("joe@eg.com") + ".AQIAAQAA"))),
        Person(hashed={"meta": {"ph": (sha256_hex("4930123456"),)}}),
        Person(hashed={"google": {"phone": (sha256_hex("+4930123456"),)}}),
        Person(customer=Customer(phone=Plain(sha256_hex("+4930123456")))),
        Person(hashed={"meta": {"external_id": (sha256_hex("c1"),)}}),
    ],
)
def test_who_came_as_a_platforms_digest_is_found_by_the_value_of_it(came: Person) -> None:
    [stored] = subject_keys(came, MASTER)
    assert stored in keys_to_find(person(), MASTER)
    other = Customer(email=Plain("o@eg.com"), phone=Plain("+49 30 99999"), customer_no=Plain("C2"))
    assert stored not in keys_to_find(Person(customer=other), MASTER)


def test_digests_of_nothing_find_nobody() -> None:
    nothing = (sha256_hex("null"), "f00", "")
    assert subject_keys(Person(hashed={"meta": {"em": nothing, "zp": ("a" * 64,)}}), MASTER) == ()


def test_a_number_is_read_once_in_each_country() -> None:
    read = gather(person())["number"]
    assert read("030 123456", "de") is read("030 123456", "de")
    assert read("030 123456", "de") != read("030 123456", "at")


def test_all_who_ask_take_the_number_that_was_read() -> None:
    sources = gather(person())
    sources["number"] = lambda _raw, _country: Normalised("49309999")
    meta = identify(person(), Platform.META, None, sources).values["ph"]
    google = identify(person(), Platform.GOOGLE, None, sources).values["phone"]
    assert meta == (sha256_hex("49309999"),)
    assert google == (sha256_hex("+49309999"),)
    keys = [key for key in subject_keys(person(), MASTER, sources) if key.kind == "phone"]
    assert len(keys) == 1
