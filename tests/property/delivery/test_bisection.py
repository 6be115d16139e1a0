from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.bisect import SUSPICIOUS_FROM, SUSPICIOUS_SHARE, Bisection
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    EventsRejected,
    EventVerdict,
    Harmless,
    PerEvent,
    RequestRejected,
    Retry,
    Verdict,
)

GOOD = Accepted(trace_id=None)


def bad(reason: str) -> RequestRejected:
    return RequestRejected(reason=reason, detail=None, trace_id=None)


def drive(search: Bisection[int], poison: dict[int, str]) -> tuple[list[int], int]:
    """Play the platform: it refuses any request with poison in it, naming one poison's reason."""
    taken: list[int] = []
    requests = 0
    for group in search:
        requests += 1
        reasons = [poison[item] for item in group if item in poison]
        verdict: Verdict = bad(reasons[0]) if reasons else GOOD
        search.tell(group, verdict)
        if verdict is GOOD:
            taken += group
    return taken, requests


def drive_naming(
    search: Bisection[int], poison: dict[int, str], at_once: int
) -> tuple[list[int], int]:
    """Play a platform that names up to so many of the poisons in a request."""
    taken: list[int] = []
    requests = 0
    for group in search:
        requests += 1
        places = [place for place, item in enumerate(group) if item in poison][:at_once]
        if not places:
            taken += group
        named = {place: bad(poison[group[place]]) for place in places}
        search.tell(group, EventsRejected(culprits=named) if places else GOOD)
    return taken, requests


