"""The names a fault may answer with: the errors of both platforms, and Google's in processing."""

from typing import Any

from mock_platform.fault import FaultError
from mock_platform.google.ads_errors import ERROR_NAMES as ADS_ERRORS
from mock_platform.google.errors import ERROR_NAMES
from mock_platform.google.token_errors import TOKEN_ERRORS
from mock_platform.meta.errors import ERRORS
from mock_platform.rules.google_processing import PROCESSING

# Each platform answers with its own only.
ALL_ERRORS = sorted({*ERRORS, *ERROR_NAMES, *ADS_ERRORS, *TOKEN_ERRORS})
_KNOWN = {"error": ALL_ERRORS, "reason": sorted(PROCESSING)}


def known_names(asked: object) -> dict[str, Any]:
    """The JSON object of a fault, whose names are known.

    Raises:
        FaultError: when it is no object, or names an error nobody knows.
    """
    if not isinstance(asked, dict):
        raise FaultError("a fault must be a JSON object")
    for member, known in _KNOWN.items():
        if member in asked and asked[member] not in known:
            raise FaultError(f"{member}: expected one of {', '.join(known)}")
    return asked
