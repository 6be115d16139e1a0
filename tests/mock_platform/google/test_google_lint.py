"""The lint at Google: both APIs say what was hashed, and what an amount is not."""

import base64
from typing import Any

import pytest

from mock_platform.client import MockWorkspace

from ..lint_cases import EVERYWHERE, GOOGLE, JANE, META, sha256  # noqa: TID252 - tests are no package
from .conftest import Event, Ingest, Upload, conversion, event, row_errors, violations

ADDRESS = {"regionCode": "GB", "postalCode": "NE1 7RU"}
NAMES = {"email_address": "emailAddress", "phone_number": "phoneNumber"}
RAW = {"email_address": "email", "phone_number": "phone", "given_name": "first_name",
       "family_name": "last_name"}  # fmt: skip


def user_data(**texts: str) -> Event:
    """User data of these texts' digests, Jane's own where none is given."""
    values = {name: sha256(text) for name, text in {**GOOGLE, **texts}.items()}
    address = {"givenName": values["given_name"], "familyName": values["family_name"], **ADDRESS}
    return {
        "userIdentifiers": [
            {"emailAddress": values["email_address"]},
            {"phoneNumber": values["phone_number"]},
            {"address": address},
        ]
    }


def found(workspace: MockWorkspace) -> list[str]:
    return [each["rule"].rpartition("google.")[2] for each in workspace.events()[-1]["findings"]]


@pytest.fixture(autouse=True)
def told(workspace: MockWorkspace) -> None:
    workspace.know_shoppers(JANE)


def test_what_is_normalised_has_no_findings(workspace: MockWorkspace, ingest: Ingest) -> None:
    workspace.settings(mode="strict")
    assert ingest(event(userData=user_data())).status_code == 200
    assert found(workspace) == []


@pytest.mark.parametrize("mistake", EVERYWHERE)
def test_a_mistake_is_found_in_every_hashed_field(
    workspace: MockWorkspace, ingest: Ingest, mistake: str
) -> None:
    wrong = {name: EVERYWHERE[mistake](JANE[member]) for name, member in RAW.items()}
    ingest(event(userData=user_data(**wrong)))
    assert found(workspace) == ["data_manager.hash.not_normalised"] * 4
    findings = workspace.events()[0]["findings"]
    assert findings[2]["path"] == "user_data.user_identifiers[2].address.given_name"


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("email_address", META["em"], "hash.for_meta"),
        ("phone_number", META["ph"], "hash.for_meta"),
        ("email_address", sha256(GOOGLE["email_address"]), "hash.twice"),
        ("phone_number", GOOGLE["email_address"], "hash.other_member"),
        ("email_address", "undefined", "hash.of_placeholder"),
        ("given_name", "JANÉ-ANN", "hash.not_normalised"),
    ],
)
def test_a_digest_that_matches_nobody_is_found_and_refused_when_strict(
    workspace: MockWorkspace, ingest: Ingest, name: str, text: str, rule: str
) -> None:
    sent = event(userData=user_data(**{name: text}))
    assert ingest(sent).status_code == 200
    assert found(workspace) == [f"data_manager.{rule}"]
    workspace.settings(mode="strict")
    ((field, reason),) = violations(ingest(sent))
    assert field.startswith("events.events[0].user_data.user_identifiers")
    assert reason == "INVALID_FORMAT"


def test_digests_in_base64_are_looked_at_too(workspace: MockWorkspace, ingest: Ingest) -> None:
    digest = base64.b64encode(bytes.fromhex(sha256(META["em"]))).decode()
    sent = event(userData={"userIdentifiers": [{"emailAddress": digest}]})
    ingest(sent, encoding="BASE64")
    assert found(workspace) == ["data_manager.hash.for_meta"]


