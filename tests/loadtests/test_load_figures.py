"""What a load run came to, worked out from what was recorded."""

from pathlib import Path

import pytest

from loadtests.load.bottleneck import bottleneck
from loadtests.load.cost import costs, orders_a_day, processor_time, sentence
from loadtests.load.figures import Figures, figures, percentile
from loadtests.load.follow import Arrival, Owed, arrivals
from loadtests.load.profile import load
from loadtests.load.record import BATCH, ONE, Call, Recorder, calls, orders_of
from loadtests.load.report import NUMBERS, Report
from loadtests.load.verdict import changes, held, judge, readable
from loadtests.load.watch import Sample, backlog

ACCEPTED = {"status": "accepted", "event_id": "1", "deliveries": []}
DUPLICATE = {"status": "duplicate", "event_id": "1"}


def call(ended: float, seconds: float, *orders: dict[str, object]) -> Call:
    return Call(
        ended=ended, seconds=seconds, name=ONE, status=202, sent=(), orders=orders or (ACCEPTED,)
    )


def sample(at: float, hook: float, mock: float, waiting: int | None) -> Sample:
    cpu = {"hook": hook, "sender": 0.0, "mock": mock}
    return Sample(at=at, cpu=cpu, memory={"hook": 2 * 1024 * 1024}, machine=0.0, waiting=waiting)


@pytest.fixture
def worked_out() -> Figures:
    made = [call(10, 0.001), call(11, 0.003, DUPLICATE), call(12, 0.002, {"code": "x"})]
    samples = [sample(9, 1, 1, 0), sample(10, 2, 1.5, 7), sample(12, 4, 2, None)]
    return figures(made, [Arrival(platform="meta", at=11.5, seconds=1.5)], samples)


@pytest.mark.parametrize(("share", "found"), [(50, 2), (75, 3), (99, 4), (100, 4)])
def test_a_percentile_is_a_value_that_was_measured(share: int, found: int) -> None:
    assert percentile([4, 1, 3, 2], share) == found
    assert percentile([], share) == 0


def test_orders_are_counted_by_what_the_hook_said(worked_out: Figures) -> None:
    numbers = worked_out.numbers
    assert (numbers["accepted"], numbers["duplicates"], numbers["refused"]) == (1, 1, 1)
    assert numbers["orders_per_second"] == 1.5
    assert (numbers["accept_ms_p50"], numbers["accept_ms_p99"]) == (2, 3)
    assert numbers["counted_s_p99"] == 1.5


def test_backlog_and_processor_time_come_from_the_samples(worked_out: Figures) -> None:
    numbers = worked_out.numbers
    assert (numbers["backlog_most"], numbers["backlog_last"]) == (7, 7)
    assert (numbers["cpu_seconds_hook"], numbers["cpu_seconds_mock"]) == (3, 1)
    assert numbers["mock_cpu_share"] == 0.25
    assert numbers["memory_mb_hook"] == 2


def test_each_picture_has_its_lines(worked_out: Figures) -> None:
    series = worked_out.series
    assert series["latency of the hook's answer, ms"]["p50"] == [(0, 1), (1, 3), (2, 2)]
    assert series["orders a second"]["answered"] == [(0, 1), (1, 1), (2, 1)]
    assert series["orders a second"]["accepted"] == [(0, 1)]
    assert series["orders a second"]["counted, both platforms"] == [(1, 1)]
    assert series["processors in use"]["hook"] == [(0, 1), (2, 1)]


def test_a_batch_has_an_answer_for_each_order_whatever_was_said() -> None:
    items = [{"code": 202, **ACCEPTED}, {"code": 400, "problem": {"code": "contract_violated"}}]
    assert orders_of(BATCH, 200, items, 2) == [items[0], {"code": "contract_violated"}]
    assert orders_of(BATCH, 503, {"code": "busy"}, 2) == [{"code": "busy"}] * 2
    assert orders_of(ONE, 0, None, 1) == [{"code": "http_0"}]