@given(size=st.integers(1, 2000), data=st.data())
def test_named_culprits_cost_two_requests_however_many_they_are(
    size: int, data: st.DataObject
) -> None:
    culprits = data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=20))
    search = Bisection([range(size)])
    taken, requests = drive_naming(search, {item: f"bad-{item}" for item in culprits}, size)
    assert {one.item: one.verdict.reason for one in search.rejected} == {
        item: f"bad-{item}" for item in culprits
    }
    assert taken == [item for item in range(size) if item not in culprits]
    assert requests == (1 if len(culprits) == size else 2)
    assert search.finished


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4),
    poison=st.dictionaries(st.integers(0, 239), st.text("ab", min_size=1, max_size=3)),
    at_once=st.integers(1, 10),
)
def test_named_poison_leaves_every_item_accepted_once_rejected_or_unsent(
    sizes: list[int], poison: dict[int, str], at_once: int
) -> None:
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    batches = [range(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    search = Bisection(batches)
    taken, requests = drive_naming(search, poison, at_once)
    refused = [one.item for one in search.rejected]
    assert sorted([*taken, *refused, *search.unsent]) == list(range(sum(sizes)))
    assert set(refused) <= set(poison)
    assert taken == sorted(taken)
    assert requests <= len(sizes) + len(refused)
    assert search.finished is (search.suspicion is None)


@given(size=st.integers(1, 400), at_once=st.integers(1, 400), data=st.data())
def test_the_destination_is_suspected_of_named_refusals_by_the_same_share(
    size: int, at_once: int, data: st.DataObject
) -> None:
    poison = data.draw(st.sets(st.integers(0, size - 1), max_size=min(size, 40)))
    search = Bisection([range(size)])
    drive_naming(search, dict.fromkeys(poison, "same"), at_once)
    too_many = size >= SUSPICIOUS_FROM and len(poison) / size > SUSPICIOUS_SHARE
    assert (search.suspicion == "same") is too_many


harmless_ends: st.SearchStrategy[EventVerdict] = st.sampled_from(
    [GOOD, Harmless(reason="h", trace_id=None), Retry(reason="r", may_be_kept=False)]
)


def test_refusals_that_do_no_harm_do_not_end_the_search() -> None:
    search = Bisection([range(3), range(3)])
    for group in search:
        search.tell(group, Harmless(reason="h", trace_id=None))
    assert search.finished
    assert search.unsent == ()


@given(ends=st.lists(harmless_ends | st.just(bad("x")), min_size=1, max_size=19))
def test_events_judged_one_by_one_cost_one_request(ends: list[EventVerdict]) -> None:
    search = Bisection([range(len(ends)), [99]])
    requests = 0
    for group in search:
        requests += 1
        verdicts = {place: ends[item] if item != 99 else GOOD for place, item in enumerate(group)}
        search.tell(group, PerEvent(verdicts=verdicts))
    assert requests == 2
    assert [one.item for one in search.rejected] == [
        place for place, end in enumerate(ends) if end == bad("x")
    ]
    assert search.finished


@given(size=st.integers(SUSPICIOUS_FROM, 100), of_the_event=st.booleans())
def test_many_rejections_of_judged_events_are_suspicious_unless_they_are_the_events_own(
    size: int, of_the_event: bool
) -> None:
    refusal = RequestRejected(reason="x", detail=None, trace_id=None, of_the_event=of_the_event)
    search = Bisection([range(size)])
    for group in search:
        search.tell(group, PerEvent(verdicts=dict.fromkeys(range(len(group)), refusal)))
    assert len(search.rejected) == size
    assert (search.suspicion == "x") is not of_the_event


def test_one_event_that_is_the_destinations_fault_ends_the_search() -> None:
    search = Bisection([range(3), range(3, 6)])
    groups = []
    for group in search:
        groups.append(group)
        search.tell(
            group, PerEvent(verdicts={0: GOOD, 1: DestinationError(reason="d"), 2: bad("x")})
        )
    assert groups == [(0, 1, 2)]
    assert [one.item for one in search.rejected] == [2]
    assert search.unsent == (3, 4, 5)
    assert not search.finished


def test_judged_events_are_grouped_by_verdict_and_the_destinations_come_last() -> None:
    pause = DestinationError(reason="d")
    verdicts = PerEvent(verdicts={0: pause, 3: GOOD, 1: bad("x"), 2: GOOD})
    assert verdicts.groups() == [(bad("x"), (1,)), (GOOD, (2, 3)), (pause, (0,))]


def test_a_refusal_that_names_nobody_who_was_sent_is_searched() -> None:
    search = Bisection([range(8)])
    taken: list[int] = []
    for group in search:
        if 5 in group:
            search.tell(group, EventsRejected(culprits={99: bad("x")}))
        else:
            search.tell(group, GOOD)
            taken += group
    assert [one.item for one in search.rejected] == [5]
    assert taken == [0, 1, 2, 3, 4, 6, 7]


@given(size=st.integers(1, 1000), data=st.data())
def test_one_poison_is_found_in_at_most_twice_the_logarithm_plus_one_requests(
    size: int, data: st.DataObject
) -> None:
    culprit = data.draw(st.integers(0, size - 1))
    search = Bisection([range(size)])
    taken, requests = drive(search, {culprit: "bad"})
    assert [one.item for one in search.rejected] == [culprit]
    assert taken == [item for item in range(size) if item != culprit]
    assert requests <= 2 * ceil(log2(size)) + 1
    assert search.finished


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=4),
    poison=st.dictionaries(st.integers(0, 239), st.text("ab", min_size=1, max_size=3)),
)
def test_any_poison_leaves_every_item_accepted_once_rejected_alone_or_unsent(
    sizes: list[int], poison: dict[int, str]
) -> None:
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    batches = [range(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    search = Bisection(batches)
    taken, _ = drive(search, poison)
    refused = [one.item for one in search.rejected]
    assert sorted([*taken, *refused, *search.unsent]) == list(range(sum(sizes)))
    assert set(refused) <= set(poison)
    assert not set(taken) & set(poison)
    assert taken == sorted(taken)
    assert search.finished is (search.suspicion is None)
    assert not search.finished or not search.unsent


@given(size=st.integers(1, 400), data=st.data())
def test_the_destination_is_suspected_exactly_when_one_reason_refuses_too_large_a_share(
    size: int, data: st.DataObject
) -> None:
    poison = data.draw(st.sets(st.integers(0, size - 1), max_size=min(size, 40)))
    search = Bisection([range(size)])
    drive(search, dict.fromkeys(poison, "same"))
    too_many = size >= SUSPICIOUS_FROM and len(poison) / size > SUSPICIOUS_SHARE
    assert (search.suspicion == "same") is too_many


def test_many_refusals_for_different_reasons_suspect_nobody() -> None:
    search = Bisection([range(40)])
    drive(search, {item: f"reason-{item}" for item in range(20)})
    assert search.suspicion is None
    assert len(search.rejected) == 20


@given(sizes=st.lists(st.integers(1, 50), min_size=1, max_size=3), stop_after=st.integers(0, 20))
def test_stopping_leaves_the_rest_unsent(sizes: list[int], stop_after: int) -> None:
    batches = [[(number, item) for item in range(size)] for number, size in enumerate(sizes)]
    requests = 0
    search: Bisection[tuple[int, int]] = Bisection(batches, stopping=lambda: requests >= stop_after)
    seen: list[tuple[int, int]] = []
    for group in search:
        requests += 1
        search.tell(group, GOOD)
        seen += group
    assert requests == min(stop_after, len(sizes))
    assert [*seen, *search.unsent] == [item for batch in batches for item in batch]
    assert search.waiting == search.unsent


def test_what_was_lost_to_another_sender_is_neither_split_nor_reported() -> None:
    search = Bisection([range(8)])
    groups = []
    for group in search:
        groups.append(group)
        mine = tuple(item for item in group if item != 0)
        search.tell(mine, bad("x") if 5 in mine else GOOD)
    assert all(0 not in group for group in groups[1:])
    assert [one.item for one in search.rejected] == [5]
