"""Requests the Data Manager refuses, one for each reason at least."""

import time
from typing import Any

from .conftest import ACCOUNT, ACTION, BASE64, DIGEST, Event, destination, event, rfc3339

ADDRESS = {"givenName": DIGEST, "familyName": DIGEST, "regionCode": "US", "postalCode": "94043"}
PARTNER = {"accountType": "DATA_PARTNER", "accountId": "11"}
OTHER = {"accountType": "GOOGLE_ADS", "accountId": "22"}
FIRST, HOME = "events.events[0]", "destinations[0]"


def people(*identifiers: Event) -> Event:
    return {"userData": {"userIdentifiers": list(identifiers)}}


def action(**traits: Any) -> Event:
    return {"google_actions": {ACTION: traits}}


def account(*problems: str) -> Event:
    return {"google_accounts": {ACCOUNT: list(problems)}}


# what: (members of the event, members of the request, settings, field, reason)
Case = tuple[Event, Event, Event, str, str]
REFUSED: dict[str, Case] = {
    "no destination": ({}, {"destinations": []}, {}, "destinations", "REQUIRED_FIELD_MISSING"),
    "no event": ({}, {"events": []}, {}, "events", "REQUIRED_FIELD_MISSING"),
    "no encoding": ({}, {"encoding": None}, {}, "encoding", "REQUIRED_FIELD_MISSING"),
    "no time": (
        {"eventTimestamp": None}, {}, {}, f"{FIRST}.event_timestamp", "REQUIRED_FIELD_MISSING"
    ),
    "no operating account": (
        {}, {"destinations": [destination(operatingAccount=None)]}, {},
        f"{HOME}.operating_account", "REQUIRED_FIELD_MISSING",
    ),
    "address without names": (
        people({"address": {"regionCode": "US", "postalCode": "94043"}}), {}, {},
        f"{FIRST}.user_data.user_identifiers[0].address.given_name", "REQUIRED_FIELD_MISSING",
    ),
    "empty identifier": (
        people({}), {}, {}, f"{FIRST}.user_data.user_identifiers[0]", "REQUIRED_FIELD_MISSING"
    ),
    "tag's action without transaction id": (
        {"transactionId": None}, {}, action(type="WEBPAGE"),
        f"{FIRST}.transaction_id", "REQUIRED_FIELD_MISSING",
    ),
    "store sale without store": (
        {"eventSource": "IN_STORE"}, {}, action(type="STORE_SALES"),
        f"{FIRST}.event_location.store_id", "REQUIRED_FIELD_MISSING",
    ),
    "account id with hyphens": (
        {}, {"destinations": [destination(operatingAccount={**OTHER, "accountId": "1-2"})]}, {},
        f"{HOME}.operating_account.account_id", "INVALID_NUMBER_FORMAT",
    ),
    "account types that differ": (
        {}, {"destinations": [destination(operatingAccount={**OTHER, "product": "DATA_PARTNER"})]},
        {}, f"{HOME}.operating_account.account_type", "INVALID_DESTINATION",
    ),
    "unknown reference": (
        {"destinationReferences": ["nowhere"]}, {}, {},
        f"{FIRST}.destination_references[0]", "INVALID_DESTINATION",
    ),
    "same reference twice": (
        {}, {"destinations": [destination(reference="a"), destination(reference="a")]}, {},
        "destinations[1].reference", "DUPLICATE_DESTINATION_REFERENCE",
    ),
    "11 destinations": (
        {}, {"destinations": [destination(reference=str(n)) for n in range(11)]}, {},
        "destinations", "TOO_MANY_DESTINATIONS",
    ),
    "2001 events": ({}, {"events": [event()] * 2001}, {}, "events", "TOO_MANY_EVENTS"),
    "11 identifiers": (
        people(*[{"emailAddress": DIGEST}] * 11), {}, {},
        f"{FIRST}.user_data.user_identifiers", "TOO_MANY_USER_IDENTIFIERS",
    ),
    "no identifier in user data": (
        {"userData": {"userIdentifiers": []}}, {}, {},
        f"{FIRST}.user_data.user_identifiers", "TOO_FEW_ELEMENTS",
    ),
    "nobody": (
        {"userData": None, "adIdentifiers": None}, {}, {}, FIRST, "NO_IDENTIFIERS_PROVIDED"
    ),
    "plain e-mail address": (
        people({"emailAddress": "jane@example.com"}), {}, {},
        f"{FIRST}.user_data.user_identifiers[0]", "INVALID_HEX_ENCODING",
    ),
    "half a digit": (
        people({"phoneNumber": DIGEST[:-1]}), {}, {},
        f"{FIRST}.user_data.user_identifiers[0]", "INVALID_HEX_ENCODING",
    ),
    "hexadecimal read as base64": (
        people({"emailAddress": "jane@example.com"}), {"encoding": "BASE64"}, {},
        f"{FIRST}.user_data.user_identifiers[0]", "INVALID_BASE64_ENCODING",
    ),
    "base64 without padding": (
        people({"emailAddress": BASE64.rstrip("=")}), {"encoding": "BASE64"}, {},
        f"{FIRST}.user_data.user_identifiers[0]", "INVALID_BASE64_ENCODING",
    ),
    "MD5": (
        people({"emailAddress": DIGEST[:32]}), {}, {},
        f"{FIRST}.user_data.user_identifiers[0]", "INVALID_SHA256_FORMAT",
    ),
    "hexadecimal digits in base64": (
        people({"emailAddress": DIGEST}), {"encoding": "BASE64"}, {},
        f"{FIRST}.user_data.user_identifiers[0]", "INVALID_SHA256_FORMAT",
    ),
    "region in words": (
        people({"address": {**ADDRESS, "regionCode": "USA"}}), {}, {},
        f"{FIRST}.user_data.user_identifiers[0].address.region_code", "INVALID_REGION_CODE",
    ),
    "postal code of 4 digits": (
        people({"address": {**ADDRESS, "postalCode": "9404"}}), {}, {},
        f"{FIRST}.user_data.user_identifiers[0].address.postal_code", "INVALID_POSTAL_CODE",
    ),
    "device id": (
        {"adIdentifiers": {"mobileDeviceId": "my-phone"}}, {}, {},
        f"{FIRST}.ad_identifiers.mobile_device_id", "INVALID_MOBILE_ID_FORMAT",
    ),
    "IP address": (
        {"eventDeviceInfo": {"ipAddress": "localhost"}}, {}, {},
        f"{FIRST}.event_device_info.ip_address", "INVALID_FORMAT",
    ),
    "unknown number of an enum": (
        {"eventSource": 99}, {}, {}, f"{FIRST}.event_source", "INVALID_ENUM_VALUE"
    ),
    "unknown number of consent": (
        {"consent": {"adUserData": 9}}, {}, {},
        f"{FIRST}.consent.ad_user_data", "INVALID_ENUM_VALUE",
    ),
    "unknown encoding": ({}, {"encoding": 9}, {}, "encoding", "INVALID_ENUM_VALUE"),
    "unknown currency": (
        {"currency": "EURO"}, {}, {}, f"{FIRST}.currency", "INVALID_CURRENCY_CODE"
    ),
    "negative value": (
        {"conversionValue": -0.01}, {}, {}, f"{FIRST}.conversion_value", "INVALID_EVENT"
    ),
    "value without a number": (
        {"conversionValue": "NaN"}, {}, {}, f"{FIRST}.conversion_value", "INVALID_EVENT"
    ),
    "tomorrow": (
        {"eventTimestamp": rfc3339(-86_400)}, {}, {},
        f"{FIRST}.event_timestamp", "EVENT_TIME_INVALID",
    ),
    "too old, where that is refused": (
        {"eventTimestamp": rfc3339(91 * 86_400)}, {}, {"google_refuse_old": True},
        f"{FIRST}.event_timestamp", "EVENT_TIME_INVALID",
    ),
    "long transaction id": (
        {"transactionId": "x" * 513}, {}, {}, f"{FIRST}.transaction_id", "FIELD_VALUE_TOO_LONG"
    ),
    "2001 items": (
        {"cartData": {"items": [{"merchantProductId": "P", "unitPrice": 1}] * 2001}}, {}, {},
        f"{FIRST}.cart_data.items", "TOO_MANY_ELEMENTS",
    ),
    "feed language in words": (
        {"cartData": {"merchantFeedLanguageCode": "german"}}, {}, {},
        f"{FIRST}.cart_data.merchant_feed_language_code", "INVALID_MERCHANT_FEED_LANGUAGE_CODE",
    ),
    "empty coupon": (
        {"cartData": {"couponCodes": ["SPRING", " "]}}, {}, {},
        f"{FIRST}.cart_data.coupon_codes[1]", "INVALID_COUPON_CODE",
    ),
    "variable with an address": (
        {"customVariables": [{"variable": "u1", "value": "jane@example.com"}]}, {}, {},
        f"{FIRST}.custom_variables[0].value", "CUSTOM_VARIABLE_VALUE_CONTAINS_PII",
    ),
    "client and app": (
        {"clientId": "1.2", "appInstanceId": "x"}, {}, {},
        f"{FIRST}.app_instance_id", "BOTH_CLIENT_ID_AND_APP_INSTANCE_ID_NOT_ALLOWED",
    ),
    "third party's data": (
        {"thirdPartyUserData": {"userIdentifiers": [{"emailAddress": DIGEST}]}}, {}, {},
        f"{FIRST}.third_party_user_data", "THIRD_PARTY_USER_DATA_NOT_ALLOWED",
    ),
    "coordinator's key": (
        {}, {"encryptionInfo": {"coordinatorKeyInfo": {"keyId": "k"}}}, {},
        "encryption_info.coordinator_key_info", "INVALID_ARGUMENT",
    ),
    "linked account of a user": (
        {}, {"destinations": [destination(linkedAccount=OTHER)]}, {},
        f"{HOME}.linked_account", "LINKED_ACCOUNT_ONLY_ALLOWED_WITH_DATA_PARTNER_LOGIN_ACCOUNT",
    ),
    "two partners": (
        {},
        {"destinations": [
            destination(loginAccount=PARTNER),
            destination(reference="b", loginAccount={**PARTNER, "accountId": "12"}),
        ]},
        {}, "destinations[1].login_account",
        "DIFFERENT_LOGIN_ACCOUNTS_NOT_ALLOWED_FOR_DATA_PARTNER",
    ),
    "action that is no number": (
        {}, {"destinations": [destination(productDestinationId="AW-1")]}, {},
        f"{HOME}.product_destination_id", "INVALID_CONVERSION_ACTION_ID",
    ),
    "unknown action": (
        {}, {}, {"google_actions": {}},
        f"{HOME}.product_destination_id", "INVALID_CONVERSION_ACTION_ID",
    ),
    "action for calls": (
        {}, {}, action(type="AD_CALL"),
        f"{HOME}.product_destination_id", "INVALID_CONVERSION_ACTION_TYPE",
    ),
    "action made an hour ago": (
        {}, {}, action(created_at=time.time() - 3600),
        f"{HOME}.product_destination_id", "CONVERSION_ACTION_TOO_RECENTLY_CREATED",
    ),
    "web event as store sale": (
        {"eventLocation": {"storeId": "0042"}}, {}, action(type="STORE_SALES"),
        f"{FIRST}.event_source", "EVENT_SOURCE_AND_DESTINATION_MISMATCH",
    ),
    "store event for a tag": (
        {"eventSource": "IN_STORE"}, {}, action(type="WEBPAGE"),
        f"{FIRST}.event_source", "EVENT_SOURCE_AND_DESTINATION_MISMATCH",
    ),
    "store sales not open": (
        {"eventSource": "IN_STORE", "eventLocation": {"storeId": "1"}}, {},
        {**action(type="STORE_SALES"), **account("ACCOUNT_INELIGIBLE_FOR_STORE_SALES")},
        HOME, "ACCOUNT_INELIGIBLE_FOR_STORE_SALES",
    ),
    "login account that may not": (
        {}, {"destinations": [destination(loginAccount=OTHER)]},
        account("OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH"),
        HOME, "OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH",
    ),
    "partner's operating account": (
        {}, {"destinations": [destination(loginAccount=PARTNER)]},
        account("UNSUPPORTED_OPERATING_ACCOUNT_FOR_DATA_PARTNER"),
        HOME, "UNSUPPORTED_OPERATING_ACCOUNT_FOR_DATA_PARTNER",
    ),
    "partner's linked account": (
        {}, {"destinations": [destination(loginAccount=PARTNER, linkedAccount=OTHER)]},
        account("UNSUPPORTED_LINKED_ACCOUNT_FOR_DATA_PARTNER"),
        HOME, "UNSUPPORTED_LINKED_ACCOUNT_FOR_DATA_PARTNER",
    ),
}  # fmt: skip
# Problems of an account that matter to every request, and those that matter to a part of an event.
ALWAYS = (
    "PERMISSION_DENIED",
    "TERMS_AND_CONDITIONS_NOT_SIGNED",
    "NOT_ALLOWLISTED",
    "EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED",
    "DESTINATION_ACCOUNT_TYPE_MISMATCH",
)
VARIABLES = {"customVariables": [{"variable": "u1", "value": "blue"}]}
PARTLY: dict[str, tuple[Event, str]] = {
    "DESTINATION_ACCOUNT_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS": ({}, "user_data"),
    "DESTINATION_ACCOUNT_DATA_POLICY_PROHIBITS_ENHANCED_CONVERSIONS": ({}, "user_data"),
    "DESTINATION_ACCOUNT_ENHANCED_CONVERSIONS_TERMS_NOT_SIGNED": ({}, "user_data"),
    "INVALID_AD_IDENTIFIER_FOR_ACCOUNT": ({}, "ad_identifiers"),
    "CUSTOM_VARIABLE_NOT_ENABLED": (VARIABLES, "custom_variables"),
    "CUSTOM_VARIABLE_NOT_FOUND": (VARIABLES, "custom_variables"),
    "INVALID_CUSTOM_VARIABLE_VALUE": (VARIABLES, "custom_variables"),
}
REFUSED |= {f"account: {problem}": ({}, {}, account(problem), HOME, problem) for problem in ALWAYS}
REFUSED |= {
    f"account: {problem}": (changes, {}, account(problem), f"{FIRST}.{part}", problem)
    for problem, (changes, part) in PARTLY.items()
}