def test_what_is_recorded_is_read_back(tmp_path: Path) -> None:
    made = [call(1, 2), call(3, 4, ACCEPTED, DUPLICATE)]
    with Recorder(tmp_path / "calls") as recorder:
        for one in made:
            recorder.add(one)
    assert list(calls(tmp_path / "calls")) == made


def test_an_order_arrives_when_the_platform_counts_it() -> None:
    event = {"event_id": "1", "platform": "meta", "received_at": "1970-01-01T00:00:09+00:00"}
    counted = {**event, "verdict": "counted"}
    seen = [counted, {**event, "verdict": "deduplicated"}, {**counted, "event_id": "2"}]
    assert list(arrivals(seen, {"1": 7.5})) == [Arrival(platform="meta", at=9, seconds=1.5)]
    later = {**event, "platform": "google", "verdict": "processing"}
    refused = {**event, "verdict": "rejected"}
    assert [one.platform for one in arrivals([later, refused], {"1": 7.5})] == ["google"]


def promised(event_id: str, ended: float) -> Call:
    deliveries = [
        {"destination": "meta-mock", "state": "pending", "reason": None},
        {"destination": "google-mock", "state": "skipped", "reason": "consent_denied"},
    ]
    order = {"status": "accepted", "event_id": event_id, "deliveries": deliveries}
    return call(ended, 0.1, order, {**order, "status": "duplicate", "event_id": "known"})


def test_what_was_promised_is_owed_until_it_arrives_or_is_told_as_lost() -> None:
    owed = Owed()
    owed.add(promised("1", ended=5))
    owed.add(promised("2", ended=8))
    event = {"event_id": "1", "platform": "meta", "received_at": "1970-01-01T00:00:09+00:00"}
    refused, counted = {**event, "verdict": "rejected"}, {**event, "verdict": "counted"}
    assert list(owed.arrived([refused])) == []
    assert list(owed.arrived([counted, counted])) == [Arrival(platform="meta", at=9, seconds=4)]
    assert owed.overdue(since=8) == []
    assert owed.overdue(since=8.1) == ["meta"]
    assert owed.overdue(since=8.1) == []


def test_each_platform_has_times_of_its_own() -> None:
    arrived = [
        Arrival(platform=platform, at=9, seconds=seconds)
        for platform, seconds in (("meta", 30.0), ("google", 1.0), ("google", 2.0))
    ]
    numbers = figures([call(1, 0.1)], arrived, []).numbers
    assert (numbers["counted_s_meta_p99"], numbers["counted_s_google_p99"]) == (30, 2)
    objectives = {"counted_google_p99_s": 5, "counted_meta_p99_s": 5, "faulted_requests": 1}
    kept = [line.kept for line in judge({**numbers, "faulted_requests": 0}, objectives, [], "")]
    assert kept[3:] == [True, False, False]


def test_a_picture_shades_the_weather_as_long_as_it_lasts() -> None:
    assert load("outage").stormy == [(20, 50)]
    assert load("slow-destination").stormy == [(0, float("inf"))]
    assert load("steady").stormy == []


def test_batches_are_timed_apart_from_checkouts() -> None:
    batch = Call(ended=2, seconds=0.5, name=BATCH, status=200, sent=(), orders=(ACCEPTED,) * 9)
    numbers = figures([call(1, 0.1), batch], [], []).numbers
    assert (numbers["accept_ms_p99"], numbers["batch_ms_p99"]) == (100, 500)
    assert numbers["accepted"] == 10


def test_what_waits_is_what_no_platform_has_accepted() -> None:
    metrics = (
        "# HELP bridge_deliveries Deliveries by state.\n"
        'bridge_deliveries{destination="m",state="pending"} 3.0\n'
        'bridge_deliveries{destination="m",state="leased"} 2.0\n'
        'bridge_deliveries{destination="m",state="accepted"} 9.0\n'
    )
    assert backlog(metrics) == 5


