"""Customer information of one event (documents: customer-information-parameters)."""

from collections.abc import Iterator

from mock_platform.rules import catalogue as rule
from mock_platform.rules import hashing, plain_keys
from mock_platform.rules.fields import Event, is_integer
from mock_platform.rules.model import Finding

# Sent in clear, any text; the platform publishes no format the mock could check.
OTHER_KEYS = frozenset(
    {
        "external_id", "subscription_id", "madid", "anon_id", "page_id", "page_scoped_user_id",
        "ctwa_clid", "ig_account_id", "ig_sid", "whatsapp_business_account_id",
    }
)  # fmt: skip
INTEGER_KEYS = frozenset({"fb_login_id", "lead_id"})

# An event is refused when its usable members are a subset of one of these.
TOO_BROAD: tuple[frozenset[str], ...] = (
    frozenset({"ct", "country", "st", "zp", "ge", "client_user_agent"}),
    frozenset({"db", "client_user_agent"}),
    frozenset({"fn", "ge"}),
    frozenset({"ln", "ge"}),
)
_WEAK = frozenset().union(*TOO_BROAD)


def check_members(user_data: Event, *, now: float) -> Iterator[Finding]:
    """Format of every member; a member the platform does not know is only pointed out."""
    for key, value in user_data.items():
        if key in hashing.HASHED_KEYS:
            yield from hashing.check_hashed(key, value)
        elif key in plain_keys.CLEAR_KEYS:
            yield from plain_keys.check_clear(key, value, now=now)
        elif key in INTEGER_KEYS:
            yield from _integer(key, value)
        elif key not in OTHER_KEYS:
            yield Finding(rule=rule.UNKNOWN_USER_KEY, path=("user_data", key))


def _integer(key: str, value: object) -> Iterator[Finding]:
    if not is_integer(value) and not (
        isinstance(value, str) and value.isascii() and value.isdigit()
    ):
        message = f'"{key}" must be an integer'
        yield Finding(rule=rule.WRONG_TYPE, path=("user_data", key), message=message)


def check_strength(user_data: Event) -> Iterator[Finding]:
    """Whether the usable members can point at one person."""
    if any(_is_usable(key, value) for key, value in user_data.items() if key not in _WEAK):
        return  # most events end here: one member that is in no combination is enough
    usable = usable_keys(user_data)
    if any(usable <= combination for combination in TOO_BROAD):
        yield Finding(rule=rule.TOO_WEAK, path=("user_data",))


def usable_keys(user_data: Event) -> frozenset[str]:
    """The known members that hold at least one value the platform can use."""
    return frozenset(key for key, value in user_data.items() if _is_usable(key, value))


def _is_usable(key: str, value: object) -> bool:
    if key in hashing.HASHED_KEYS:
        return hashing.is_usable(value)
    if key in plain_keys.CLEAR_KEYS or key in OTHER_KEYS or key in INTEGER_KEYS:
        return any(entry not in (None, "") for entry in hashing.entries(value))
    return False
