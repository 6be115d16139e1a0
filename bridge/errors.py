"""Every error the bridge raises on purpose; answers, logs and metrics share the stable codes.

BridgeError
├── SettingsInvalid            settings_invalid        the configuration cannot be used
├── IntakeError                                        the hook answers with `status`
│   ├── SignatureInvalid       signature_invalid       401
│   ├── SiteUnknown            site_unknown            403
│   ├── BodyTooLarge           body_too_large          413
│   ├── TooManyOrders          too_many_orders         413
│   ├── MediaTypeUnsupported   media_type_unsupported  415
│   ├── BodyNotJson            body_not_json           400
│   ├── ContractViolated       contract_violated       400
│   ├── SiteMismatch           site_mismatch           403
│   ├── Unforeseen             internal_server_error   500
│   └── StoreUnavailable       store_unavailable       503
│       └── ConnectionLost     store_unavailable       503; what was written may be stored or not
├── DecryptionFailed           decryption_failed       no key of ours opens a sealed value
├── IllegalMove                illegal_move            a delivery may not go to that state
├── TokenUnavailable           token_unavailable       there is no access token for a destination
├── TokenDelayed               token_delayed           no access token now; asking again will do
├── DestinationPaused          destination_paused      another sender has paused it meanwhile
├── OrderFileInvalid           order_file_invalid      a file of orders cannot be read any further
└── DeadLetterNotFound         dead_letter_not_found   no dead letter with that number

Messages never contain a value that came with an order: names of fields and rules only.
"""

from typing import ClassVar


class BridgeError(Exception):
    """Base of all; `code` is stable and safe to show."""

    code: ClassVar[str] = "bridge_error"


class SettingsInvalid(BridgeError):
    """The configuration cannot be used; the message names the setting and what to write."""

    code = "settings_invalid"


class IntakeError(BridgeError):
    """A hook call that is refused; `status` is the HTTP answer, `title` its problem title."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "The call was refused"


class SignatureInvalid(IntakeError):
    """A Standard Webhooks header is missing, malformed, too old, or signs something else."""

    code = "signature_invalid"
    status = 401
    title = "The signature is not valid"


class SiteUnknown(IntakeError):
    """`bridge-site` names no enabled site."""

    code = "site_unknown"
    status = 403
    title = "The site is unknown or disabled"


class SiteMismatch(IntakeError):
    """An order's site_id is not the site that signed the call."""

    code = "site_mismatch"
    status = 403
    title = "The order belongs to another site"


class BodyTooLarge(IntakeError):
    """The body is over the route's limit."""

    code = "body_too_large"
    status = 413
    title = "The body is too large"


class TooManyOrders(IntakeError):
    """A batch holds more orders than one call may carry."""

    code = "too_many_orders"
    status = 413
    title = "The batch holds too many orders"


class MediaTypeUnsupported(IntakeError):
    """The body is not declared as application/json."""

    code = "media_type_unsupported"
    status = 415
    title = "The media type is not supported"


class BodyNotJson(IntakeError):
    """The body cannot be parsed as JSON, or is not an array where a batch is expected."""

    code = "body_not_json"
    title = "The body is not the JSON expected"


class ContractViolated(IntakeError):
    """The order breaks the contract; `violations` lists path, rule and message of each."""

    code = "contract_violated"
    title = "The order breaks the contract"

    def __init__(self, violations: list[dict[str, str]]) -> None:
        super().__init__(f"{len(violations)} violation(s), see `violations`.")
        self.violations = violations


class Unforeseen(IntakeError):
    """A mistake of ours kept an order of a batch from being taken; the others are."""

    code = "internal_server_error"
    status = 500
    title = "Internal Server Error"


class StoreUnavailable(IntakeError):
    """The order is not durable yet; the caller may try again after `retry_after` seconds."""

    code = "store_unavailable"
    status = 503
    title = "The order could not be stored now"

    def __init__(self, message: str, *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConnectionLost(StoreUnavailable):
    """A connection to the database, or its standby, was lost: what was written may stay or not."""


class DecryptionFailed(BridgeError):
    """None of the configured keys opens a sealed value."""

    code = "decryption_failed"


class IllegalMove(BridgeError):
    """A delivery may not go from the one state to the other (see outbox.states)."""

    code = "illegal_move"


class TokenUnavailable(BridgeError):
    """A destination has no access token until somebody puts its credentials right.

    `reason` is a stable code, the platform's own where it said why.
    """

    code = "token_unavailable"

    def __init__(self, message: str, *, reason: str = code) -> None:
        super().__init__(message)
        self.reason = reason


class TokenDelayed(BridgeError):
    """The endpoint that gives access tokens cannot answer now."""

    code = "token_delayed"


class DestinationPaused(BridgeError):
    """Nothing may be sent to the destination for now; `reason` is why it was paused."""

    code = "destination_paused"

    def __init__(self, reason: str | None) -> None:
        super().__init__("The destination has been paused.")
        self.reason = reason


class OrderFileInvalid(BridgeError):
    """A file of orders cannot be read, or not any further; the message says where and why."""

    code = "order_file_invalid"


class DeadLetterNotFound(BridgeError):
    """There is no dead letter with that number."""

    code = "dead_letter_not_found"
