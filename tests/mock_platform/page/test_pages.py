"""The pages over plain HTTP: what they say, and whom they serve."""

import hashlib
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.rules.catalogue import all_rules

Get = Callable[..., requests.Response]
Press = Callable[..., requests.Response]
Post = Callable[..., requests.Response]
MakeEvent = Callable[..., dict[str, Any]]
INGEST = {
    "destinations": [
        {
            "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
            "productDestinationId": "987654321",
        }
    ],
    "encoding": "HEX",
}


def test_a_page_may_load_nothing_but_the_mocks_own_files(get: Get) -> None:
    policy = get().headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "<script>" not in get().text
    assert 'style="' not in get().text


def test_every_workspace_has_a_page_of_its_own(get: Get, post: Post, event: MakeEvent) -> None:
    post(event())

    assert "order-1" in get().text
    other = get("").url.rsplit("/", 2)[0] + "/another-one/"
    assert "order-1" not in requests.get(other, timeout=10).text


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (30653, "JPY", "30653 <"),
        (181.3, "KWD", "181.300 <"),
        (12, "EUR", "12.00 <"),
        (12.555, "EUR", "12.555 <"),
        (12.5, "JPY", "12.5 <"),
        (1e-7, "EUR", "0.0000001 <"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency_unless_it_came_with_more(
    get: Get, post: Post, event: MakeEvent, value: float, currency: str, shown: str
) -> None:
    post(event(custom_data={"value": value, "currency": currency}))

    assert f">{shown}" in get().text
    assert f">{shown}" in get("/events/1").text


def test_asking_again_costs_nothing_while_nothing_is_new(
    get: Get, post: Post, event: MakeEvent
) -> None:
    post(event())
    first = get("/live")
    seen = first.text.partition("seen=")[2].partition('"')[0]

    assert get(f"/live?seen={seen}").status_code == 204
    again = get("/live", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    post(event(event_id="order-2"))
    assert get(f"/live?seen={seen}").status_code == 200


def test_a_conversion_that_falls_due_is_something_new(get: Get, workspace: MockWorkspace) -> None:
    send_to_google(workspace)
    seen = get("/live").text.partition("seen=")[2].partition('"')[0]

    workspace.advance(1801)

    fresh = get(f"/live?seen={seen}")
    assert fresh.status_code == 200
    assert "counted" in fresh.text


@pytest.mark.parametrize("path", ["/?q=colour:red", "/?q=verdict:rejcted", "/?before=x"])
def test_a_search_that_cannot_be_read_is_explained(get: Get, path: str) -> None:
    answer = get(path)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "path", ["/events/999", "/requests/9", "/shop/confirmation?order=1&product=no"]
)
def test_what_is_not_there_is_said_in_a_page(get: Get, path: str) -> None:
    answer = get(path)

    assert answer.status_code == 404
    assert "<h1>Not Found</h1>" in answer.text


def test_a_search_finds_and_older_events_are_a_link_away(
    get: Get, post: Post, event: MakeEvent
) -> None:
    post(*(event(event_id=f"E-{n}") for n in range(60)))

    assert "E-59<" in get().text.replace("order-1", "E-59")
    older = get().text.partition("before=")[2].partition('"')[0]
    assert get(f"/?before={older}").text.count('class="open"') == 10
    assert get("/?q=event:E-7").text.count('class="open"') == 1


def test_diagnostics_count_events_and_say_what_to_do(
    get: Get, post: Post, event: MakeEvent
) -> None:
    broken = event(user_data={"em": ["not a digest", "b"], "client_user_agent": "x"})
    for number in range(3):
        post({**broken, "event_id": f"D-{number}"})

    page = get("/diagnostics").text

    section = page.partition("#meta.hash.plain_text")[2].partition("</section>")[0]
    assert ">3</a> of 3 (100.0 %)" in section
    assert "What the platform says" in section
    assert "First seen" in section
    assert "/events/3" in section


def test_match_quality_shows_the_same_numbers_as_the_api(
    get: Get, post: Post, event: MakeEvent
) -> None:
    weak = {"client_ip_address": "192.0.2.7", "client_user_agent": "Mozilla/5.0"}
    post(event(), dataset="77")
    post(event(action_source="physical_store", event_id="S-1"), dataset="77")
    post(event(event_id="W-1", user_data=weak), dataset="78")

    page = get("/quality").text

    assert "estimate of ours" in page.lower()
    for dataset, of_next in (("77", "Dataset 78"), ("78", "The formula")):
        shown = page.partition(f"Dataset {dataset}")[2].partition(of_next)[0]
        api = get(f"/v26.0/dataset_quality?dataset_id={dataset}&access_token=T").json()
        scores = [e["event_match_quality"]["composite_score"] for e in api["mock_channels"]]
        channels = [e["channel"].replace("_", " ") for e in api["mock_channels"]]
        assert re.findall(r'class="score">([0-9.]+) <small', shown) == [*map(str, scores)]
        assert re.findall(r'<span class="thin">([a-z ]+)<', shown) == channels
        (web,) = api["web"]
        (of_website,) = (e for e in api["mock_channels"] if e["channel"] == "website")
        assert web["event_match_quality"] == of_website["event_match_quality"]


def test_googles_status_is_shown_as_google_tells_it(get: Get, workspace: MockWorkspace) -> None:
    workspace.fault("processing_error", reason="INVALID_GCLID")
    request_id = send_to_google(workspace)
    assert "PROCESSING" in get("/requests").text

    workspace.advance(1801)

    page = get("/requests").text
    row = page.partition(request_id)[2].partition("</tr>")[0]
    assert "FAILED" in row
    assert "google.processing.invalid_gclid" in row


def send_to_google(workspace: MockWorkspace) -> str:
    digest = hashlib.sha256(b"jane@example.com").hexdigest()
    happened = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    conversion = {
        "transactionId": "G-1",
        "eventTimestamp": happened,
        "eventSource": "WEB",
        "userData": {"userIdentifiers": [{"emailAddress": digest}]},
    }
    answer = requests.post(
        f"{workspace.url}/v1/events:ingest",
        json={**INGEST, "events": [conversion]},
        headers={"Authorization": "Bearer T"},
        timeout=10,
    )
    request_id: str = answer.json()["requestId"]
    return request_id


def test_an_order_that_met_a_fault_is_found_in_its_request(
    get: Get, post: Post, event: MakeEvent, workspace: MockWorkspace
) -> None:
    post(event())
    workspace.fault("error", times=1)
    post(event(event_id="lost-1", custom_data={"value": 1, "currency": "EUR"}))

    nowhere = get("/?q=order:lost-1").text
    assert "/requests?q=lost-1#all" in nowhere
    listed = get("/requests?q=lost-1").text
    assert re.findall(r"/requests/([0-9]+)", listed) == ["2"]
    assert [each["id"] for each in workspace.requests(q="lost-1")] == [2]
    shown = get("/requests/2").text
    assert "lost-1" in shown
    assert "hit by the fault <b>error</b>" in shown
    assert "fbtrace_id" in shown
    assert "No request that is kept" in get("/requests?q=lost-1 nothing").text


def test_a_request_shows_no_token(get: Get, post: Post, event: MakeEvent) -> None:
    post(event(), token="BEARER-SECRET", access_token="BODY-SECRET")

    page = get("/events/1").text

    assert "[secret]" in page
    assert "-SECRET" not in page


def test_another_sites_page_cannot_press_a_button(press: Press, workspace: MockWorkspace) -> None:
    answer = press("/controls/faults", origin="https://evil.example", ready="Lose the next answer")

    assert answer.status_code == 403
    assert workspace.faults() == []


def test_payloads_of_every_shape_can_be_looked_at(get: Get, post: Post, event: MakeEvent) -> None:
    deep: Any = "leaf"
    for _ in range(200):
        deep = [deep]
    odd = [7, None, "text", [], {}, event(custom_data=deep), event(event_time=2**62)]
    odd += [event(user_data={f"k{n}": "v" for n in range(3000)}), event(custom_data={"value": "x"})]
    for each in odd:
        post(each)
    requests.get(get("/").url + "tr", timeout=10)

    count = len(get("/_mock/events").json()["events"])
    pages = ["/", "/diagnostics", "/quality", "/requests"]
    answers = [
        get(path).status_code for path in [*pages, *(f"/events/{n + 1}" for n in range(count))]
    ]

    assert set(answers) == {200}
    assert count >= len(odd)


def test_every_finding_leads_to_its_rule_on_the_mocks_own_page(
    workspace: MockWorkspace, get: Get, post: Post, event: MakeEvent
) -> None:
    post(event(event_id=None))

    anchors = set(re.findall(r'<li id="([^"]+)"', get("/rules").text))

    assert anchors == set(all_rules())
    assert {rule.help.partition("#")[2] for rule in all_rules().values()} == anchors
    ((finding,),) = (each["findings"] for each in workspace.events())
    server = workspace.url.partition("/ws/")[0]
    assert requests.get(f"{server}{finding['help']}", timeout=10).status_code == 200
    assert finding["help"] == "/rules#meta.event_id.missing"


@pytest.mark.parametrize("form", ["ndjson", "har"])
def test_the_journal_can_be_taken_along(get: Get, post: Post, event: MakeEvent, form: str) -> None:
    post(event())
    page = get("/requests").text
    link = re.findall(rf'href="([^"]*_mock/export[^"]*format={form})" download', page)
    assert len(link) == 1
    assert "order-1" in get(f"/_mock/export?format={form}").text
