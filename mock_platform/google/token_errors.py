"""The errors of the token endpoint as a table (RFC 6749, 5.2, and Google's own)."""

# error -> (status, description)
TOKEN_ERRORS: dict[str, tuple[int, str]] = {
    "invalid_grant": (400, "The grant has expired, was revoked or is malformed."),
    "invalid_client": (401, "The client is unknown, or its secret is wrong."),
    "invalid_request": (400, "A required parameter is missing."),
    "unauthorized_client": (401, "The client may not use this kind of grant or scope."),
    "unsupported_grant_type": (400, "This kind of grant is not supported."),
    "invalid_scope": (400, "The scope is unknown or empty."),
    "rate_limit_exceeded": (429, "Too many token requests."),
    "internal_failure": (500, "An internal error has occurred."),
    "server_error": (500, "An internal error has occurred."),
    "temporarily_unavailable": (503, "The service is temporarily unavailable."),
}