def test_an_objective_is_kept_up_to_its_limit() -> None:
    numbers = {"accept_ms_p99": 25.0, "orders_per_second": 99.0, "accepted": 1.0}
    lines = judge(numbers, {"accept_p99_ms": 25, "orders_per_second": 100}, [], "")
    assert [line.kept for line in lines] == [True, True, True, True, False]


def test_a_lost_order_or_an_unsound_audit_is_never_good() -> None:
    lost, _, audit = judge({"accepted": 1.0}, {}, ["1 was lost"], "one order has no end")
    assert not lost.kept
    assert not audit.kept


def test_what_was_not_measured_keeps_no_objective() -> None:
    numbers = figures([call(10, 0.001, {"code": "store_unavailable"})], [], []).numbers
    lines = judge(numbers, {"counted_p99_s": 5, "memory_growth_mb_hook": 9}, [], "")
    told = {line.words: line.found for line in lines if not line.kept}
    assert list(told.values()) == ["0", "not measured", "not measured"]
    assert next(iter(told)) == "orders accepted"


def test_refusals_are_told_apart_by_their_code(worked_out: Figures) -> None:
    assert worked_out.numbers["refused_x"] == worked_out.numbers["refused"]


def test_a_moment_without_an_answer_of_the_hook_is_no_empty_backlog(worked_out: Figures) -> None:
    assert worked_out.series["deliveries that wait"]["waiting"] == [(-1, 0), (0, 7)]


def test_growth_is_the_last_quarter_of_the_load_against_the_second() -> None:
    megabytes = [999, 1, 1, 10, 14, 0, 50, 30, 32, 999]
    samples = [
        Sample(at=at, cpu={}, memory={"hook": mb * 1024 * 1024}, machine=0, waiting=0)
        for at, mb in enumerate(megabytes)
    ]
    numbers = figures([call(1, 0.1), call(8, 0.1)], [], samples).numbers
    assert numbers["memory_growth_mb_hook"] == 31 - 12


def using(**processors: float) -> dict[str, float]:
    return {f"processors_{part}": one for part, one in processors.items()}


@pytest.mark.parametrize(
    ("numbers", "bridges", "said"),
    [
        (using(hook=0.95, sender=0.3, mock=0.1, callers=0.2, machine=1.6), 1, "Bottleneck: hook,"),
        (using(hook=0.95, sender=0.3, mock=0.1, callers=0.1, machine=1.45), 2, "No processor"),
        (using(hook=0.4, sender=0.3, mock=0.1, callers=0.93, machine=1.8), 1, "neck: callers,"),
        (
            using(hook=0.7, sender=0.6, callers=0.3, machine=1.6),
            1,
            "processors, 80% in use, most by h",
        ),
        (using(hook=0.2, sender=0.2, callers=0.1, machine=0.9), 1, "all else 0.40; together 0.90"),
        (using(hook=0.2, sender=0.2, callers=0.1, machine=0.9), 1, "Other work disturbed"),
        ({}, 1, "Too short"),
    ],
)
def test_a_run_says_who_had_no_processor_left(
    numbers: dict[str, float], bridges: int, said: str
) -> None:
    assert said in bottleneck(numbers, 2, bridges)


def test_use_of_processors_counts_from_the_first_answer_to_the_last() -> None:
    samples = [
        Sample(at=at, cpu={"hook": hook}, memory={}, machine=2 * hook, waiting=0)
        for at, hook in ((0, 0.0), (10, 7.0), (12, 8.0), (60, 50.0))
    ]
    found = figures([call(9, 0.1), call(13, 0.1)], [], samples)
    assert found.numbers["processors_hook"] == 0.5
    assert found.numbers["processors_machine"] == 1
    assert found.series["processors in use"]["all of the machine"][1] == (3, 1)


