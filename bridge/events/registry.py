"""Which platform interface is built by what, and its limits: a new platform is a new row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.events import google_ads, google_data_manager, meta_capi
from bridge.events.event import Built, Grouping, Pseudonym
from bridge.identity.rules import Platform
from bridge.operate.destinations import PlatformApi
from bridge.order.model import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class EventApi:
    """How one platform interface wants its events. `identity` names whose hashes it takes.

    The functions take the settings of their own interface's destinations.
    """

    identity: Platform
    build: Callable[[Pseudonym, Any], Built]
    grouping: Callable[[Facts, Any], Grouping]


EVENT_APIS: dict[PlatformApi, EventApi] = {
    PlatformApi.META_CAPI: EventApi(
        identity=Platform.META, build=meta_capi.build, grouping=meta_capi.grouping
    ),
    PlatformApi.GOOGLE_DATA_MANAGER: EventApi(
        identity=Platform.GOOGLE,
        build=google_data_manager.build,
        grouping=google_data_manager.grouping,
    ),
    PlatformApi.GOOGLE_ADS: EventApi(
        identity=Platform.GOOGLE, build=google_ads.build, grouping=google_ads.grouping
    ),
}
