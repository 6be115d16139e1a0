"""Consent table in, decision out: the most specific row wins, and the default is what it was."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.operate.consent import (
    DEFAULT,
    EEA_UK_CH,
    GROUPS,
    PURPOSES,
    US_STATES,
    ConsentPolicy,
    Meaning,
)
from bridge.operate.destinations import PlatformApi
from bridge.operate.google_destination import GoogleDestination
from bridge.order.eligibility import SkipReason, may_identify, permission, skip_reason
from bridge.order.limited_data_use import STATES
from bridge.order.model import (
    Channel,
    Consent,
    ConsentState,
    DataProcessing,
    Facts,
    Instance,
    Kind,
    OrderKey,
)

AT = datetime(2026, 11, 22, 7, tzinfo=UTC)
COUNTRIES = ("DE", "RE", "GB", "GI", "CH", "US", "JP")
REGIONS = tuple(dict.fromkeys(("*", "unknown", *GROUPS, *COUNTRIES, "US-CA", "US-TX")))

answers = st.dictionaries(st.sampled_from(ConsentState), st.sampled_from(Meaning), max_size=3)
tables = st.dictionaries(
    st.sampled_from(REGIONS), st.dictionaries(st.sampled_from(PURPOSES), answers, max_size=3)
)
places = st.one_of(
    st.tuples(st.sampled_from((None, *COUNTRIES)), st.none()),
    st.tuples(st.just("US"), st.sampled_from((*sorted(US_STATES), "unreadable"))),
)
consents = st.builds(
    Consent,
    ad_storage=st.sampled_from(ConsentState),
    ad_user_data=st.sampled_from(ConsentState),
    ad_personalization=st.sampled_from(ConsentState),
)


def destination(table: dict[str, Any]) -> GoogleDestination:
    return GoogleDestination.model_validate(
        {
            "id": "google",
            "platform": PlatformApi.GOOGLE_DATA_MANAGER,
            "operating_account": "1234567890",
            "conversion_action": "1",
            "base_url": "http://127.0.0.1:9",
            "credentials": "plain:token",
            "consent": {"regions": table},
        }
    )


def order(place: tuple[str | None, str | None], consent: Consent) -> Facts:
    country, state = place
    return Facts(
        key=OrderKey(site_id="RefArch", kind=Kind.ORDER, order_no="1"),
        event_id="1",
        instance=Instance.PRODUCTION,
        channel=Channel.STOREFRONT,
        placed_at=AT,
        region=country,
        consent=consent,
        data_processing=DataProcessing(address=state and STATES.get(state.lower(), 0)),
    )


def matches(region: str, country: str | None, state: str | None) -> int:
    """How closely a row's region fits; 0 when it does not."""
    if region == "*":
        return 1
    if region == "unknown":
        return 2 * (country is None)
    if country is None:
        return 0
    if region == country and region not in GROUPS:
        return 3
    return {f"US-{state}": 4}.get(region, 2 * (country in GROUPS.get(region, ())))


def expected(table: dict[str, Any], place: Any, purpose: str, answer: ConsentState) -> Meaning:
    rows = [
        (matches(region, *place), own, meaning)
        for own, source in ((0, _plain_default()), (1, table))
        for region, purposes in source.items()
        for row, cells in purposes.items()
        for said, meaning in cells.items()
        if row == purpose and said == answer
    ]
    return max((row for row in rows if row[0]), key=lambda row: row[:2])[2]


def _plain_default() -> dict[str, Any]:
    return {
        region: {purpose: row.model_dump(exclude_none=True) for purpose, row in rows.items()}
        for region, rows in DEFAULT.items()
    }


@given(table=tables, place=places, consent=consents)
def test_the_most_specific_row_decides(table: Any, place: Any, consent: Consent) -> None:
    one, facts = destination(table), order(place, consent)

    means = {p: expected(table, place, p, getattr(consent, p)) for p in PURPOSES}

    skipping = {getattr(consent, p) for p, meaning in means.items() if meaning is Meaning.SKIP}
    reasons = {
        ConsentState.DENIED: SkipReason.CONSENT_DENIED,
        ConsentState.UNKNOWN: SkipReason.CONSENT_UNKNOWN,
        ConsentState.GRANTED: SkipReason.REGION_EXCLUDED,
    }
    wanted = next((reason for answer, reason in reasons.items() if answer in skipping), None)
    assert skip_reason(facts, one, AT) is wanted
    assert may_identify(facts, one.consent) is (wanted is None)
    told = permission(facts, one.consent)
    assert (told.user_data, told.storage, told.personalization) == tuple(
        means[p] is Meaning.SEND for p in ("ad_user_data", "ad_storage", "ad_personalization")
    )


@given(place=places, consent=consents)
def test_the_default_table_means_what_the_lists_before_it_meant(
    place: Any, consent: Consent
) -> None:
    facts, policy = order(place, consent), ConsentPolicy()
    unasked_is_no = place[0] is None or place[0] in EEA_UK_CH
    yes = {ConsentState.GRANTED} if unasked_is_no else {ConsentState.GRANTED, ConsentState.UNKNOWN}

    told = permission(facts, policy)

    assert may_identify(facts, policy) is (consent.ad_user_data in yes)
    assert told.storage is (consent.ad_storage in yes)
    assert told.personalization is (consent.ad_personalization in yes)


@pytest.mark.parametrize("region", REGIONS)
def test_the_table_in_force_is_what_decides(
    region: str, make_destination: Callable[..., Any]
) -> None:
    one = make_destination(consent={"regions": {region: {"ad_storage": {"unknown": "skip"}}}})

    shown = {(name, purpose): told for name, purpose, told in one.consent.rows}

    assert shown[region, "ad_storage"][ConsentState.UNKNOWN] is Meaning.SKIP
    assert {purpose for _, purpose in shown} == set(PURPOSES)
