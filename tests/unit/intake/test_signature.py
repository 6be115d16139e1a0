import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook
from werkzeug.datastructures import Headers

from bridge.errors import SettingsInvalid, SignatureInvalid
from bridge.intake.signature import parse_secret, sign, verify

NOW = datetime(2026, 11, 22, 7, 0, 30, tzinfo=UTC)
TOLERANCE = timedelta(minutes=5)
SECRET = b"a secret of twenty-four."
OTHER = b"another one, also of 32 bytes..."
BODY = b'{"order_no":"1"}'

SECRETS = st.binary(min_size=16, max_size=64)
BODIES = st.text(max_size=50).map(str.encode)
IDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # timezones= adds it


def signed(body: bytes = BODY, secret: bytes = SECRET, at: datetime = NOW) -> dict[str, str]:
    return sign("RefArch.order.1", at, body, secret)


def accepts(
    headers: Mapping[str, str],
    body: bytes = BODY,
    secrets: tuple[bytes, ...] = (SECRET,),
    now: datetime = NOW,
) -> bool:
    try:
        verify(headers, body, secrets, now, TOLERANCE)
    except SignatureInvalid:
        return False
    return True


# --- the standardwebhooks library as oracle, both ways ------------------------------------------


@given(IDS, TIMES, BODIES, SECRETS)
def test_what_the_library_signs_is_accepted(
    message_id: str, at: datetime, body: bytes, secret: bytes
) -> None:
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }
    assert accepts(headers, body, (secret,), at)


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)


@given(PRINTABLE, BODIES, SECRETS)
def test_the_library_accepts_what_is_signed_here(
    message_id: str, body: bytes, secret: bytes
) -> None:
    headers = sign(message_id, datetime.now(UTC), body, secret)
    text = "whsec_" + base64.b64encode(secret).decode()
    Webhook(text).verify(body, headers, json_parse=False)


# --- freshness ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_a_timestamp_inside_the_tolerance_is_fresh(seconds: int) -> None:
    assert accepts(signed(at=NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-86400, -301, 301, 86400])
def test_a_timestamp_outside_the_tolerance_is_refused(seconds: int) -> None:
    with pytest.raises(SignatureInvalid, match=r"webhook-timestamp is more than 300 s"):
        verify(signed(at=NOW + timedelta(seconds=seconds)), BODY, [SECRET], NOW, TOLERANCE)


def test_the_edge_counts_parts_of_a_second_of_our_clock() -> None:
    at = NOW - TOLERANCE
    assert accepts(signed(at=at), now=NOW)
    assert not accepts(signed(at=at), now=NOW + timedelta(milliseconds=1))


# --- what is signed -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_a_signature_covers_the_header(name: str) -> None:
    other = sign("RefArch.order.2", NOW + timedelta(seconds=1), BODY, SECRET)
    assert not accepts(signed() | {name: other[name]})


def test_a_signature_covers_every_byte_of_the_body() -> None:
    assert not accepts(signed(), BODY + b"\n")


def test_a_body_that_is_no_text_can_be_signed() -> None:
    body = b"\xff\xfe\x00"
    assert accepts(signed(body), body)


def test_another_secret_does_not_open() -> None:
    assert not accepts(signed(secret=OTHER))


def test_header_names_are_found_in_any_case_as_flask_gives_them() -> None:
    headers = Headers([(name.title(), value) for name, value in signed().items()])
    verify(headers, BODY, [SECRET], NOW, TOLERANCE)


def test_an_order_number_that_is_not_ascii_is_percent_encoded_as_in_a_browser() -> None:
    headers = sign("Sité.order.Ä 7/8+(9)!*'~-_.", NOW, BODY, SECRET)
    assert headers["webhook-id"] == "Sit%C3%A9.order.%C3%84%207%2F8%2B(9)!*'~-_."
    assert accepts(headers)


# --- rotation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_both_live_secrets_open_during_a_rotation(secret: bytes) -> None:
    assert accepts(signed(secret=secret), secrets=(SECRET, OTHER))


def test_one_signature_of_several_is_enough() -> None:
    old, new = (signed(secret=secret) for secret in (OTHER, SECRET))
    both = f"{old['webhook-signature']} {new['webhook-signature']}"
    assert accepts(new | {"webhook-signature": both})


