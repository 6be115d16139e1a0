"""The platform x field table of what is sent as it came, and so rests sealed.

Together with `rules` it names every field that a destination's `allowed_fields` may list.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bridge.identity.rules import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearRule:
    """One field that a platform takes as it came, and the members of `Remainder` and `Click` in it.

    `field` None: not the shopper's, so no allow-list names it. `stored`: it was read from the
    shopper's device for advertising, which takes consent to storage.
    """

    field: str | None
    members: tuple[str, ...]
    reference: str
    stored: bool = False


_META: Final = "Meta: Customer information parameters"
_GOOGLE: Final = "Google: Data Manager API, AdIdentifiers"

CLEAR_RULES: Final[dict[Platform, tuple[ClearRule, ...]]] = {
    Platform.META: (
        ClearRule(field="client_ip_address", members=("ip",), reference=_META),
        ClearRule(field="client_user_agent", members=("user_agent",), reference=_META),
        ClearRule(
            field="fbc",
            members=("fbc", "fbclid", "ctwa_clid"),
            reference=_META,
            stored=True,
        ),
        ClearRule(field="fbp", members=("fbp",), reference=_META, stored=True),
        ClearRule(field="lead_id", members=("lead_id",), reference=_META),
        ClearRule(field="madid", members=("madid",), reference=_META, stored=True),
        ClearRule(
            field=None,
            members=("page_url",),
            reference="Meta: Server event parameters, event_source_url",
        ),
    ),
    Platform.GOOGLE: (
        ClearRule(field="ip", members=("ip",), reference=_GOOGLE),
        ClearRule(field="user_agent", members=("user_agent",), reference=_GOOGLE),
        ClearRule(
            field="click_id",
            members=("gclid", "wbraid", "gbraid"),
            reference=_GOOGLE,
            stored=True,
        ),
        ClearRule(
            field="session_attributes",
            members=("session_attributes",),
            reference=_GOOGLE,
            stored=True,
        ),
    ),
}


@lru_cache(maxsize=256)
def clear_members(
    platform: Platform, fields: frozenset[str] | None, *, storage: bool
) -> frozenset[str]:
    """Answer what a platform may be sent as it came, as members of `Remainder` and `Click`.

    `fields` is the allow-list, None for all; `storage` whether the shopper agreed to ad_storage.
    """
    return frozenset(
        member
        for rule in CLEAR_RULES[platform]
        if (storage or not rule.stored)
        and (fields is None or rule.field is None or rule.field in fields)
        for member in rule.members
    )
