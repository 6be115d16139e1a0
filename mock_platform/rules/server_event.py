"""All rules on one server event, in the order the platform was seen to report them."""

from collections.abc import Iterator

from mock_platform.rules.context import check_context
from mock_platform.rules.custom_data import check_custom_data
from mock_platform.rules.fields import Event, check_schema
from mock_platform.rules.known import NOTHING_KNOWN, Known
from mock_platform.rules.limited_data_use import check_limited_data_use
from mock_platform.rules.lint_meta import lint_event
from mock_platform.rules.model import Finding
from mock_platform.rules.time_windows import Windows, check_time
from mock_platform.rules.user_data import check_members, check_strength


def check_server_event(
    event: object,
    *,
    now: float,
    windows: Windows,
    action_source_required: bool = True,
    known: Known = NOTHING_KNOWN,
) -> list[Finding]:
    """Every finding on `event`, the one that decides the platform's answer first.

    When the schema is broken nothing else can be read, so only schema findings come back. Age is
    reported before weak customer information, as seen live. Our own lint, which needs to be told
    what is `known`, comes last.
    """
    found = list(check_schema(event, action_source_required=action_source_required))
    if isinstance(event, dict) and not any(is_structural(finding) for finding in found):
        found.extend(_rules(event, now, windows))
        found.extend(lint_event(event, known))
    return found


def is_structural(finding: Finding) -> bool:
    """Whether deeper rules cannot read an event with this finding."""
    return finding.rule.id in _STRUCTURAL


_STRUCTURAL = frozenset(
    {"meta.event.not_an_object", "meta.event.missing_member", "meta.event.type", "meta.event.enum"}
)


def _rules(event: Event, now: float, windows: Windows) -> Iterator[Finding]:
    yield from check_time(event, now=now, windows=windows)
    yield from check_members(event["user_data"], now=now)
    yield from check_strength(event["user_data"])
    yield from check_custom_data(event)
    yield from check_context(event)
    yield from check_limited_data_use(event)
