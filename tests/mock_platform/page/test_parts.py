"""What the pages work out, as functions of what the books hold."""

from typing import Any

import pytest

from mock_platform.entries import Verdict
from mock_platform.meta.match_quality import HIGHEST, IN_STORE, ONLINE, estimates, weights_of
from mock_platform.page.chart import HEIGHT, WIDTH, chart, in_words, step_for
from mock_platform.page.checklist import checklist, subject_of
from mock_platform.page.document import LINES_MAX, lines
from mock_platform.page.pairing import pair, partner
from mock_platform.page.timeline import timeline
from mock_platform.rules.catalogue import all_rules


def shown(**columns: Any) -> dict[str, Any]:
    return {
        "id": 1, "api": "conversions_api", "platform": "meta", "source": "server",
        "dataset": "1", "event_name": "Purchase", "event_id": "E", "order_id": "E",
        "event_time": 1_795_000_000, "value": None, "currency": None, "verdict": "counted",
        "dedup_rule": None, "duplicate_of": None, "findings": [], "payload": {},
        "received_at": "2026-11-22T07:00:00.000Z",
    } | columns  # fmt: skip


def finding(rule: str, path: str = "") -> dict[str, Any]:
    severity = all_rules()[rule].severity.value
    return {"rule": rule, "severity": severity, "path": path, "message": "m", "doc": "d"}


@pytest.mark.parametrize("last", [0, 59, 3600, 86_400 * 30, 86_400 * 3000])
def test_a_chart_fits_its_frame_whatever_time_it_spans(last: int) -> None:
    step = step_for(0, last)
    made = chart([(0, "counted", 3), (last // step, "rejected", 1)], step)

    assert made is not None
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in made.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT + 0.01 for bar in made.bars)


@pytest.mark.parametrize(
    ("wrong", "usable"),
    [
        ((), {"em", "ph"}),
        (("user_data.em[0]",), {"em", "ph"}),
        (("user_data.em[0]", "user_data.em[1]"), {"ph"}),
        (("user_data.em[0]", "user_data.ph"), {"em"}),
    ],
)
def test_a_hash_known_to_match_nobody_is_no_match_key(wrong: Any, usable: set[str]) -> None:
    payload = {"event_name": "Purchase", "user_data": {"em": ["a" * 64, "b" * 64], "ph": "c" * 64}}
    found = [finding("meta.hash.not_normalised", path) for path in wrong]
    event = {"payload": payload, "received_at": 0.0, "event_time": 0, "findings": found}
    assert estimates([event])[0].usable == (usable,)


def test_a_charts_bars_are_as_high_as_their_counts() -> None:
    made = chart([(0, "counted", 6), (0, "rejected", 2), (1, "counted", 4)], 60)

    assert made is not None
    heights = [(bar.verdict, bar.height) for bar in made.bars]
    assert heights == [
        (Verdict.COUNTED, HEIGHT * 6 / 8),
        (Verdict.REJECTED, HEIGHT * 2 / 8),
        (Verdict.COUNTED, HEIGHT * 4 / 8),
    ]
    assert (made.highest, made.step) == (8, "1 minute")
    assert chart([], 60) is None


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 second"), (900, "15 minutes"), (90, "90 seconds")]
)
def test_a_length_of_time_is_told_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_a_document_becomes_lines_with_findings_at_their_places() -> None:
    found = [finding("meta.hash.format", "user_data.em[0]")]

    made = lines({"user_data": {"em": ["x"]}, "n": 1}, found)

    assert ["  " * line.depth + line.name + line.text for line in made] == [
        "{", '  "user_data"{', '    "em"[', '      "x"', "    ]", "  },", '  "n"1', "}",
    ]  # fmt: skip
    assert [line.path for line in made if line.findings] == ["user_data.em[0]"]


def test_an_endless_document_is_cut() -> None:
    assert len(lines(list(range(LINES_MAX * 2)), [])) == LINES_MAX + 1


def test_a_checklist_puts_the_worst_first_and_counts_each_rule_once() -> None:
    found = [
        finding("meta.hash.format", "user_data.em[0]"),
        finding("meta.custom_data.currency_missing"),
        finding("meta.hash.format", "user_data.ph[0]"),
    ]

    made = checklist(shown(findings=found, payload={"action_source": "website"}))

    assert [each.rule for each in made.broken] == [
        "meta.custom_data.currency_missing",
        "meta.hash.format",
    ]
    assert made.broken[1].paths == ("user_data.em[0]", "user_data.ph[0]")
    kept = {rule.id for group in made.kept for rule in group.rules}
    assert "meta.website.event_source_url_missing" in kept
    assert not kept & {"meta.hash.format", "meta.app.extinfo", "meta.pixel.id_missing"}
    asked = [rule for rule in all_rules() if rule.startswith("meta.")]
    assert made.kept_count + made.silent + len(made.broken) == len(asked) - 1


def test_a_verdict_by_deduplication_names_its_rule() -> None:
    made = checklist(shown(verdict="deduplicated", dedup_rule="meta.dedup.event_id"))

    assert [each.rule for each in made.broken] == ["meta.dedup.event_id"]


def test_every_rule_of_an_interface_has_a_subject() -> None:
    assert [rule for rule in all_rules() if subject_of(rule) == "Other"] == [
        "meta.request.rejected_with_batch",
        "mock.fault.platform_rejects",
    ]


def test_a_pair_marks_what_both_say_differently() -> None:
    browser = shown(id=3, source="browser", payload={"custom_data": {"value": "1"}})
    server = shown(id=4, duplicate_of=3, payload={"custom_data": {"value": 1.5, "x": 1}})

    made = pair(server, partner(server, [browser, server]))

    assert made is not None
    assert (made.left["id"], made.right["id"]) == (3, 4)
    members = {member.name: member for member in made.members}
    assert [name for name, member in members.items() if member.differs] == ["custom_data.value"]
    assert (members["custom_data.x"].left, members["custom_data.x"].right) == (None, "1")
    assert partner(browser, [browser, server]) is server
    assert pair(browser, None) is None


def test_a_timeline_begins_with_the_purchase() -> None:
    late = shown(id=2, source="browser", received_at="2026-11-22T08:00:00.000Z")

    made = timeline([late, shown()], late)

    assert [(each.event, each.is_shown) for each in made] == [(None, False), (1, False), (2, True)]


def test_the_best_score_needs_not_every_match_key_and_is_never_above_ten() -> None:
    assert all(sum(weight.points for weight in table) > HIGHEST for table in (ONLINE, IN_STORE))
    assert weights_of("physical_store") is IN_STORE
    digest = "a" * 64
    everything = dict.fromkeys("em ph external_id fn ln db ge ct st zp country".split(), digest)
    payload = {"event_name": "P", "action_source": "physical_store", "user_data": everything}

    (made,) = estimates([{"payload": payload, "received_at": 7200.0, "event_time": 0}])

    assert (made.score, made.delay_hours, made.events) == (HIGHEST, 2.0, 1)
