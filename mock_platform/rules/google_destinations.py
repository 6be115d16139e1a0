"""Where events go: accounts and conversion actions of one request (reference: Destination)."""

from collections.abc import Iterator, Sequence

from mock_platform.rules import google_catalogue as rule
from mock_platform.rules.google_context import (
    DATA_PARTNER,
    GOOGLE_ADS,
    Context,
    Read,
    Target,
    account_type,
)
from mock_platform.rules.google_world import Action, ActionType
from mock_platform.rules.model import Finding, Path

DESTINATIONS_MAX = 10
YOUNG_ACTION_SECONDS = 6 * 3600
_ACCOUNTS = ("login_account", "linked_account", "operating_account")
_TAKES_EVENTS = (None, ActionType.UPLOAD_CLICKS, ActionType.WEBPAGE, ActionType.STORE_SALES)
# Problems of an account that matter to every request.
_ALWAYS = frozenset(
    {
        "PERMISSION_DENIED",
        "TERMS_AND_CONDITIONS_NOT_SIGNED",
        "NOT_ALLOWLISTED",
        "EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED",
        "DESTINATION_ACCOUNT_TYPE_MISMATCH",
    }
)


def check_destinations(context: Context) -> Iterator[Finding]:
    """Number, accounts, actions and references of a request's destinations."""
    if not context.targets:
        yield Finding(rule=rule.NO_DESTINATIONS, path=("destinations",))
    if len(context.targets) > DESTINATIONS_MAX:
        yield Finding(rule=rule.TOO_MANY_DESTINATIONS, path=("destinations",))
    for index, target in enumerate(context.targets):
        path: Path = ("destinations", index)
        yield from _accounts(target.destination, path)
        yield from _action(target, path, context.now)
        yield from _problems(target, path)
    yield from _references(context.targets)
    yield from _logins(context.targets)


def _accounts(destination: Read, path: Path) -> Iterator[Finding]:
    for name in _ACCOUNTS:
        account = destination.get(name)
        if account is not None:
            yield from _account(account, (*path, name))
    operating = destination.get("operating_account") or {}
    if not operating.get("account_id") or not account_type(operating):
        yield Finding(rule=rule.OPERATING_ACCOUNT_MISSING, path=(*path, "operating_account"))
    by_partner = account_type(destination.get("login_account")) == DATA_PARTNER
    if destination.get("linked_account") and not by_partner:
        yield Finding(rule=rule.LINKED_ACCOUNT, path=(*path, "linked_account"))


def _account(account: Read, path: Path) -> Iterator[Finding]:
    account_id = account.get("account_id")
    if account_id and not _is_number(account_id):
        yield Finding(rule=rule.ACCOUNT_ID, path=(*path, "account_id"))
    types = {account[name] for name in ("account_type", "product") if account.get(name)}
    if len(types) > 1:
        yield Finding(rule=rule.ACCOUNT_TYPE, path=(*path, "account_type"))
    for name in ("account_type", "product"):
        if isinstance(account.get(name), int):
            yield Finding(rule=rule.ENUM_VALUE, path=(*path, name))


def _action(target: Target, path: Path, now: float) -> Iterator[Finding]:
    if account_type(target.destination.get("operating_account")) != GOOGLE_ADS:
        return
    place: Path = (*path, "product_destination_id")
    action_id = target.destination.get("product_destination_id")
    if not action_id:
        yield Finding(rule=rule.ACTION_MISSING, path=place)
    elif target.action is None or not _is_number(action_id):
        yield Finding(rule=rule.ACTION_ID, path=place)
    else:
        yield from _known_action(target.action, place, now)


def _known_action(action: Action, path: Path, now: float) -> Iterator[Finding]:
    if action.type not in _TAKES_EVENTS:
        yield Finding(rule=rule.ACTION_TYPE, path=path)
    if action.created_at is not None and now - action.created_at < YOUNG_ACTION_SECONDS:
        yield Finding(rule=rule.ACTION_TOO_RECENT, path=path)


def _problems(target: Target, path: Path) -> Iterator[Finding]:
    login = target.destination.get("login_account")
    matter = set(_ALWAYS)
    if login and login != target.destination.get("operating_account"):
        matter.add("OPERATING_ACCOUNT_LOGIN_ACCOUNT_MISMATCH")
    if target.by_data_partner:
        matter.add("UNSUPPORTED_OPERATING_ACCOUNT_FOR_DATA_PARTNER")
        if target.destination.get("linked_account"):
            matter.add("UNSUPPORTED_LINKED_ACCOUNT_FOR_DATA_PARTNER")
    if target.action is not None and target.action.type is ActionType.STORE_SALES:
        matter.add("ACCOUNT_INELIGIBLE_FOR_STORE_SALES")
    for problem in sorted(target.problems & matter):
        yield Finding(rule=rule.ACCOUNT[problem], path=path)


def _references(targets: Sequence[Target]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, target in enumerate(targets):
        reference = target.destination.get("reference")
        if reference and reference in seen:
            path = ("destinations", index, "reference")
            yield Finding(rule=rule.DUPLICATE_REFERENCE, path=path)
        elif reference:
            seen.add(reference)


def _logins(targets: Sequence[Target]) -> Iterator[Finding]:
    if not any(target.by_data_partner for target in targets):
        return
    first = targets[0].destination.get("login_account")
    for index, target in enumerate(targets):
        if target.destination.get("login_account") != first:
            path = ("destinations", index, "login_account")
            yield Finding(rule=rule.DIFFERENT_LOGINS, path=path)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()
