"""Every rule of the Data Manager API, broken: as events are taken, and in processing."""

from typing import Any

from mock_platform.rules.google_reasons import PROCESSING_REASONS

from ..breaches import INGEST, Breach, Event, Sender  # noqa: TID252 - tests are no package
from ..lint_cases import GOOGLE, JANE, META, sha256  # noqa: TID252
from .conftest import destination, event, merged
from .exact_rules import FORGIVEN_RULES, REFUSED_RULES
from .forgiven_cases import OPTIONAL
from .refused_cases import REFUSED, people
from .test_google_lint import BROKEN
from .test_processing import REJECTED

VARIABLES = {"google_custom_variables": {"u1": ["red", "blue"]}}


def ingest(sender: Sender, *events: Event, **changes: Any) -> None:
    body = {"destinations": [destination()], "encoding": "HEX", "events": list(events)}
    sender.post(INGEST, merged(body, changes))


def one(changes: Event, request: Event, settings: Event, rule: str) -> Breach:
    def send(sender: Sender) -> None:
        sender.settings(**settings)
        ingest(sender, event(**changes), **request)

    return Breach(send, (f"google.data_manager.{rule}",))


def known(changes: Event, *rules: str) -> Breach:
    """One event, to a workspace that knows Jane and her order."""

    def send(sender: Sender) -> None:
        sender.workspace.know_shoppers(JANE)
        sender.workspace.know_orders({"order_no": "order-1", "totals": {"gross": 59.9, "net": 50}})
        sender.settings(value_basis="gross")
        ingest(sender, event(**changes))

    return Breach(send, tuple(f"google.data_manager.{rule}" for rule in rules))


def processed(changes: Event, settings: Event, reason: str) -> Breach:
    def send(sender: Sender) -> None:
        sender.settings(processing_delay_seconds=0, **settings)
        ingest(sender, event(**changes))

    return Breach(send, (f"google.processing.{reason.lower()}",))


def by_fault(reason: str) -> Breach:
    def send(sender: Sender) -> None:
        sender.settings(processing_delay_seconds=0)
        sender.workspace.fault("processing_error", reason=reason)
        ingest(sender, event())

    return Breach(send, (f"google.processing.{reason.lower()}",))


def repeated(sender: Sender) -> None:
    sender.settings(processing_delay_seconds=0)
    ingest(sender, event(), event())


LINT = {
    "untrimmed": (sha256(f" {JANE['email']}"), "hash.not_normalised"),
    "twice": (sha256(sha256(GOOGLE["email_address"])), "hash.twice"),
    "Meta's form": (sha256(META["em"]), "hash.for_meta"),
    "mixed up": (sha256(GOOGLE["phone_number"]), "hash.other_member"),
    "placeholder": (sha256("null"), "hash.of_placeholder"),
}
OTHERS: dict[str, Breach] = {
    "sound beside a broken one": Breach(
        lambda sender: ingest(sender, event(currency="EURO"), event()),
        ("google.data_manager.rejected_with_batch",),
    ),
    "no action": one(
        {}, {"destinations": [destination(productDestinationId=None)]}, {}, "action_missing"
    ),
    "no transaction id": one({"transactionId": None}, {}, {}, "transaction_absent"),
    "transaction id of before": Breach(repeated, ("google.data_manager.adjusts",)),
}
# A request without events leaves none to look at: `test_violations` sees this one answered.
WITHOUT_EVENTS = {"no event": "google.data_manager.no_events"}
BREACHES: dict[str, Breach] = {
    **{
        f"refused: {name}": one(*case[:3], REFUSED_RULES[name])
        for name, case in REFUSED.items()
        if name not in WITHOUT_EVENTS
    },
    **{
        f"forgiven: {name}": one(case[0], {}, VARIABLES, FORGIVEN_RULES[name])
        for name, case in OPTIONAL.items()
    },
    **{
        f"digest: {name}": known(people({"emailAddress": digest}), rule)
        for name, (digest, rule) in LINT.items()
    },
    **{f"lint: {name}": known(case[0], case[1]) for name, case in BROKEN.items()},
    **{f"processed: {name}": processed(*case) for name, case in REJECTED.items()},
    **{f"fault: {name}": by_fault(name) for name in PROCESSING_REASONS if name != "UNSPECIFIED"},
    **OTHERS,
}
