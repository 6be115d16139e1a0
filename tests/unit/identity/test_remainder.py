from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.remainder import Click, Remainder, completed, fbc_of, remainder
from bridge.order.model import Browser, Customer, Person, Plain, Touch

CLICKED = datetime(2026, 11, 20, 10, 0, 0, 123000, UTC)
CLICKED_MS = "1795168800123"
FBCLID = "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk"
COOKIE = f"fb.1.1795168800123.{FBCLID}"
texts = st.text(st.characters(exclude_categories=()), max_size=40)


def of_browser(**members: str) -> Remainder:
    browser = Browser(**{name: Plain(text) for name, text in members.items()})
    return remainder(Person(browser=browser), storage_allowed=True)


def touch(at: datetime | None = CLICKED, **ids: str) -> Touch:
    return Touch(at=at, **{name: Plain(text) for name, text in ids.items()})


def of_touches(*touches: Touch) -> Remainder:
    return remainder(Person(touches=touches), storage_allowed=True)


@pytest.mark.parametrize(
    ("raw", "ip"),
    [
        (" 203.0.113.9 ", "203.0.113.9"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.999", None),
        ("203.0.113.9, 198.51.100.1", None),
        ("unknown", None),
    ],
)
def test_only_a_valid_ip_is_kept(raw: str, ip: str | None) -> None:
    assert of_browser(ip=raw).ip == ip


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("https://shop.eg/thanks?email=canary#top", "https://shop.eg/thanks"),
        ("https://canary:canary@shop.eg:8443/a/b", "https://shop.eg:8443/a/b"),
        ("HTTP://shop.eg?x=canary/y", "HTTP://shop.eg"),
        ("https://shop.eg/thanks#canary?x", "https://shop.eg/thanks"),
        ("https://shop.eg/thanks.AQIAAQMC", "https://shop.eg/thanks"),
        ("https://shop.eg/thanks?x=1\ncanary", "https://shop.eg/thanks"),
        ("https:///thanks", None),
        ("javascript:canary", None),
        ("shop.eg/thanks", None),
        ("https://shop eg/", None),
        ("https://[::1", "https://[::1"),
    ],
)
def test_a_page_is_kept_without_what_its_visitor_sent(raw: str, url: str | None) -> None:
    assert of_browser(page_url=raw).page_url == url


@pytest.mark.parametrize("fbc", [COOKIE, COOKIE + ".AQIAAQMC", "fb.0.1795168800123.aBc"])
def test_a_well_formed_fbc_is_kept_byte_for_byte(fbc: str) -> None:
    kept = of_browser(fbc=fbc)
    assert (kept.fbc, fbc_of(kept)) == (fbc, fbc)


@pytest.mark.parametrize(
    "fbc",
    [
        f"fb.1.1795168800.{FBCLID}",
        f"fb.1.17951688001234.{FBCLID}",
        "fb.1.1795168800123.",
        "fb.1.1795168800123.undefined",
        "fb.1.1795168800123.NULL",
        f"FB.1.1795168800123.{FBCLID}",
        f"fb.12.1795168800123.{FBCLID}",
        "fb.1.1795168800123.a b",
        FBCLID,
        "undefined",
    ],
)
def test_a_malformed_fbc_is_left_out_and_built_from_the_click(fbc: str) -> None:
    assert of_browser(fbc=fbc) == Remainder()
    person = Person(browser=Browser(fbc=Plain(fbc)), touches=(touch(fbclid=FBCLID),))
    assert fbc_of(remainder(person, storage_allowed=True)) == f"fb.1.{CLICKED_MS}.{FBCLID}"


@pytest.mark.parametrize("fbp", ["fb.1.1795168800123.1234567890", "fb.2.1795168800123.1.AQIAAQMC"])
def test_a_well_formed_fbp_is_kept(fbp: str) -> None:
    assert of_browser(fbp=fbp).fbp == fbp


@pytest.mark.parametrize("fbp", ["fb.1.1795168800.12", "fb.1.1795168800123.abc", "undefined"])
def test_a_malformed_fbp_is_left_out(fbp: str) -> None:
    assert of_browser(fbp=fbp).fbp is None


def test_fbc_is_built_from_the_newest_click_with_a_time() -> None:
    older, newer = CLICKED - timedelta(days=2), CLICKED
    kept = of_touches(
        touch(newer, fbclid="NewEr"),
        touch(older, fbclid="OldEr"),
        touch(newer + timedelta(hours=1), gclid="Google"),
        touch(None, fbclid="Timeless"),
        touch(newer + timedelta(hours=2), fbclid="undefined"),
    )
    assert fbc_of(kept) == f"fb.1.{CLICKED_MS}.NewEr"


@pytest.mark.parametrize("fbclid", ["undefined", "Null", "", " ", "a b", "a\nb", " padded"])
def test_no_fbc_is_made_of_what_is_no_click(fbclid: str) -> None:
    assert fbc_of(of_touches(touch(fbclid=fbclid))) is None


