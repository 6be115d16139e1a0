"""Validated JSON to an Order: absent, null and empty become the same None."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import convert

from bridge.identity.normalise.place import country_code
from bridge.operate.destinations import Site
from bridge.order.limited_data_use import state_code
from bridge.order.model import (
    Address,
    Browser,
    Channel,
    Consent,
    ConsentState,
    Customer,
    DataProcessing,
    Facts,
    Fulfilment,
    Instance,
    Kind,
    Line,
    Order,
    OrderKey,
    Person,
    Plain,
    Totals,
    Touch,
)
from bridge.order.money import amount_of

Members = Mapping[str, Any]

NOTHING: Members = {}
_NO_ADDRESS: Final = Address()
_NO_BROWSER: Final = Browser()

# Looked up and not called for, which takes ten times as long.
_KINDS: Final[Mapping[str, Kind]] = {one.value: one for one in Kind}
_INSTANCES: Final[Mapping[str, Instance]] = {one.value: one for one in Instance}
_CHANNELS: Final[Mapping[str, Channel]] = {one.value: one for one in Channel}
_CONSENT_STATES: Final[Mapping[str | None, ConsentState]] = {
    **dict.fromkeys((None, ""), ConsentState.UNKNOWN),
    **{one.value: one for one in ConsentState},
}
_FULFILMENTS: Final[Mapping[str | None, Fulfilment | None]] = {
    **dict.fromkeys((None, "")),
    **{one.value: one for one in Fulfilment},
}


def parse(raw: Members, site: Site) -> Order:
    """Turn an order that keeps the contract into facts and person."""
    person = _person(raw)
    return Order(facts=_facts(raw, person, _region(person, site), site), person=person)


def key_of(raw: Members) -> OrderKey:
    """Answer what identifies the order."""
    return OrderKey(
        site_id=raw["site_id"],
        kind=_KINDS[raw["kind"]],
        order_no=raw.get("order_no") or "",
        reference=raw.get("reference") or "",
    )


def _facts(raw: Members, person: Person, region: str | None, site: Site) -> Facts:
    key = key_of(raw)
    store = raw.get("store") or NOTHING
    return Facts(
        key=key,
        event_id=raw.get("event_id") or event_id_of(key, site),
        instance=_INSTANCES[raw["instance"]],
        channel=_CHANNELS[raw["channel"]],
        placed_at=instant(raw["placed_at"]),
        region=region,
        currency=raw.get("currency") or None,
        new_customer=raw.get("new_customer"),
        totals=convert(raw.get("totals") or NOTHING, Totals),
        lines=tuple(map(_line, raw.get("lines") or ())),
        coupons=tuple(filter(None, raw.get("coupons") or ())),
        store_id=store.get("store_id") or None,
        consent=_consent(raw.get("consent") or NOTHING),
        data_processing=_data_processing(raw.get("privacy") or NOTHING, person, region),
        test_event_code=raw.get("test_event_code") or None,
        custom=dict(raw.get("custom") or NOTHING),
        replaces_order_no=_replaced(raw, key),
    )


def _replaced(raw: Members, key: OrderKey) -> str | None:
    """Answer the order that this one was edited from; no order replaces itself."""
    number = raw.get("replaces_order_no") or None
    return number if key.kind is Kind.ORDER and number != key.order_no else None


def event_id_of(key: OrderKey, site: Site) -> str:
    """Fill the site's template; what is not an order goes by its own reference, not its order's."""
    return site.event_id.format(
        order_no=key.order_no if key.kind is Kind.ORDER else key.reference,
        site_id=key.site_id,
        kind=key.kind,
        reference=key.reference,
    )


def instant(text: str) -> datetime:
    """Read an RFC 3339 date-time into UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _line(raw: Members) -> Line:
    return Line(
        product_id=raw.get("product_id") or None,
        sku=raw.get("sku") or None,
        group_id=raw.get("group_id") or None,
        gtin=raw.get("gtin") or None,
        name=raw.get("name") or None,
        brand=raw.get("brand") or None,
        category=raw.get("category") or None,
        quantity=amount_of(raw.get("quantity")) or Decimal(1),
        gross=amount_of(raw.get("gross")),
        net=amount_of(raw.get("net")),
        fulfilment=_FULFILMENTS[raw.get("fulfilment")],
        store_id=raw.get("store_id") or None,
    )