def test_a_picture_shows_how_many_orders_were_wanted() -> None:
    course = load("flash-sale").course
    assert course == [(0, 20), (10, 20), (10, 1000), (25, 1000), (25, 20), (45, 20)]
    found = figures([call(1, 0.1)], [], [], course)
    assert found.series["orders a second"]["wanted"] == course


@pytest.mark.parametrize(("value", "said"), [(26911.0, "26,911"), (0.17634, "0.1763")])
def test_numbers_are_written_as_people_read_them(value: float, said: str) -> None:
    assert readable(value) == said


def test_a_baseline_is_set_beside_what_both_runs_have() -> None:
    beside = changes(
        {"accept_ms_p50": 3.0, "orders": 1.0, "backlog_most": 4.0},
        {"accept_ms_p50": 2.0, "orders": 1.0, "backlog_most": 0.0},
    )
    assert [(one.name, one.ratio) for one in beside] == [
        ("accept_ms_p50", 1.5),
        ("backlog_most", None),
    ]


@pytest.mark.parametrize(
    ("name", "now", "words", "kept"),
    [
        ("accept_ms_p99", 2.6, "WORSE", True),
        ("accept_ms_p99", 3.2, "WORSE", False),
        ("accept_ms_p99", 2.2, "", True),
        ("accept_ms_p99", 1.0, "better", True),
        ("orders_per_second", 1.0, "WORSE", False),
        ("orders_per_second", 3.2, "better", True),
        ("orders_per_second", 0.0, "WORSE", False),
        ("mock_cpu_share", 9.0, "", True),
    ],
)
def test_a_worse_run_is_told_and_ends_so_where_that_is_wanted(
    name: str, now: float, words: str, *, kept: bool
) -> None:
    (change,) = changes({name: now}, {name: 2.0})
    assert change.words == words
    assert held([change], 1.5).kept is kept


def test_without_a_baseline_nothing_is_held() -> None:
    assert not held([], 1.5).kept


def test_the_cost_of_an_order_says_what_a_machine_carries() -> None:
    assert orders_a_day(2.0) == 43_200_000
    said = sentence({"cpu_ms_per_order": 2.0, "disk_kb_per_order": 3.0, "orders_per_second": 20.0})
    for part in (
        "At 20 orders",
        "2.00 s",
        "3.0 MB",
        "43.2 million",
        "130 GB",
        "10 times",
        "1,000 times",
    ):
        assert part in said
    assert sentence({}) == "No order was accepted."


def test_what_an_order_cost_counts_the_database_and_not_the_mock() -> None:
    spent = {"hook": 1.0, "sender": 2.0, "database": 1.0, "mock": 9.0}
    numbers = {"accepted": 1000.0, **{f"cpu_seconds_{part}": one for part, one in spent.items()}}
    assert costs(numbers, 7_000_000) == {"cpu_ms_per_order": 4.0, "disk_kb_per_order": 7.0}
    assert costs({"accepted": 0.0}, 1) == {}
    assert processor_time(numbers).endswith("database 1.0 s (8%), mock 9.0 s (69%).")


def test_a_report_shows_what_was_missed_and_keeps_numbers_for_the_next(
    tmp_path: Path, worked_out: Figures
) -> None:
    lines = judge(worked_out.numbers, {"refused": 0}, ["<b> was lost"], "")
    report = Report(
        profile=load("smoke"),
        about=["here", "bottleneck: hook"],
        figures=worked_out,
        lines=lines,
        differences=["<b> was lost"],
        changes=[],
    )
    page = report.write(tmp_path).read_text(encoding="utf-8")
    assert not report.good
    assert "objectives missed" in page
    assert "<p>bottleneck: hook</p>" in page
    assert "&lt;b&gt; was lost" in page
    assert (tmp_path / NUMBERS).is_file()
    assert len(list(tmp_path.glob("*.png"))) == len(worked_out.series)