# what is changed, the rule, its place
BROKEN: dict[str, tuple[Event, str, str]] = {
    "yen": ({"currency": "JPY"}, "value_exponent", "conversion_value"),
    "cents": (
        {
            "conversionValue": 5990,
            "cartData": {
                "items": [{"merchantProductId": "a", "quantity": "2", "unitPrice": 29.95}]
            },
        },
        "minor_units",
        "conversion_value",
    ),
    "net": ({"conversionValue": 50}, "value_basis", "conversion_value"),
    "e-mail as id": ({"transactionId": "jane@example.com"}, "pii.clear", "transaction_id"),
    "phone as the customer's id": ({"userId": "+442079460123"}, "pii.clear", "user_id"),
    "e-mail as a client's id": ({"clientId": "jane@example.com"}, "pii.clear", "client_id"),
    "e-mail as a product": (
        {"cartData": {"items": [{"merchantProductId": "jane@example.com", "unitPrice": 1}]}},
        "pii.clear",
        "cart_data.items[0].merchant_product_id",
    ),
    "full name of somebody told": (
        {"additionalEventParameters": [{"parameterName": "x", "value": "for Jané-Ann O'Doe"}]},
        "pii.clear",
        "additional_event_parameters[0].value",
    ),
    "nothing hashed as id": (
        {"transactionId": sha256("")},
        "hash.of_empty_string",
        "transaction_id",
    ),
    "no value hashed as the customer's id": (
        {"userId": sha256("null")},
        "hash.of_placeholder",
        "user_id",
    ),
    "digest hashed as the customer's id": (
        {"userId": sha256(sha256(GOOGLE["email_address"]))},
        "hash.twice",
        "user_id",
    ),
    "nothing hashed in a variable": (
        {"customVariables": [{"variable": "u1", "value": sha256("")}]},
        "hash.of_empty_string",
        "custom_variables[0].value",
    ),
    "phone in a parameter": (
        {"additionalEventParameters": [{"parameterName": "x", "value": "+442079460123"}]},
        "pii.clear",
        "additional_event_parameters[0].value",
    ),
}


@pytest.mark.parametrize(("changes", "rule", "path"), BROKEN.values(), ids=BROKEN)
def test_the_lint_finds(
    workspace: MockWorkspace, ingest: Ingest, changes: Event, rule: str, path: str
) -> None:
    workspace.know_orders({"order_no": "order-1", "totals": {"gross": 59.9, "net": 50}})
    workspace.settings(value_basis="gross")
    ingest(event(**changes))
    findings = workspace.events()[0]["findings"]
    assert [(each["rule"], each["path"]) for each in findings] == [
        (f"google.data_manager.{rule}", path)
    ]


ROWS: dict[str, tuple[Event, str]] = {
    "for Meta": ({"userIdentifiers": [{"hashedEmail": sha256(META["em"])}]}, "hash.for_meta"),
    "twice": (
        {"userIdentifiers": [{"hashedPhoneNumber": sha256(sha256(GOOGLE["phone_number"]))}]},
        "hash.twice",
    ),
    "untrimmed": (
        {"userIdentifiers": [{"hashedEmail": sha256(f" {JANE['email']}")}]},
        "hash.not_normalised",
    ),
    "mixed up": (
        {"userIdentifiers": [{"hashedPhoneNumber": sha256(GOOGLE["email_address"])}]},
        "hash.other_member",
    ),
    "placeholder": ({"userIdentifiers": [{"hashedEmail": sha256("null")}]}, "hash.of_placeholder"),
    "nothing": ({"userIdentifiers": [{"hashedEmail": sha256("")}]}, "hash.of_empty_string"),
    "nothing as order": ({"orderId": sha256("")}, "hash.of_empty_string"),
    "digest hashed as order": ({"orderId": sha256(sha256(GOOGLE["phone_number"]))}, "hash.twice"),
    "yen": ({"currencyCode": "JPY"}, "value_exponent"),
    "cents": ({"conversionValue": 5990}, "minor_units"),
    "net": ({"conversionValue": 50}, "value_basis"),
}


@pytest.mark.parametrize(("changes", "rule"), ROWS.values(), ids=ROWS)
def test_the_lint_finds_in_google_ads(
    workspace: MockWorkspace, convert: Upload, changes: Any, rule: str
) -> None:
    workspace.know_orders({"order_no": "order-1", "totals": {"gross": 59.9, "net": 50}})
    workspace.settings(value_basis="gross")
    assert row_errors(convert(conversion(**changes))) == []
    assert found(workspace) == [f"google_ads.{rule}"]
    workspace.settings(mode="strict")
    assert row_errors(convert(conversion(**changes))) == [(0, "INVALID_VALUE")]


def test_a_good_row_has_no_findings(workspace: MockWorkspace, convert: Upload) -> None:
    workspace.settings(mode="strict")
    identifiers = [
        {"hashedEmail": sha256(GOOGLE["email_address"])},
        {"hashedPhoneNumber": sha256(GOOGLE["phone_number"])},
    ]
    assert row_errors(convert(conversion(userIdentifiers=identifiers))) == []
    assert found(workspace) == []
