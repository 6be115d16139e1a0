"""How each platform interface is spoken to and understood: a new one is a new row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.google_ads_answer import classify_google_ads
from bridge.delivery.google_ads_request import google_ads_request
from bridge.delivery.google_answer import classify_google
from bridge.delivery.google_request import google_request
from bridge.delivery.google_status import GOOGLE_STATUS
from bridge.delivery.meta_answer import classify_meta
from bridge.delivery.meta_request import meta_request
from bridge.delivery.report import StatusProtocol
from bridge.delivery.request import Request
from bridge.delivery.retry import GOOGLE_ADS_MEMORY, GOOGLE_MEMORY, META_MEMORY, Memory
from bridge.delivery.verdict import Verdict
from bridge.events.event import Grouping
from bridge.operate.destinations import PlatformApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What a sender must know of an interface; the functions take its own destinations' settings.

    `request` takes events and a token. `memory` is how long a repeated event is recognised.
    `status`: how to ask what became of an accepted request; None where accepted is final.
    `requests_per_minute`: None where no quota is known.
    """

    request: Callable[[Any, Grouping, Sequence[bytes], str], Request]
    classify: Callable[[Answer | NoAnswer, int, datetime], Verdict]
    memory: Memory
    status: StatusProtocol | None = None
    requests_per_minute: Callable[[Any], int | None] = lambda _: None


PROTOCOLS: dict[PlatformApi, Protocol] = {
    PlatformApi.META_CAPI: Protocol(
        request=meta_request, classify=classify_meta, memory=META_MEMORY
    ),
    PlatformApi.GOOGLE_DATA_MANAGER: Protocol(
        request=google_request,
        classify=classify_google,
        memory=GOOGLE_MEMORY,
        status=GOOGLE_STATUS,
        requests_per_minute=lambda destination: destination.requests_per_minute,
    ),
    PlatformApi.GOOGLE_ADS: Protocol(
        request=google_ads_request, classify=classify_google_ads, memory=GOOGLE_ADS_MEMORY
    ),
}
