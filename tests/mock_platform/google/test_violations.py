"""Every reason for which the Data Manager refuses a request that a request can trigger."""

import pytest

from mock_platform.client import MockWorkspace
from mock_platform.rules.google_reasons import ERROR_REASONS

from .conftest import Ingest, event, violations
from .forgiven_cases import OPTIONAL
from .refused_cases import FIRST, HOME, REFUSED, Case, people


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_violation_is_refused_with_its_place_and_reason(
    workspace: MockWorkspace, ingest: Ingest, case: Case
) -> None:
    changes, request_changes, settings, field, reason = case
    workspace.settings(**settings)
    answer = ingest(event(**changes), **request_changes)
    assert answer.status_code == 400, answer.text
    assert (field, reason) in violations(answer)
    assert {each["verdict"] for each in workspace.events()} <= {"rejected"}


@pytest.mark.parametrize(("changes", "field", "reason", "warning"), OPTIONAL.values(), ids=OPTIONAL)
def test_a_lapse_the_platform_forgives_is_pointed_out_and_refused_in_strict_mode(
    workspace: MockWorkspace,
    ingest: Ingest,
    changes: dict[str, object],
    field: str,
    reason: str,
    warning: str | None,
) -> None:
    workspace.settings(google_custom_variables={"u1": ["red", "blue"]})
    faithful = ingest(event(**changes))
    assert faithful.status_code == 200, faithful.text
    warned = {(w["field"], w["reason"]) for w in faithful.json().get("fieldWarnings", ())}
    assert warning is None or (f"{FIRST}.{field}", f"WARNING_REASON_{warning}") in warned
    (shown,) = workspace.events()
    found = {finding["path"]: finding["severity"] for finding in shown["findings"]}
    assert found[field] == "warning"
    workspace.settings(mode="strict")
    assert (f"{FIRST}.{field}", reason) in violations(ingest(event(**changes)))


def test_a_sound_event_is_taken_in_strict_mode(workspace: MockWorkspace, ingest: Ingest) -> None:
    workspace.settings(mode="strict")
    assert ingest(event()).status_code == 200


# These need an outage, audiences, or a limit nobody has published: a fault can ask for them.
BY_FAULT_ONLY = frozenset(
    """
    INTERNAL_ERROR DEADLINE_EXCEEDED RESOURCE_EXHAUSTED NOT_FOUND FIELD_VALUE_TOO_SHORT
    MULTIPLE_DATA_TYPES_NOT_ALLOWED
    """.split()
)
OF_STATUS = frozenset({"INVALID_REQUEST_ID", "REQUEST_TOO_OLD"})


def test_every_reason_a_request_can_trigger_is_in_the_tables() -> None:
    triggered = {case[4] for case in REFUSED.values()} | {case[2] for case in OPTIONAL.values()}
    assert triggered | OF_STATUS | BY_FAULT_ONLY == ERROR_REASONS
    assert not triggered & BY_FAULT_ONLY


def test_an_account_problem_holds_for_every_account_when_it_is_set_for_all(
    workspace: MockWorkspace, ingest: Ingest
) -> None:
    workspace.settings(google_accounts={"*": ["NOT_ALLOWLISTED"]})
    assert violations(ingest(event())) == [(HOME, "NOT_ALLOWLISTED")]


def test_encrypted_identifiers_are_not_taken_for_digests(ingest: Ingest) -> None:
    key = {
        "keyType": "XCHACHA20_POLY1305",
        "wipProvider": "projects/1/locations/global/workloadIdentityPools/p/providers/q",
        "kekUri": "gcp-kms://projects/1/locations/global/keyRings/r/cryptoKeys/k",
        "encryptedDek": "AAAA",
    }
    sealed = event(**people({"emailAddress": "ab" * 50}))
    assert ingest(sealed, encryptionInfo={"gcpWrappedKeyInfo": key}).status_code == 200
    assert ingest(sealed).status_code == 400
