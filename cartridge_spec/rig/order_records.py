"""Orders under the contract become records of SFCC orders, as the platform holds them.

The reverse of what the cartridge does, written apart from it: a test that compares both ends has
two readings of the same meaning.
"""

import json
from typing import Any

Json = dict[str, Any]

# SFCC's numbers for channel types; WhatsApp has none in the typings, so it goes by its name alone.
CHANNEL_TYPES = {
    "storefront": 1,
    "app": 1,
    "call_center": 2,
    "marketplace": 3,
    "dss": 4,
    "store": 5,
    "social": 8,
    "subscription": 9,
    "other": 10,
    "customer_service_center": 11,
    "whatsapp": "WhatsApp",
}
WITH_SHOPPERS_REQUEST = frozenset({"storefront", "app", "whatsapp", "social"})
_BY_AGENTS = frozenset({"call_center", "customer_service_center"})
_ORDER_STATUS = {"new": 3, "open": 4, "completed": 5, "cancelled": 6}
_PAYMENT_STATUS = {"not_paid": 0, "part_paid": 1, "paid": 2}
_SHARE_OF_OPTION = 0.25
_SHARE_OF_PART = 0.5
_WHOLE_ORDER_DISCOUNT = 0.2


def capture_of(order: Json) -> Json:
    """What the storefront knows of the shopper when `order` is placed: see snapshot.js."""
    customer = order.get("customer") or {}
    kept = {member: order.get(member) for member in ("browser", "touches", "consent")}
    kept["external_ids"] = customer.get("external_ids")
    kept["channel"] = order["channel"] if order["channel"] == "app" else None
    return kept


def record_of(order: Json) -> Json:
    """The SFCC order behind a contract document with both gross and net amounts.

    Every third line has an option that holds a quarter of its price, every second one is a bundle
    of two parts that each name half of it. A line for nothing is a bonus product, one without a
    product id a gift certificate that was bought. Where the document has a discount, it is one on
    the whole order, so that only prorated prices show it. An order without the shopper's own
    request carries its snapshot already, as an import does.
    """
    channel, customer = order["channel"], order.get("customer") or {}
    by_import = channel not in WITH_SHOPPERS_REQUEST
    return {
        "plain": _plain(order, customer),
        "enums": _enums(order, channel),
        "creationDate": order["placed_at"],
        "currencyCode": order["currency"],
        "billingAddress": _address(order.get("billing_address")),
        "customer": _customer(customer, order.get("new_customer")),
        "shipments": _shipments(order),
        "productLineItems": [
            _line(order, number) for number, line in enumerate(order["lines"]) if _is_product(line)
        ],
        "totals": _totals(order["totals"]),
        "coupons": order.get("coupons") or [],
        "giftCertificates": [
            {"grossPrice": line["gross"], "netPrice": line["net"]}
            for line in order["lines"]
            if not _is_product(line)
        ],
        "giftCertificatePayments": [order["totals"].get("gift_certificate") or 0],
        "refunded": 0,
        "custom": {"cbSnapshot": json.dumps(capture_of(order))} if by_import else {},
    }


def _plain(order: Json, customer: Json) -> Json:
    channel = order["channel"]
    return {
        "orderNo": order["order_no"],
        "customerNo": customer.get("customer_no"),
        "customerEmail": customer.get("email"),
        "customerName": customer.get("name"),
        "customerLocaleID": order.get("locale"),
        "createdBy": "agent7" if channel in _BY_AGENTS else "Customer",
        "imported": channel not in WITH_SHOPPERS_REQUEST | _BY_AGENTS,
        "originalOrderNo": order["order_no"],
        "replacedOrderNo": order.get("replaces_order_no"),
    }


def _enums(order: Json, channel: str) -> Json:
    status = order.get("status") or {}
    return {
        "status": _ORDER_STATUS.get(str(status.get("order")), 3),
        "confirmationStatus": 2,
        "paymentStatus": _PAYMENT_STATUS.get(str(status.get("payment")), 2),
        "channelType": CHANNEL_TYPES[channel],
    }


def _address(address: Json | None) -> Json | None:
    if not address:
        return None
    return {
        "firstName": address.get("first_name"),
        "lastName": address.get("last_name"),
        "phone": address.get("phone"),
        "city": address.get("city"),
        "stateCode": address.get("state"),
        "postalCode": address.get("postal_code"),
        "countryCode": address.get("country"),
        "address1": "1 Example Street",
    }


