import re

import mock_platform.app  # noqa: F401 - every rule stands in the table once it is loaded
from mock_platform.meta.errors import ERRORS
from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.currencies import CURRENCIES
from mock_platform.rules.fixes import FIXES
from mock_platform.rules.google_reasons import ERROR_REASONS, PROCESSING_REASONS
from mock_platform.rules.model import Mode, Severity

DOCUMENTS = {
    "meta": "https://developers.facebook.com/docs/",
    "google": "https://developers.google.com/",
}
REASONS = {"invalid_parameter", *ERROR_REASONS, *PROCESSING_REASONS}


def is_answer(name: str, error: str) -> bool:
    """Whether the platform of the rule called `name` can answer with `error`."""
    if name.startswith("google.google_ads"):
        return error == "invalid_parameter" or bool(re.fullmatch(r"\w+Error\.[A-Z_]+", error))
    return error in (REASONS if name.startswith("google.") else ERRORS)


def test_every_rule_has_a_stable_id_a_document_and_an_answer() -> None:
    for name, rule in all_rules().items():
        assert name == rule.id
        assert re.fullmatch(r"(meta|google|mock)\.[a-z_]+\.[a-z_0-9.]+", name)
        assert rule.doc.startswith(DOCUMENTS.get(name.partition(".")[0], ""))
        assert is_answer(name, rule.error)
        assert rule.explanation


def test_every_rule_says_what_to_do_about_it() -> None:
    assert {name for name, rule in all_rules().items() if not rule.fix} == set()


def test_nothing_is_said_of_rules_there_are_not() -> None:
    assert FIXES.keys() == all_rules().keys()


def test_strict_is_never_milder_than_faithful() -> None:
    order = [Severity.ADVICE, Severity.WARNING, Severity.ERROR]
    for rule in all_rules().values():
        faithful = order.index(rule.severity_in(Mode.FAITHFUL))
        assert order.index(rule.severity_in(Mode.STRICT)) >= faithful


def test_every_subcode_of_an_event_is_answered_with_400_and_code_100() -> None:
    for error in ERRORS.values():
        if error.subcode is not None and 2_804_000 <= error.subcode < 2_805_000:
            assert (error.status, error.code, error.is_transient) == (400, 100, False)


def test_currencies_are_three_capital_letters() -> None:
    assert all(re.fullmatch(r"[A-Z]{3}", code) for code in CURRENCIES)
    assert {"USD", "EUR", "JPY", "KWD", "INR", "BRL", "PLN", "GBP"} <= CURRENCIES
