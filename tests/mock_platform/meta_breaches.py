"""Every rule of Meta, broken."""

import hashlib
from typing import Any

from .breaches import Breach, Event, Sender
from .lint_cases import GOOGLE, JANE, META, hashed, sha256
from .lint_event_cases import BROKEN, KNOWN
from .meta_cases import (
    ADVISED,
    AGENT,
    COMPANIONS,
    DIGEST,
    DOCUMENTED,
    REJECTED,
    WEBSITE,
    ago,
)

MONEY = {"value": 12.5, "currency": "USD", "order_id": "order-1"}
FBP = "fb.1.1795418257000.123456789"


def event(**changes: Any) -> Event:
    """A website Purchase without findings; None removes a member."""
    made: Event = {
        "event_name": "Purchase",
        "event_time": ago(60),
        "event_id": "order-1",
        "action_source": "website",
        "event_source_url": "https://shop.example.com/confirmation",
        "user_data": {"em": [DIGEST], **AGENT},
        "custom_data": MONEY,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def one(changes: Event, *rules: str) -> Breach:
    """The sound event with `changes`, to a workspace that knows its order."""

    def send(sender: Sender) -> None:
        sender.workspace.know_orders(KNOWN)
        sender.workspace.know_shoppers(JANE)
        sender.settings(value_basis="merchandise")
        sender.meta(event(**changes))

    return Breach(send, rules)


def of_jane(user_data: Event, *rules: str) -> Breach:
    """An event with this customer information, to a workspace that knows Jane."""

    def send(sender: Sender) -> None:
        sender.workspace.know_shoppers(JANE)
        sender.meta(event(user_data={**AGENT, "fbp": FBP, **user_data}))

    return Breach(send, rules)


def with_settings(changes: Event, rule: str, **settings: object) -> Breach:
    def send(sender: Sender) -> None:
        sender.settings(**settings)
        sender.meta(event(**changes))

    return Breach(send, (rule,))


def after(first: Event, second: Event, *rules: str) -> Breach:
    """Two events, one request after the other."""

    def send(sender: Sender) -> None:
        sender.meta(event(**first))
        sender.meta(event(**second))

    return Breach(send, rules)


def browser_after_server(sender: Sender) -> None:
    sender.meta(event())
    sender.pixel(id="1234567890", ev="Purchase", eid="order-1")
    sender.meta(event())


def server_after_browser(sender: Sender) -> None:
    sender.pixel(id="1234567890", ev="Purchase", fbp=FBP)
    sender.meta(event(event_id=None, user_data={"em": DIGEST, "fbp": FBP, **AGENT}))


def taken_over(sender: Sender) -> None:
    """The server's event, which the browser's that came later replaced, is looked at last."""
    sender.meta(event())
    sender.pixel(id="1234567890", ev="Purchase", eid="order-1")


def poisoned(sender: Sender) -> None:
    sender.workspace.fault("platform_rejects", match={"order_id": "order-1"})
    sender.meta(event())


STORE = {"action_source": "physical_store", "event_time": ago(300), "event_id": None}
PLAIN = {**STORE, "custom_data": {"value": 1, "currency": "USD"}}
SEQUENCES: dict[str, Breach] = {
    "no object": Breach(lambda sender: sender.meta(7), ("meta.event.not_an_object",)),
    "sound beside a broken one": Breach(
        lambda sender: sender.meta(event(event_name=None), event()),
        ("meta.request.rejected_with_batch",),
    ),
    "poison": Breach(poisoned, ("mock.fault.platform_rejects",)),
    "no action_source, where that passes": with_settings(
        {"action_source": None}, "meta.action_source.absent", action_source_required=False
    ),
    "retry": after({}, {}, "meta.dedup.event_id"),
    "retry with a time of its own": after(
        {"event_time": ago(300)}, {}, "meta.dedup.event_id", "meta.event_time.changed"
    ),
    "retry after the browser took over": Breach(browser_after_server, ("meta.dedup.event_id",)),
    "visitor of a browser event": Breach(
        server_after_browser, ("meta.dedup.browser_identity", "meta.event_id.missing")
    ),
    "store sale twice": after(STORE, STORE, "meta.dedup.offline_order"),
    "store sale without order twice": after(PLAIN, PLAIN, "meta.dedup.offline_customer"),
    "pixel without id": Breach(
        lambda sender: sender.pixel(ev="Purchase", eid="1"), ("meta.pixel.id_missing",)
    ),
    "pixel without ev": Breach(
        lambda sender: sender.pixel(id="1", eid="1"), ("meta.pixel.ev_missing",)
    ),
}
LINT = {
    "untrimmed": of_jane(hashed({"em": f" {META['em']}"}), "meta.hash.not_normalised"),
    "twice": of_jane({"em": [sha256(sha256(META["em"]))]}, "meta.hash.twice"),
    "Google's form": of_jane(hashed({"em": GOOGLE["email_address"]}), "meta.hash.for_google"),
    "mixed up": of_jane(hashed({"em": META["ph"]}), "meta.hash.other_member"),
    "placeholder": of_jane(hashed({"em": "null"}), "meta.hash.of_placeholder"),
    "short digest": of_jane(
        {"em": [DIGEST, hashlib.sha256(b"x").hexdigest()[:63]]}, "meta.hash.format"
    ),
}
BREACHES: dict[str, Breach] = {
    **{name: one(case[0], case[2], *COMPANIONS.get(name, ())) for name, case in REJECTED.items()},
    **{
        f"documented: {name}": one({"user_data": {**AGENT, **case[0]}}, case[1])
        for name, case in DOCUMENTED.items()
    },
    **{f"website: {name}": one(case[0], case[1]) for name, case in WEBSITE.items()},
    **{f"advised: {name}": one(case[0], case[1]) for name, case in ADVISED.items()},
    **{f"lint: {name}": one(case[0], case[1]) for name, case in BROKEN.items()},
    **{f"digest: {name}": breach for name, breach in LINT.items()},
    **{f"sequence: {name}": breach for name, breach in SEQUENCES.items()},
}
# Named by the event that was there before, once another took its place.
OF_THE_EARLIER = (taken_over, "meta.dedup.browser_preferred")
