from datetime import UTC, datetime
from typing import Any, get_args

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.answer import Answer
from bridge.delivery.google_ads_answer import classify_google_ads
from bridge.delivery.google_ads_errors import ERRORS as ADS_ERRORS
from bridge.delivery.google_answer import classify_google
from bridge.delivery.google_errors import FIELDS, REASONS, STATUSES
from bridge.delivery.meta_answer import classify_meta as classify
from bridge.delivery.meta_errors import ERRORS
from bridge.delivery.throttle import LONGEST_WAIT, slow_down, wait_asked
from bridge.delivery.verdict import Accepted, EventsRejected, EventVerdict, PerEvent, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
codes = st.sampled_from([rule.first for rule in ERRORS]) | st.integers(-10, 90000)
errors = st.fixed_dictionaries(
    {"code": codes | json_values},
    optional={
        "error_subcode": st.sampled_from([33, 2804009]) | json_values,
        "is_transient": json_values,
        "message": json_values,
        "error_user_title": json_values,
        "fbtrace_id": json_values,
    },
)
documents = st.one_of(
    json_values,
    st.fixed_dictionaries({"error": errors | json_values}),
    st.fixed_dictionaries({"events_received": json_values}),
)
bodies = st.binary(max_size=200) | documents.map(orjson.dumps)
headers = st.dictionaries(
    st.sampled_from(
        ["retry-after", "x-app-usage", "x-business-use-case-usage", "x-ad-account-usage", "date"]
    ),
    st.text(max_size=40)
    | st.integers(0, 10**20).map(str)
    | st.datetimes().map(lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    | st.dictionaries(
        st.sampled_from(["call_count", "estimated_time_to_regain_access"]), json_values
    ).map(lambda usage: orjson.dumps({"1": [usage]}).decode()),
)


@given(status=st.integers(100, 999), body=bodies, headers=headers)
def test_every_answer_has_a_verdict(status: int, body: bytes, headers: dict[str, str]) -> None:
    verdict = classify(Answer(status=status, headers=headers, body=body), 7, NOW)
    assert isinstance(verdict, get_args(Verdict))


@given(status=st.integers(100, 999), body=bodies)
def test_nothing_but_the_exact_count_is_a_success(status: int, body: bytes) -> None:
    verdict = classify(Answer(status=status, headers={}, body=body), 7, NOW)
    if isinstance(verdict, Accepted):
        document: Any = orjson.loads(body)
        assert int(document["events_received"]) == 7
        assert 200 <= status < 300


names = st.sampled_from([rule.name for rule in (*REASONS, *FIELDS, *STATUSES)]) | json_values
fields = st.sampled_from(["events", "destinations[0].x", "events.events[3].currency"]) | (
    st.integers(0, 10**9).map(lambda place: f"events.events[{place}]") | json_values
)
violations = st.fixed_dictionaries(
    {}, optional={"field": fields, "reason": names, "description": json_values}
)
rpc = "type.googleapis.com/google.rpc."
details = st.one_of(
    json_values,
    st.fixed_dictionaries({"@type": st.just(f"{rpc}ErrorInfo"), "reason": names}),
    st.fixed_dictionaries({"@type": st.just(f"{rpc}RequestInfo"), "requestId": json_values}),
    st.fixed_dictionaries(
        {
            "@type": st.just(f"{rpc}BadRequest"),
            "fieldViolations": st.lists(violations | json_values, max_size=4) | json_values,
        }
    ),
)
google_errors = st.fixed_dictionaries(
    {},
    optional={
        "status": names,
        "message": json_values,
        "details": st.lists(details, max_size=4) | json_values,
    },
)
google_bodies = st.one_of(
    st.binary(max_size=100),
    st.fixed_dictionaries({"error": google_errors | json_values}).map(orjson.dumps),
    st.fixed_dictionaries(
        {}, optional={"requestId": json_values, "fieldWarnings": json_values}
    ).map(orjson.dumps),
)


@given(status=st.integers(100, 999), body=google_bodies, headers=headers)
def test_every_answer_of_google_has_a_verdict(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    verdict = classify_google(Answer(status=status, headers=headers, body=body), 7, NOW)
    assert isinstance(verdict, get_args(Verdict))
    if isinstance(verdict, EventsRejected):
        assert verdict.culprits
        assert set(verdict.culprits) <= set(range(7))
    if isinstance(verdict, Accepted):
        assert 200 <= status < 300
        assert orjson.loads(body)["requestId"] == verdict.trace_id


ads_places = st.integers(-3, 12) | st.none() | json_values
ads_paths = st.lists(
    st.fixed_dictionaries(
        {"fieldName": st.sampled_from(["conversions", "gclid"]) | json_values},
        optional={"index": ads_places},
    )
    | json_values,
    max_size=3,
)
ads_codes = st.sampled_from(ADS_ERRORS).map(lambda rule: {rule.category: rule.name}) | json_values
ads_errors = st.fixed_dictionaries(
    {},
    optional={
        "errorCode": ads_codes,
        "message": json_values,
        "location": st.fixed_dictionaries({"fieldPathElements": ads_paths}) | json_values,
        "details": st.fixed_dictionaries(
            {"quotaErrorDetails": st.fixed_dictionaries({"retryDelay": json_values}) | json_values}
        ),
    },
)
ads_failures = st.fixed_dictionaries(
    {"@type": st.just("type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure")},
    optional={"errors": st.lists(ads_errors | json_values, max_size=4), "requestId": json_values},
)
ads_statuses = st.fixed_dictionaries(
    {}, optional={"status": names, "details": st.lists(ads_failures | details, max_size=2)}
)
ads_results = st.lists(st.just({}) | st.just({"gclid": "x"}), min_size=6, max_size=8)
ads_bodies = st.one_of(
    st.binary(max_size=100),
    st.fixed_dictionaries(
        {},
        optional={
            "error": ads_statuses | json_values,
            "partialFailureError": ads_statuses | json_values,
            "results": ads_results | json_values,
        },
    ).map(orjson.dumps),
)


@given(status=st.sampled_from([200, 400, 503]) | st.integers(100, 999), body=ads_bodies)
def test_every_answer_of_google_ads_has_a_verdict_for_every_row(status: int, body: bytes) -> None:
    verdict = classify_google_ads(Answer(status=status, headers={}, body=body), 7, NOW)
    assert isinstance(verdict, get_args(Verdict))
    if isinstance(verdict, PerEvent):
        assert verdict.verdicts.keys() == set(range(7))
        assert all(isinstance(one, get_args(EventVerdict)) for one in verdict.verdicts.values())
        assert sum(len(places) for _, places in verdict.groups()) == 7
    if isinstance(verdict, EventsRejected):
        assert verdict.culprits.keys() <= set(range(7))
    if isinstance(verdict, Accepted):
        assert all(orjson.loads(body)["results"])


@given(headers=headers)
def test_waits_are_never_negative_and_never_endless(headers: dict[str, str]) -> None:
    asked = wait_asked(headers, NOW)
    assert asked is None or 0 < asked.total_seconds() <= LONGEST_WAIT.total_seconds()
    rest = slow_down(headers, 30)
    assert rest is None or 0 < rest.total_seconds() <= 30
