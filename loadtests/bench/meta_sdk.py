"""Meta's side: the `facebook_business` SDK doing its own part.

Its part is to take values somebody has parsed, checked and cleaned, to build its objects, to
normalise and hash, and to answer the request's parameters with every event as JSON text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from facebook_business.adobjects.serverside.action_source import ActionSource  # type: ignore[import-untyped]  # Meta ships no types
from facebook_business.adobjects.serverside.app_data import AppData  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.content import Content  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.custom_data import CustomData  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.delivery_category import DeliveryCategory  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.event import Event  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.event_request import EventRequest  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.extended_device_info import ExtendedDeviceInfo  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.gender import Gender  # type: ignore[import-untyped]  # as above
from facebook_business.adobjects.serverside.user_data import UserData  # type: ignore[import-untyped]  # as above

DATASET: Final = "1234567890"
REFUSALS: Final = (TypeError, ValueError)
"""What the SDK raises for a value it does not take; one such value loses the whole event."""

Texts = Mapping[str, Sequence[str]]
"""Meta's field names to text in clear."""

_LISTS: Final = {  # Meta's field -> UserData's argument
    "em": "emails",
    "ph": "phones",
    "fn": "first_names",
    "ln": "last_names",
    "ge": "genders",
    "db": "dates_of_birth",
    "ct": "cities",
    "st": "states",
    "zp": "zip_codes",
    "country": "country_codes",
    "external_id": "external_ids",
}
_OWN_PROPERTIES: Final = ("customer_segmentation", "store_data")
_NESTED: Final = frozenset({"user_data", "custom_data", "app_data"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One conversion as the SDK's classes take it: arguments that only need to be passed on."""

    event: dict[str, Any]
    user: dict[str, Any]
    custom: dict[str, Any]
    contents: tuple[dict[str, Any], ...]
    device: dict[str, str] | None


def purchase_of(event: Mapping[str, Any], texts: Texts) -> Purchase:
    """Answer the arguments that make the SDK build `event`, but from text in clear."""
    custom = dict(event.get("custom_data", {}))
    contents = custom.pop("contents", ())
    own = {name: custom.pop(name) for name in _OWN_PROPERTIES if name in custom}
    plain = {name: value for name, value in event["user_data"].items() if name not in _LISTS}
    return Purchase(
        event={name: value for name, value in event.items() if name not in _NESTED}
        | {"action_source": ActionSource(event["action_source"])},
        user=plain | {_LISTS[name]: _typed(name, values) for name, values in texts.items()},
        custom=custom | ({"custom_properties": own} if own else {}),
        contents=tuple(map(_content, contents)),
        device=_device(event),
    )


def sdk_event(purchase: Purchase) -> Any:
    """Build the SDK's objects for one event."""
    device = purchase.device
    return Event(
        user_data=UserData(**purchase.user),
        custom_data=CustomData(
            contents=[Content(**content) for content in purchase.contents], **purchase.custom
        ),
        app_data=AppData(extinfo=ExtendedDeviceInfo(**device)) if device else None,
        **purchase.event,
    )


def one_a_request(purchases: Sequence[Purchase]) -> None:
    """Make the parameters of one request for each event."""
    for purchase in purchases:
        EventRequest(pixel_id=DATASET, events=[sdk_event(purchase)]).get_params()


def all_in_one_request(purchases: Sequence[Purchase]) -> None:
    """Make the parameters of a single request with all events."""
    events = [sdk_event(purchase) for purchase in purchases]
    EventRequest(pixel_id=DATASET, events=events).get_params()


def _typed(name: str, values: Sequence[str]) -> list[Any]:
    return [Gender(value) for value in values] if name == "ge" else list(values)


def _content(content: Mapping[str, Any]) -> dict[str, Any]:
    typed = {"product_id" if name == "id" else name: value for name, value in content.items()}
    if "delivery_category" in typed:
        typed["delivery_category"] = DeliveryCategory(typed["delivery_category"])
    return typed


def _device(event: Mapping[str, Any]) -> dict[str, str] | None:
    if "app_data" not in event:
        return None
    slots = event["app_data"]["extinfo"]
    return {"ext_info_version": slots[0], "os_version": slots[4]}
