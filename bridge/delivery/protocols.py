"""How each platform interface is spoken to and understood: a new one is a new row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.meta_answer import classify_meta
from bridge.delivery.meta_request import meta_request
from bridge.delivery.request import Request
from bridge.delivery.verdict import Verdict
from bridge.events.event import Grouping
from bridge.operate.destinations import PlatformApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """`request` takes the settings of its own interface's destinations, events and a token."""

    request: Callable[[Any, Grouping, Sequence[bytes], str], Request]
    classify: Callable[[Answer | NoAnswer, int, datetime], Verdict]


PROTOCOLS: dict[PlatformApi, Protocol] = {
    PlatformApi.META_CAPI: Protocol(request=meta_request, classify=classify_meta),
}
