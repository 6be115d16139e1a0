from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.identity.google_click import GoogleClick, GoogleClickId, google_click
from bridge.identity.remainder import Click, Remainder, remainder
from bridge.order.model import Browser, Person, Plain, Touch

CLICKED = datetime(2026, 11, 20, 10, 0, 0, 123000, UTC)
AT = "2026-11-20T10:00:00.123Z"
GCLID = "CjwKCAiA0eTJBhBaEiwA-Pa-hQ_xYz-0_AbC"
ids = st.none() | st.text("aZ0_-", min_size=1)
clicks = st.lists(
    st.builds(Click, fbclid=ids, gclid=ids, wbraid=ids, gbraid=ids).filter(
        lambda click: any((click.fbclid, click.gclid, click.wbraid, click.gbraid))
    )
)


def touch(at: datetime | None = CLICKED, /, **ids: str) -> Touch:
    return Touch(at=at, **{name: Plain(text) for name, text in ids.items()})


def click_of(*touches: Touch) -> GoogleClick | None:
    return google_click(remainder(Person(touches=touches), storage_allowed=True))


def test_an_order_without_a_google_click_has_none() -> None:
    assert click_of() is None
    assert click_of(touch(fbclid="Meta"), touch(gclid="undefined")) is None


def test_the_newest_touch_with_any_google_id_wins() -> None:
    kept = click_of(
        touch(CLICKED + timedelta(days=2), fbclid="Meta"),
        touch(CLICKED, wbraid="Newest"),
        touch(CLICKED - timedelta(days=2), gclid="Older"),
        touch(None, gclid="Timeless"),
    )
    assert kept == GoogleClick(kind=GoogleClickId.WBRAID, value="Newest", at=AT)


@pytest.mark.parametrize(
    ("given_ids", "kind"),
    [
        ({"gbraid": "B", "wbraid": "W", "gclid": "G"}, "gclid"),
        ({"gbraid": "B", "wbraid": "W"}, "wbraid"),
        ({"gbraid": "B"}, "gbraid"),
        ({"gbraid": "B", "gclid": "null"}, "gbraid"),
    ],
)
def test_of_one_touch_gclid_goes_before_wbraid_before_gbraid(
    given_ids: dict[str, str], kind: str
) -> None:
    kept = click_of(touch(**given_ids))
    assert kept is not None
    assert (kept.kind, kept.value) == (kind, given_ids[kind])


def test_a_click_id_is_neither_trimmed_nor_lower_cased() -> None:
    kept = click_of(touch(gclid=GCLID))
    assert kept is not None
    assert kept.value == GCLID
    assert click_of(touch(gclid=f" {GCLID}")) is None


def test_a_click_id_does_not_show_itself() -> None:
    assert "canary" not in repr(click_of(touch(gclid="canary")))


@given(clicks)
def test_the_chosen_id_is_one_that_came(kept: list[Click]) -> None:
    chosen = google_click(Remainder(clicks=tuple(kept)))
    known = [click for click in kept if click.gclid or click.wbraid or click.gbraid]
    assert (chosen is None) == (not known)
    assert chosen is None or getattr(known[-1], chosen.kind) == chosen.value


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [("aB-_9==", "aB-_9=="), ("undefined", None), (" padded", None), ("é", None), ("", None)],
)
def test_session_attributes_are_kept_untouched_or_not_at_all(
    given_text: str, kept: str | None
) -> None:
    person = Person(browser=Browser(session_attributes=Plain(given_text)))
    assert remainder(person, storage_allowed=True).session_attributes == kept
    assert remainder(person, storage_allowed=False).session_attributes is None