def _customer(customer: Json, is_new: bool | None) -> Json | None:  # noqa: FBT001 -- a value, no switch
    if customer.get("registered") is None:
        return None
    profile = {
        "firstName": customer.get("first_name"),
        "lastName": customer.get("last_name"),
        "phoneMobile": customer.get("phone"),
        "birthday": customer.get("birth_date"),
        "female": str(customer.get("gender")).startswith("f"),
        "male": str(customer.get("gender")).startswith("m"),
    }
    return {
        "registered": customer["registered"],
        "profile": profile if customer["registered"] else None,
        "earlierOrders": [] if is_new else [{"status": 5, "creationDate": "2020-02-02T02:02:02Z"}],
    }


def _shipments(order: Json) -> list[Json]:
    names = list(dict.fromkeys(line.get("shipment") or "s1" for line in order["lines"]))
    return [_shipment(order, name) for name in names]


def _shipment(order: Json, name: str) -> Json:
    lines = [line for line in order["lines"] if (line.get("shipment") or "s1") == name]
    store = next((line["store_id"] for line in lines if line.get("store_id")), None)
    shipped = any(line.get("fulfilment") == "home_delivery" for line in lines)
    picked_up = {"shipmentType": "instore", "fromStoreId": store} if store else {}
    address = _address(order.get("shipping_address")) if shipped else None
    return {"ID": name, "shippingAddress": address, "custom": picked_up}


def _is_product(line: Json) -> bool:
    return bool(line.get("product_id"))


def _line(order: Json, number: int) -> Json:
    line = order["lines"][number]
    names = [shipment["ID"] for shipment in _shipments(order)]
    has_option = number % 3 == 0
    share = 1 - _SHARE_OF_OPTION if has_option else 1
    made: Json = {
        "productID": line.get("product_id"),
        "productName": line.get("name"),
        "quantityValue": line.get("quantity") or 1,
        "categoryID": line.get("category"),
        "shipment": names.index(line.get("shipment") or "s1"),
        "product": {
            "manufacturerSKU": line.get("sku"),
            "EAN": line.get("gtin"),
            "brand": line.get("brand"),
            "variant": bool(line.get("group_id")),
            "masterProduct": {"ID": line.get("group_id")},
        },
    }
    made["prices"] = _prices(order, line, share)
    made["bonusProductLineItem"] = line["gross"] == 0
    if number % 2 == 1:
        part = {"quantityValue": 1, "prices": _prices(order, line, _SHARE_OF_PART)}
        made["parts"] = [part | {"productID": f"part-{name}"} for name in ("1", "2")]
    if has_option:
        rest = {name: line[name] - made["prices"][f"paid_{name}"] for name in ("gross", "net")}
        made["options"] = [{"productID": "option", "prices": _prices(order, rest, 1)}]
    return made


def _prices(order: Json, line: Json, share: float) -> Json:
    """Prices of a line or option; `paid_gross` and `paid_net` are for the rest of this module."""
    digits = 3  # as many as any currency has
    gross, net = round(line["gross"] * share, digits), round(line["net"] * share, digits)
    discounted = (order["totals"].get("discount") or 0) > 0
    before = 1 / (1 - _WHOLE_ORDER_DISCOUNT) if discounted else 1
    return {
        "adjustedGrossPrice": gross * before,
        "adjustedNetPrice": net * before,
        "proratedPrice": net if order.get("taxation") == "net" else gross,
        "paid_gross": gross,
        "paid_net": net,
    }


def _totals(totals: Json) -> Json:
    merchandise, discount = totals.get("merchandise"), totals.get("discount") or 0
    return {
        "totalGrossPrice": totals["gross"],
        "totalNetPrice": totals.get("net"),
        "totalTax": totals.get("tax"),
        "shippingTotalGrossPrice": totals.get("shipping"),
        "adjustedShippingTotalGrossPrice": totals.get("shipping"),
        "merchandizeTotalGrossPrice": None if merchandise is None else merchandise + discount,
        "adjustedMerchandizeTotalGrossPrice": merchandise,
    }
