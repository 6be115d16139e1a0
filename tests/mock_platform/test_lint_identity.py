"""The lint of digests: what was hashed, where it is a shopper the mock was told of."""

import hashlib
import itertools
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockPlatformError, MockWorkspace

from .lint_cases import EVERYWHERE, GOOGLE, JANE, MEMBERS, META, ONE_MEMBER, hashed, sha256
from .meta_cases import AGENT

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
Judge = Callable[[Event], list[tuple[str, str]]]


@pytest.fixture
def judge(workspace: MockWorkspace, event: EventFactory, post: Post) -> Judge:
    """Send a user_data to a workspace that knows Jane; rule and message of every finding."""
    workspace.know_shoppers(JANE)
    numbers = itertools.count()

    def send(user_data: Event) -> list[tuple[str, str]]:
        members = {**AGENT, "fbp": "fb.1.1795418257000.1", **user_data}
        post(event(user_data=members, event_id=str(next(numbers))))
        latest = workspace._get("events", {"newest": "true", "limit": 1})["events"][0]
        return [(each["rule"], each["message"]) for each in latest["findings"]]

    return send


def test_what_is_normalised_has_no_findings(judge: Judge) -> None:
    assert judge(hashed(META)) == []


def test_what_an_official_library_sends_has_no_findings(judge: Judge) -> None:
    other = {"fn": "jané-ann", "ln": "o'doe", "ct": "newcastle upon tyne"}
    assert judge(hashed({**META, **other})) == []


def test_the_digests_of_strangers_have_no_findings(judge: Judge) -> None:
    stranger = {"em": " JOHN@example.com", "ph": "0207 000", "fn": "JOHN", "db": "12/30/1985 "}
    assert judge(hashed(stranger)) == []


@pytest.mark.parametrize("mistake", EVERYWHERE)
def test_a_mistake_is_found_in_every_hashed_member(judge: Judge, mistake: str) -> None:
    wrong = {key: EVERYWHERE[mistake](JANE[member]) for key, member in MEMBERS.items()}
    wrong = {key: text for key, text in wrong.items() if text != META[key]}
    found = judge(hashed(wrong))
    assert [rule for rule, _ in found] == ["meta.hash.not_normalised"] * len(wrong)
    assert len(wrong) >= len(META) - 1


@pytest.mark.parametrize(("key", "text"), ONE_MEMBER.values(), ids=ONE_MEMBER)
def test_a_mistake_of_one_member_is_found(judge: Judge, key: str, text: str) -> None:
    ((rule, message),) = judge(hashed({key: text}))
    assert rule == "meta.hash.not_normalised"
    assert message.startswith("the SHA-256 of ")


def test_the_message_tells_what_was_done_and_shows_no_more_than_its_beginning(
    judge: Judge,
) -> None:
    ((_, message),) = judge(hashed({"em": " JANE.O.DOE+SHOP@GMAIL.COM"}))
    assert message == (
        "the SHA-256 of ' JANE....' (a space in front, upper case), not of the e-mail address"
        " normalised"
    )


@pytest.mark.parametrize(
    ("country", "key", "told", "text"),
    [
        ("DE", "ct", "München", "muenchen"),
        ("DE", "st", "BY", "bayern"),
        ("US", "st", "NY", "newyork"),
        ("GB", "em", "Whitney.Walters@example.org  ", "WHITNEY.WALTERS@EXAMPLE.ORG  "),
        ("GB", "em", "Whitney.Walters@example.org  ", "whitney.walters@example.org  "),
        ("GB", "fn", " Whitney ", " whitney \n"),
        ("GB", "ph", "+44 (0)20 7946 0123", "4402079460123"),
        ("GB", "ph", "+44.20.7946.0123", "44.20.7946.0123"),
    ],
)
def test_a_mistake_is_found_in_what_was_told_in_another_form(
    workspace: MockWorkspace, judge: Judge, country: str, key: str, told: str, text: str
) -> None:
    workspace.know_shoppers({MEMBERS[key]: told, "country": country})
    assert [rule for rule, _ in judge(hashed({key: text}))] == ["meta.hash.not_normalised"]


@pytest.mark.parametrize("text", ["Jane.O.Doe+Shop@gmail.com", "JANE.O.DOE+SHOP@GMAIL.COM"])
def test_the_digest_of_a_wrong_value_hashed_again_is_found(judge: Judge, text: str) -> None:
    assert [rule for rule, _ in judge({"em": [sha256(sha256(text))]})] == ["meta.hash.twice"]


@pytest.mark.parametrize("key", META)
def test_a_digest_hashed_again_is_found(judge: Judge, key: str) -> None:
    for digest in (sha256(META[key]), sha256(META[key]).upper()):
        ((rule, _),) = judge({key: [sha256(digest)]})
        assert rule == "meta.hash.twice"


