"""Graph's errors as a table (documents: graph-api, error handling; using-the-api).

`status` is the HTTP status where one has been seen, else the likeliest. Titles and messages for
people are the mock's own words: the platform localises its own, so nobody can match on them.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any

OAUTH = "OAuthException"
METHOD = "GraphMethodException"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphError:
    """One error. Without a subcode Graph answers the short envelope."""

    status: int
    code: int
    message: str
    subcode: int | None = None
    type: str = OAUTH
    is_transient: bool = False
    title: str = ""
    user_message: str = ""
    throttles: bool = False

    def body(self) -> dict[str, Any]:
        """The error envelope with a fresh trace id."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.title or self.is_transient:
            error["is_transient"] = self.is_transient
        if self.title:
            error["error_user_title"] = self.title
            error["error_user_msg"] = self.user_message
        error["fbtrace_id"] = trace_id()
        return {"error": error}

    def saying(self, message: str) -> "GraphError":
        """The same error with another message."""
        return replace(self, message=message)


def trace_id() -> str:
    """An fbtrace_id: `A` and 22 characters."""
    return "A" + secrets.token_urlsafe(16)


def _event_error(subcode: int, title: str, user_message: str) -> GraphError:
    """An event the Conversions API refuses: code 100 with a subcode of its own."""
    return GraphError(
        status=400,
        code=100,
        subcode=subcode,
        message="Invalid parameter",
        title=title,
        user_message=user_message,
    )


def _retry(status: int, code: int, message: str, subcode: int | None = None) -> GraphError:
    return GraphError(status=status, code=code, message=message, subcode=subcode, is_transient=True)


def _throttle(code: int, message: str, subcode: int | None = None) -> GraphError:
    return GraphError(
        status=400,
        code=code,
        message=f"(#{code}) {message}",
        subcode=subcode,
        is_transient=True,
        throttles=True,
    )


def _refused(status: int, code: int, message: str, subcode: int | None = None) -> GraphError:
    return GraphError(status=status, code=code, message=message, subcode=subcode)


ERRORS: dict[str, GraphError] = {
    # Events
    "event_too_old": _event_error(
        2804003,
        "Event Timestamp Too Old",
        "event_time lies further back than the platform takes events for.",
    ),
    "event_in_future": _event_error(
        2804004, "Event Timestamp In The Future", "event_time lies in the future."
    ),
    "contents_without_id": _event_error(
        2804008, "Missing Content ID", "Every entry of contents needs an id."
    ),
    "purchase_without_value": _event_error(
        2804009, "Missing Value for Purchase Event", "A Purchase event needs a value."
    ),
    "invalid_currency": _event_error(
        2804011, "Invalid Currency", "The currency is not one the platform takes."
    ),
    # The platform's own subcode for this case is not known; this one stands in.
    "purchase_without_currency": _event_error(
        2804011, "Missing Currency for Purchase Event", "A Purchase event needs a currency."
    ),
    "value_without_currency": _event_error(
        2804023, "Missing Currency", "A value needs a currency."
    ),
    "invalid_extinfo": _event_error(
        2804043, "Invalid Extended Device Info", "app_data.extinfo is not valid."
    ),
    "weak_user_data": _event_error(
        2804050,
        "Insufficient Customer Information",
        "Send more customer information, or a narrower combination of it.",
    ),
    "messaging_event_name": _event_error(
        2804066, "Messaging Event Invalid Event Type", "This event is not offered for messaging."
    ),
    "messaging_page_id": _event_error(
        2804069, "Missing Page ID", "A messaging event needs a page_id."
    ),
    "messaging_instagram": _event_error(
        2804079, "Missing Instagram Account ID", "An Instagram event needs an ig_account_id."
    ),
    "messaging_click": _event_error(
        2804087, "Invalid Click ID", "The ctwa_clid does not come from a click."
    ),
    "messaging_account": _event_error(
        2804116, "Missing Messaging Account", "A WhatsApp event needs its page or account."
    ),
    "parameter": _refused(400, 100, "Invalid parameter"),
    "invalid_parameter": _refused(400, 100, "Invalid parameter"),
    "poison": _event_error(2804014, "Invalid Event", "The platform does not take this event."),
    # Destination
    "token_missing": _refused(
        400, 104, "An access token is required to request this resource."
    ),
    "token_invalid": _refused(
        401, 190, "Invalid OAuth access token - Cannot parse access token"
    ),
    "token_expired": _refused(
        401, 190, "Error validating access token: Session has expired.", 463
    ),
    "token_password_changed": _refused(
        401, 190, "Error validating access token: The session has been invalidated.", 460
    ),
    "session_missing": _refused(401, 102, "Session key invalid or no longer valid"),
    "capability_missing": _refused(
        400, 3, "(#3) Application does not have the capability to make this API call."
    ),
    "permission_denied": _refused(
        403, 10, "(#10) Application does not have permission for this action"
    ),
    "permission_missing": _refused(403, 200, "(#200) Permissions error"),
    "development_tier": _refused(
        400, 270, "(#270) This Ads API request is not allowed for this app's access tier."
    ),
    "blocked": _refused(
        403, 368, "The action attempted has been deemed abusive or is otherwise disallowed"
    ),
    "unknown_object": GraphError(
        status=400,
        code=100,
        subcode=33,
        type=METHOD,
        message="Unsupported request. The object does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
    ),
    "unknown_alias": _refused(
        404, 803, "(#803) Some of the aliases you requested do not exist"
    ),
    # Also what a version that was never released is answered with: not established.
    "unknown_path": _refused(400, 2500, "Unknown path components"),
    # Code and wording of an expired version are not established for this edge.
    "version_expired": _refused(
        400, 2635, "(#2635) You are calling a deprecated version of the API. Please update."
    ),
    # Retry
    "unknown": _retry(500, 1, "An unknown error occurred"),
    "unknown_99": _retry(500, 1, "An unknown error occurred", 99),
    "service_unavailable": _retry(
        503, 2, "Service temporarily unavailable"
    ),
    "unknown_5000": _retry(500, 5000, "Unknown error code"),
    "upload_not_ready": _retry(400, 21009, "The data set upload is temporarily not ready"),
    # Throttles
    "app_throttled": _throttle(4, "Application request limit reached"),
    "user_throttled": _throttle(17, "User request limit reached", 2446079),
    "page_throttled": _throttle(32, "Page request limit reached"),
    "app_limit": _throttle(341, "Application limit reached"),
    "ad_account_throttled": _throttle(
        613, "Calls to this api have exceeded the rate limit.", 1487742
    ),
    "insights_throttled": _throttle(80000, "There have been too many calls to this ad-account."),
    "audience_throttled": _throttle(80003, "There have been too many calls to this ad-account."),
    "business_throttled": _throttle(80004, "There have been too many calls to this ad-account."),
    "catalog_throttled": _throttle(80014, "There have been too many calls for this catalog."),
}  # fmt: skip