def test_no_fbc_is_made_without_the_click_s_own_time() -> None:
    assert fbc_of(of_touches(touch(None, fbclid=FBCLID))) is None
    assert fbc_of(of_touches(touch(datetime(1970, 1, 2, tzinfo=UTC), fbclid=FBCLID))) is None
    assert fbc_of(Remainder()) is None


@pytest.mark.parametrize("offset", [14, -12])
def test_a_time_at_the_end_of_the_calendar_is_no_time(offset: int) -> None:
    zone = timezone(timedelta(hours=offset))
    ends = (datetime.min.replace(tzinfo=zone), datetime.max.replace(tzinfo=zone))
    kept = of_touches(*(touch(at, fbclid=FBCLID) for at in ends))
    assert [click.at for click in kept.clicks] == [None, None]


def test_clicks_are_kept_by_time_in_milliseconds_utc() -> None:
    tokyo = CLICKED.astimezone(timezone(timedelta(hours=9)))
    kept = of_touches(
        touch(tokyo, gclid="G", ctwa_clid="undefined"),
        touch(CLICKED - timedelta(days=1), wbraid="W", gbraid="B"),
        touch(CLICKED),
    )
    assert [(click.at, click.gclid, click.wbraid, click.gbraid) for click in kept.clicks] == [
        ("2026-11-19T10:00:00.123Z", None, "W", "B"),
        ("2026-11-20T10:00:00.123Z", "G", None, None),
    ]


@pytest.mark.parametrize(
    ("raw", "lead_id"),
    [("123456789012345", "123456789012345"), ("l:1234567890", "1234567890"), ("12a", None)],
)
def test_a_lead_id_is_its_number(raw: str, lead_id: str | None) -> None:
    person = Person(customer=Customer(lead_id=Plain(raw)))
    assert remainder(person, storage_allowed=False).lead_id == lead_id


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("EA7583CD-A667-48BC-B806-42ECB2B48606", True),
        ("ea7583cd-a667-48bc-b806-42ecb2b48606", True),
        ("00000000-0000-0000-0000-000000000000", False),
        ("canary", False),
    ],
)
def test_a_mobile_advertising_id_is_kept_as_it_is_unless_tracking_is_limited(
    raw: str, *, kept: bool
) -> None:
    person = Person(customer=Customer(madid=Plain(raw)))
    assert remainder(person, storage_allowed=True).madid == (raw if kept else None)


def test_without_consent_to_storage_nothing_read_from_the_device_is_kept() -> None:
    person = Person(
        customer=Customer(madid=Plain("EA7583CD-A667-48BC-B806-42ECB2B48606"), lead_id=Plain("12")),
        browser=Browser(
            ip=Plain("203.0.113.9"),
            user_agent=Plain("Mozilla/5.0"),
            page_url=Plain("https://shop.eg/"),
            fbc=Plain(COOKIE),
            fbp=Plain("fb.1.1795168800123.12"),
        ),
        touches=(touch(fbclid=FBCLID),),
    )
    assert remainder(person, storage_allowed=False) == Remainder(
        ip="203.0.113.9", user_agent="Mozilla/5.0", page_url="https://shop.eg/", lead_id="12"
    )


@given(text=texts, other=texts, allowed=st.booleans())
def test_a_remainder_survives_sealing_and_shows_nothing(
    text: str, other: str, *, allowed: bool
) -> None:
    person = Person(
        customer=Customer(lead_id=Plain(text), madid=Plain(other)),
        browser=Browser(
            ip=Plain(text),
            user_agent=Plain(f"canary {other}"),
            page_url=Plain(f"https://shop.eg/{text}"),
            fbc=Plain(COOKIE + other),
            fbp=Plain(text),
        ),
        touches=(touch(fbclid=FBCLID), touch(None, gclid=text, gbraid=other)),
    )
    kept = remainder(person, storage_allowed=allowed)
    assert Remainder.from_dict(orjson.loads(orjson.dumps(kept.to_dict()))) == kept
    assert "canary" not in repr(kept)


def test_members_of_another_version_are_ignored() -> None:
    plain = {"ip": "203.0.113.9", "new": 1, "clicks": [{"gclid": "G", "newer": 2}]}
    assert Remainder.from_dict(plain) == Remainder(ip="203.0.113.9", clicks=(Click(gclid="G"),))


def test_a_later_call_completes_what_the_first_one_kept_and_changes_none_of_it() -> None:
    first = Remainder(ip="192.0.2.1", clicks=(Click(at="2026-11-20T10:00:00.000Z", fbclid="f1"),))
    later = Remainder(
        ip="192.0.2.2",
        google_postal_code="10001",
        clicks=(
            Click(at="2026-11-19T10:00:00.000Z", gclid="g1"),
            Click(at="2026-11-20T10:00:00.000Z", fbclid="f2", wbraid="w1"),
        ),
    )

    known = completed(first, later)

    assert (known.ip, known.google_postal_code) == ("192.0.2.1", "10001")
    assert known.clicks == (
        Click(at="2026-11-19T10:00:00.000Z", gclid="g1"),
        Click(at="2026-11-20T10:00:00.000Z", fbclid="f1"),
        Click(at="2026-11-20T10:00:00.000Z", wbraid="w1"),
    )
    assert completed(first, Remainder()) == first