def test_entries_of_other_versions_are_ignored() -> None:
    headers = signed()
    listed = f"v1a,ed25519+signature v2,x {headers['webhook-signature']}"
    assert accepts(headers | {"webhook-signature": listed})


def test_a_good_signature_under_another_version_does_not_count() -> None:
    headers = signed()
    assert not accepts(
        headers | {"webhook-signature": headers["webhook-signature"].replace("v1", "v2")}
    )


def test_a_site_without_secrets_lets_nobody_in() -> None:
    assert not accepts(signed(), secrets=())


# --- malformed headers --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(name: str) -> None:
    headers = signed()
    del headers[name]
    with pytest.raises(SignatureInvalid, match=f"^{name} is missing or malformed"):
        verify(headers, BODY, [SECRET], NOW, TOLERANCE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("webhook-id", value) for value in ["", " ", "a b", "a\n", "é", "\ud800", "x" * 1025]),
        *(
            ("webhook-timestamp", value)
            for value in [
                *("", "now", "1795330830.0", "1.7e9", "+1795330830", "-1", "01795330830", " 1"),
                *("1795330830\n", "١٧٩٥٣٣٠٨٣٠", "9" * 400, "0", "inf", "nan", "0x6b"),
            ]
        ),
        *(
            ("webhook-signature", value)
            for value in [
                *("", "v1", "v1,", ",", "v1,!!!!", "v1,QUJD", "v1,é", "v1,\ud800", "v1,=", "v1 ,x"),
                *("v1,A", " ", "v1,QUJD,QUJD", "v1;QUJD", "\x00"),
            ]
        ),
    ],
)
def test_a_malformed_header_is_refused_and_its_value_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SignatureInvalid, match=name) as refused:
        verify(signed() | {name: value}, BODY, [SECRET], NOW, TOLERANCE)
    assert len(value) < 4 or value not in str(refused.value)


@pytest.mark.parametrize("junk", ["v1,QUJD", "v1,%%%%", "garbage", "", "v1,a,b"])
def test_a_malformed_entry_spoils_the_list_even_beside_a_good_one(junk: str) -> None:
    headers = signed()
    listed = f"{headers['webhook-signature']} {junk}"
    assert not accepts(headers | {"webhook-signature": listed})


def test_a_good_signature_with_a_foreign_character_in_it_is_refused() -> None:
    headers = signed()
    spoilt = headers["webhook-signature"].replace("v1,", "v1,!")
    assert not accepts(headers | {"webhook-signature": spoilt})


HEADER_NAMES = st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"])
HEADER_VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.binary(max_size=40).map(lambda raw: f"v1,{base64.b64encode(raw).decode()}"),
    st.lists(st.from_regex(r"v[0-9],\S{0,44}"), max_size=3).map(" ".join),
    st.characters(codec=None),
)


@given(st.dictionaries(HEADER_NAMES, HEADER_VALUES))
def test_any_other_header_is_refused_with_the_one_error(changed: dict[str, str]) -> None:
    good = signed()
    assume(not changed.items() <= good.items())
    assert not accepts(good | changed)


@given(HEADER_NAMES, HEADER_VALUES)
def test_nothing_is_accepted_that_the_library_refuses(name: str, value: str) -> None:
    now = datetime.now(UTC)
    headers = signed(at=now) | {name: value}
    if accepts(headers, now=now):
        Webhook(SECRET).verify(BODY, headers, json_parse=False)


# --- secrets ------------------------------------------------------------------------------------


@given(SECRETS)
def test_a_secret_is_read_in_every_way_it_is_written(secret: bytes) -> None:
    encoded = base64.b64encode(secret).decode()
    for text in (f"whsec_{encoded}", encoded, encoded.rstrip("="), f" whsec_{encoded}\n"):
        assert parse_secret(text) == secret


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_!!!", "not base64 at all", "whsec_QUJD", "é" * 40, "A" * 33]
)
def test_a_secret_that_cannot_be_used_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"^env:BRIDGE_SECRET must") as refused:
        parse_secret(text, origin="env:BRIDGE_SECRET")
    assert not text or text not in str(refused.value)