@pytest.mark.parametrize(
    ("key", "text"), [("em", GOOGLE["email_address"]), ("ph", GOOGLE["phone_number"])]
)
def test_googles_form_at_meta_is_found(judge: Judge, key: str, text: str) -> None:
    ((rule, _),) = judge({key: [sha256(text)]})
    assert rule == "meta.hash.for_google"


def test_values_that_changed_places_are_found(judge: Judge) -> None:
    found = judge({"em": [sha256(META["ph"])], "ph": [sha256(META["em"])]})
    assert [rule for rule, _ in found] == ["meta.hash.other_member"] * 2


@pytest.mark.parametrize("text", ["null", "undefined", "N/A", "[object Object]", " "])
def test_the_digest_of_no_value_is_found_without_knowing_anyone(
    workspace: MockWorkspace, event: EventFactory, post: Post, text: str
) -> None:
    post(event(user_data={**AGENT, "em": [sha256(text)]}))
    (finding,) = workspace.events()[0]["findings"]
    assert (finding["rule"], finding["path"]) == ("meta.hash.of_placeholder", "user_data.em[0]")


def test_a_name_may_read_like_no_value(judge: Judge) -> None:
    assert judge(hashed({"ln": "null", "em": META["em"]})) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("jane@example.com", "meta.hash.plain_text"),
        ("+44 20 7946 0123", "meta.hash.plain_text"),
        ("Jane", "meta.hash.plain_text"),
        (sha256("x")[:63], "meta.hash.format"),
        (sha256("x") + "00", "meta.hash.format"),
        ("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", "meta.hash.format"),
    ],
)
def test_clear_text_is_told_from_a_broken_digest(judge: Judge, text: str, rule: str) -> None:
    assert [found for found, _ in judge({"em": [sha256(META["em"]), text]})] == [rule]


def test_what_is_in_strict_mode_lint_rejects(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.know_shoppers(JANE)
    workspace.settings(mode="strict")
    assert post(event(user_data={**AGENT, **hashed(META)})).status_code == 200
    assert post(event(user_data={**AGENT, **hashed({"em": "JANE"})})).status_code == 200
    wrong = hashed({**META, "fn": " Jané-Ann"})
    assert post(event(user_data={**AGENT, **wrong})).status_code == 400


def test_the_pixels_digests_are_looked_at_too(workspace: MockWorkspace) -> None:
    workspace.know_shoppers(JANE)
    digest = sha256("Jane.O.Doe+Shop@gmail.com")
    query: dict[str, str] = {"id": "1", "ev": "Purchase", "eid": "1", "ud[em]": digest}
    requests.get(f"{workspace.url}/tr", params=query, timeout=10)
    (finding,) = workspace.events()[0]["findings"]
    assert finding["rule"] == "meta.hash.not_normalised"


def test_the_order_of_a_shop_tells_who_placed_it(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    order = {
        "order_no": "1",
        "currency": "GBP",
        "totals": {"gross": 10},
        "customer": {"email": " John@Example.com ", "phone": "0113 496 0123"},
        "billing_address": {"first_name": "John", "country": "GB"},
    }
    assert workspace.know_orders(order)["orders"] == {"known": 1}
    right = {"em": "john@example.com", "ph": "441134960123", "fn": "john"}
    post(event(user_data={**AGENT, **hashed(right)}))
    post(event(user_data={**AGENT, **hashed({**right, "ph": "01134960123"})}, event_id="2"))
    first, second = workspace.events()
    assert first["findings"] == []
    assert [each["path"] for each in second["findings"]] == ["user_data.ph[0]"]


def test_resetting_what_is_known_forgets_it(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.know_shoppers(JANE)
    assert workspace._get("known") == {"shoppers": 1, "orders": 0}
    workspace.reset("known")
    assert workspace._get("known") == {"shoppers": 0, "orders": 0}
    post(event(user_data={**AGENT, **hashed({"em": "Jane.O.Doe+Shop@gmail.com"})}))
    assert workspace.events()[0]["findings"] == []


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("shoppers", [7], r"\[0\]: expected an object"),
        ("orders", [{}], "order_no: expected a text"),
        ("orders", [{"order_no": "1", "totals": {"gross": "10"}}], "totals.gross: expected"),
    ],
)
def test_what_cannot_be_known_is_named(
    workspace: MockWorkspace, path: str, body: Any, said: str
) -> None:
    with pytest.raises(MockPlatformError, match=said):
        workspace._post(path, body)


def test_no_more_than_a_thousand_shoppers_are_known(workspace: MockWorkspace) -> None:
    told = workspace.know_shoppers(*({"email": f"{number}@x.test"} for number in range(1002)))
    assert told == {"shoppers": {"known": 1000, "left_out": 2}}


def test_md5_is_told_from_clear_text(judge: Judge) -> None:
    digest = hashlib.md5(b"jane@example.com").hexdigest()
    assert [rule for rule, _ in judge({"em": [sha256(META["em"]), digest]})] == ["meta.hash.md5"]
