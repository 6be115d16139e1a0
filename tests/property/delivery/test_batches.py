from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.batch import FRESH, MAX_BYTES, Outgoing, into_batches
from bridge.events.event import Grouping
from bridge.outbox.records import Claim

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def outgoing(
    number: int,
    grouping: Grouping = Grouping(),  # noqa: B008  # frozen
    event_time: datetime = NOW,
    crashes: int = 0,
    length: int = 10,
) -> Outgoing:
    claim = Claim(
        delivery_id=number,
        fence=1,
        destination="meta",
        attempts=1,
        crashes=crashes,
        odd_answers=0,
        deadline=NOW + timedelta(days=1),
        first_sent_at=None,
        unanswered_since=None,
        event_id=str(number),
        facts=b"",
        identities=b"",
        sealed=None,
        payload=None,
        claimed_at=NOW,
    )
    return Outgoing(
        claim=claim, body=b"x" * length, payload=b"", grouping=grouping, event_time=event_time
    )


groupings = st.builds(
    Grouping, test_event_code=st.sampled_from([None, "TEST1"]), physical_store=st.booleans()
)
drawn = st.tuples(groupings, st.integers(0, 20), st.sampled_from([0, 0, 0, 1]))
events = st.lists(drawn, max_size=60).map(
    lambda rows: [
        outgoing(number, grouping, NOW - timedelta(days=days), crashes)
        for number, (grouping, days, crashes) in enumerate(rows)
    ]
)


@given(events=events, size=st.integers(1, 12))
def test_every_event_stands_in_exactly_one_batch_and_order_is_kept(
    events: list[Outgoing], size: int
) -> None:
    batches = into_batches(events, size, NOW)
    numbers = [[one.claim.delivery_id for one in batch] for batch in batches]
    assert sorted(number for batch in numbers for number in batch) == list(range(len(events)))
    assert all(before < after for batch in numbers for before, after in pairwise(batch))
    assert all(before[0] < after[0] for before, after in pairwise(numbers))


@given(events=events, size=st.integers(1, 12))
def test_only_what_may_travel_together_does(events: list[Outgoing], size: int) -> None:
    for batch in into_batches(events, size, NOW):
        assert 1 <= len(batch) <= size
        assert len({one.grouping for one in batch}) == 1
        assert len({one.claim.crashes for one in batch}) == 1
        if batch[0].grouping.physical_store:
            assert len({NOW - one.event_time > FRESH for one in batch}) == 1


@given(events=events, size=st.integers(1, 12))
def test_batches_are_as_full_as_they_may_be(events: list[Outgoing], size: int) -> None:
    batches = into_batches(events, size, NOW)
    kinds = [
        (
            one.grouping,
            one.grouping.physical_store and NOW - one.event_time > FRESH,
            one.claim.crashes,
        )
        for batch in batches
        for one in batch[:1]
        if len(batch) < size
    ]
    assert len(kinds) == len(set(kinds))


@given(shares=st.lists(st.integers(1, 20), max_size=12))
def test_a_batch_stays_below_the_byte_limit_unless_one_event_alone_is_larger(
    shares: list[int],
) -> None:
    events = [
        outgoing(number, length=share * MAX_BYTES // 16) for number, share in enumerate(shares)
    ]
    for batch in into_batches(events, 1000, NOW):
        assert len(batch) == 1 or sum(len(one.body) + 1 for one in batch) <= MAX_BYTES
