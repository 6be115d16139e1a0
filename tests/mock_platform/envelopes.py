"""The shape of each platform's errors, as JSON Schemas that allow nothing else."""

from typing import Any

Schema = dict[str, Any]
TEXT = {"type": "string", "minLength": 1}


def closed(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


# Graph API, handling errors
GRAPH = closed(
    {
        "error": closed(
            {
                "message": TEXT,
                "type": {"enum": ["OAuthException", "GraphMethodException"]},
                "code": {"type": "integer"},
                "fbtrace_id": {"type": "string", "pattern": "^A[A-Za-z0-9_-]{22}$"},
            },
            {
                "error_subcode": {"type": "integer"},
                "is_transient": {"type": "boolean"},
                "error_user_title": TEXT,
                "error_user_msg": TEXT,
            },
        )
    }
)
_KIND = "^type\\.googleapis\\.com/google\\."
# google.rpc.Status as JSON
STATUS = closed(
    {
        "error": closed(
            {
                "code": {"type": "integer", "minimum": 400, "maximum": 599},
                "message": TEXT,
                "status": {"type": "string", "pattern": "^[A-Z_]+$"},
            },
            {
                "details": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["@type"],
                        "properties": {"@type": {"type": "string", "pattern": _KIND}},
                    },
                }
            },
        )
    }
)
VIOLATION = closed({"field": TEXT, "description": TEXT, "reason": TEXT})
ADS_ERROR = closed(
    {
        "errorCode": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "patternProperties": {"^[a-zA-Z]+Error$": {"type": "string", "pattern": "^[A-Z_]+$"}},
            "additionalProperties": False,
        },
        "message": TEXT,
    },
    {"location": {"type": "object"}, "details": {"type": "object"}},
)
ADS_FAILURE = closed(
    {
        "@type": {"type": "string", "pattern": "\\.googleads\\.v26\\.errors\\.GoogleAdsFailure$"},
        "errors": {"type": "array", "minItems": 1, "items": ADS_ERROR},
        "requestId": TEXT,
    }
)
PARTIAL_FAILURE = closed(
    {
        "code": {"const": 3},
        "message": TEXT,
        "details": {"type": "array", "minItems": 1, "maxItems": 1, "items": ADS_FAILURE},
    }
)
# RFC 6749, 5.2
TOKEN = closed({"error": {"type": "string", "pattern": "^[a-z_]+$"}, "error_description": TEXT})
