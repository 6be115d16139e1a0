"""Every rule is broken by a case that breaks it alone, and by one that names it at run time.

The cases that break none stand beside the tables: `ACCEPTED` in `meta_cases`, and the sound event
or row that each case changes.
"""

import pytest
import requests

import mock_platform.app  # noqa: F401 - every rule stands in the table once it is loaded
from mock_platform.client import MockWorkspace
from mock_platform.rules.catalogue import all_rules

from .breaches import Breach, Sender
from .google.conftest import event as google_event
from .google.data_manager_breaches import BREACHES as DATA_MANAGER
from .google.data_manager_breaches import WITHOUT_EVENTS, ingest
from .google.google_ads_breaches import BREACHES as GOOGLE_ADS
from .google.google_ads_breaches import OF_CALLS, conversion, convert
from .meta_breaches import BREACHES as META
from .meta_breaches import OF_THE_EARLIER, event


@pytest.fixture
def sender(workspace: MockWorkspace, connection: requests.Session) -> Sender:
    return Sender(workspace, connection)


def rules_of(*prefixes: str) -> set[str]:
    return {name for name in all_rules() if name.startswith(prefixes)}


def observe(sender: Sender, breaches: dict[str, Breach]) -> set[str]:
    """Every rule named, once each case was seen to break its own and no other."""
    observed = {name: sender.observed(breach) for name, breach in breaches.items()}
    wanted = {name: tuple(sorted(breach.rules)) for name, breach in breaches.items()}
    assert {n: seen for n, seen in observed.items() if seen != wanted[n]} == {}
    return {rule for seen in observed.values() for rule in seen}


def test_every_rule_of_meta_is_broken_alone(sender: Sender) -> None:
    named = observe(sender, META)
    take_over, rule = OF_THE_EARLIER
    sender.workspace.reset()
    take_over(sender)
    assert [each["dedup_rule"] for each in sender.workspace.events()] == [rule, None]
    assert {*named, rule} == rules_of("meta.", "mock.")


def test_every_rule_of_the_data_manager_is_broken_alone(sender: Sender) -> None:
    named = observe(sender, DATA_MANAGER)
    assert {*named, *WITHOUT_EVENTS.values()} == rules_of(
        "google.data_manager", "google.processing"
    )


def test_every_rule_of_google_ads_is_broken_alone(sender: Sender) -> None:
    named = observe(sender, GOOGLE_ADS)
    for rule, send in OF_CALLS.items():
        sender.workspace.reset()
        assert rule.rpartition(".")[2].upper() in send(sender)
        assert sender.workspace.events() == []
    assert {*named, *OF_CALLS} == rules_of("google.google_ads")


def test_what_the_cases_change_breaks_nothing(sender: Sender) -> None:
    sender.meta(event())
    ingest(sender, google_event())
    convert(sender, conversion(orderId="order-2", gclid=None))
    assert [each["findings"] for each in sender.workspace.events()] == [[], [], []]
