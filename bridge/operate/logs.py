"""Structured logs, one JSON line each, that cannot carry personal data."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SAFE_KEYS = frozenset(
    "event level timestamp logger code status site_id destination order_no event_id orders count"
    " kind duplicates refused seconds attempts reason trace_id until state error url pid".split()
)
"""What a log line may hold. Everything else is dropped: a new key is a decision, made here."""


def configure_logs(level: str = "info") -> None:
    """Send every log line, ours and libraries', to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_safe_keys,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s")


def keep_safe_keys(
    logger: object, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop keys that are not known to be safe, and values that are not plain scalars."""
    del logger, method
    return {
        key: value
        for key, value in line.items()
        if key in SAFE_KEYS and isinstance(value, str | int | float | bool | None)
    }
