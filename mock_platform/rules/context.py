"""What one action_source asks for (documents: server-event, app-data, business-messaging)."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from mock_platform.rules import catalogue as rule
from mock_platform.rules.fields import Event
from mock_platform.rules.model import Finding, Rule

_EVENT_NAME_MAX = 50
_EXTINFO_LENGTH = 16
_EXTINFO_SYSTEMS = ("i2", "a2")
_EXTINFO_SYSTEM, _EXTINFO_VERSION = 0, 4

# Seen accepted for business_messaging; Lead and custom names were seen refused.
MESSAGING_EVENT_NAMES = frozenset(
    {"LeadSubmitted", "Purchase", "AddToCart", "InitiateCheckout", "ViewContent"}
)
# channel -> (one of these members of user_data must be there, the rule broken otherwise)
_MESSAGING_ACCOUNT: dict[str, tuple[tuple[str, ...], Rule]] = {
    "messenger": (("page_id",), rule.MESSAGING_PAGE_ID),
    "whatsapp": (("page_id", "whatsapp_business_account_id"), rule.MESSAGING_WABA_ID),
    "instagram": (("ig_account_id",), rule.MESSAGING_INSTAGRAM),
}


def check_context(event: Event) -> Iterator[Finding]:
    """Members that depend on the event's action_source, and its readiness for deduplication."""
    if len(event["event_name"]) > _EVENT_NAME_MAX:
        yield Finding(rule=rule.EVENT_NAME_LENGTH, path=("event_name",))
    check = _CHECKS.get(event.get("action_source") or "")
    if check is not None:
        yield from check(event)


def _website(event: Event) -> Iterator[Finding]:
    if not event["user_data"].get("client_user_agent"):
        yield Finding(rule=rule.USER_AGENT_MISSING, path=("user_data", "client_user_agent"))
    url = event.get("event_source_url")
    if not url:
        yield Finding(rule=rule.SOURCE_URL_MISSING, path=("event_source_url",))
    elif not _is_web_url(url):
        yield Finding(rule=rule.SOURCE_URL_FORMAT, path=("event_source_url",))
    if not event.get("event_id"):
        yield Finding(rule=rule.EVENT_ID_MISSING, path=("event_id",))


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _app(event: Event) -> Iterator[Finding]:
    extinfo = (event.get("app_data") or {}).get("extinfo")
    path = ("app_data", "extinfo")
    if extinfo is None:
        yield Finding(rule=rule.APP_DATA_MISSING, path=path)
    elif not _is_extinfo(extinfo):
        yield Finding(rule=rule.EXTINFO, path=path)


def _is_extinfo(extinfo: object) -> bool:
    return (
        isinstance(extinfo, list)
        and len(extinfo) == _EXTINFO_LENGTH
        and extinfo[_EXTINFO_SYSTEM] in _EXTINFO_SYSTEMS
        and bool(extinfo[_EXTINFO_VERSION])
    )


def _messaging(event: Event) -> Iterator[Finding]:
    if event["event_name"] not in MESSAGING_EVENT_NAMES:
        yield Finding(rule=rule.MESSAGING_EVENT_NAME, path=("event_name",))
    channel = event.get("messaging_channel")
    if not channel:
        message = 'Missing or empty "messaging_channel"'
        yield Finding(rule=rule.CHANNEL_MISSING, path=("messaging_channel",), message=message)
        return
    members, broken = _MESSAGING_ACCOUNT[channel]
    if not any(event["user_data"].get(member) for member in members):
        yield Finding(rule=broken, path=("user_data", members[0]))


_CHECKS: dict[str, Callable[[Event], Iterator[Finding]]] = {
    "website": _website,
    "app": _app,
    "business_messaging": _messaging,
}