def _consent(raw: Members) -> Consent:
    return Consent(
        ad_storage=_CONSENT_STATES[raw.get("ad_storage")],
        ad_user_data=_CONSENT_STATES[raw.get("ad_user_data")],
        ad_personalization=_CONSENT_STATES[raw.get("ad_personalization")],
    )


def _data_processing(raw: Members, person: Person, region: str | None) -> DataProcessing:
    options = raw.get("options")
    return DataProcessing(
        options=None if options is None else tuple(options),
        country=_whole(raw.get("country")),
        state=_whole(raw.get("state")),
        address=state_code(person, region),
    )


def _whole(number: float | None) -> int | None:
    """Take 1.0 for 1, as JSON Schema does."""
    return None if number is None else int(number)


def _person(raw: Members) -> Person:
    return Person(
        customer=_customer(raw.get("customer") or NOTHING),
        billing=_address(raw.get("billing_address") or NOTHING),
        shipping=_address(raw.get("shipping_address") or NOTHING),
        browser=_browser(raw.get("browser") or NOTHING),
        touches=tuple(map(_touch, raw.get("touches") or ())),
        hashed={
            platform: _digests(fields)
            for platform, fields in (raw.get("hashed") or NOTHING).items()
            if isinstance(fields, dict)
        },
    )


def _digests(fields: Members) -> dict[str, tuple[str, ...]]:
    """Keep lists of text; platforms and fields the contract does not know may hold anything."""
    return {
        name: tuple(digest for digest in digests if isinstance(digest, str) and digest)
        for name, digests in fields.items()
        if isinstance(digests, list)
    }


def _plain(raw: Members, member: str) -> Plain | None:
    text = raw.get(member)
    return Plain(text) if text and not text.isspace() else None


def _customer(raw: Members) -> Customer:
    return Customer(
        customer_no=_plain(raw, "customer_no"),
        external_ids=tuple(map(Plain, filter(None, raw.get("external_ids") or ()))),
        email=_plain(raw, "email"),
        phone=_plain(raw, "phone"),
        first_name=_plain(raw, "first_name"),
        last_name=_plain(raw, "last_name"),
        name=_plain(raw, "name"),
        birth_date=_plain(raw, "birth_date"),
        gender=_plain(raw, "gender"),
        lead_id=_plain(raw, "lead_id"),
        madid=_plain(raw, "madid"),
    )


def _address(raw: Members) -> Address:
    if not raw:
        return _NO_ADDRESS
    return Address(
        first_name=_plain(raw, "first_name"),
        last_name=_plain(raw, "last_name"),
        phone=_plain(raw, "phone"),
        city=_plain(raw, "city"),
        state=_plain(raw, "state"),
        postal_code=_plain(raw, "postal_code"),
        country=_plain(raw, "country"),
    )


def _browser(raw: Members) -> Browser:
    if not raw:
        return _NO_BROWSER
    return Browser(
        ip=_plain(raw, "ip"),
        user_agent=_plain(raw, "user_agent"),
        page_url=_plain(raw, "page_url"),
        fbc=_plain(raw, "fbc"),
        fbp=_plain(raw, "fbp"),
        session_attributes=_plain(raw, "session_attributes"),
    )


def _touch(raw: Members) -> Touch:
    at = raw.get("at")
    return Touch(
        at=instant(at) if at else None,
        fbclid=_plain(raw, "fbclid"),
        gclid=_plain(raw, "gclid"),
        gbraid=_plain(raw, "gbraid"),
        wbraid=_plain(raw, "wbraid"),
        ctwa_clid=_plain(raw, "ctwa_clid"),
    )


def _region(person: Person, site: Site) -> str | None:
    """Answer billing's country, else shipping's, else the site's own.

    A country nobody can read is not the site's: the region is unknown, and consent is judged so.
    """
    given = [one.country.text for one in (person.billing, person.shipping) if one.country]
    code = next(filter(None, map(country_code, given)), None)
    if code:
        return code.upper()
    return None if given else site.default_country
