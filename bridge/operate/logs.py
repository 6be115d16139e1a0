"""Structured logs, one JSON line each, that cannot carry personal data."""

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_OURS = Path(__file__).parents[1]

SAFE_KEYS = frozenset(
    "event level timestamp logger code status site_id destination order_no event_id orders count"
    " kind duplicates refused seconds attempts reason trace_id until state error url pid".split()
)
"""What a log line may hold. Everything else is dropped: a new key is a decision, made here."""

log = structlog.get_logger("bridge.operate")


def configure_logs(level: str = "info") -> None:
    """Send every log line, ours and libraries', to standard error as JSON.

    What ends a thread is a line too: Python itself would print the error's own words.
    """
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
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()])
    threading.excepthook = _thread_died


def account_of(error: BaseException) -> dict[str, str]:
    """Answer the kind of an error nobody foresaw, and where in our code it came from.

    Never its own words: they may hold what an order holds.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if Path(one.filename).is_relative_to(_OURS)] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "nowhere"
    return {"error": type(error).__name__, "reason": place}


class _Libraries(logging.Handler):
    """Says that a library had something to say; its words may hold a value."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = account_of(error) if error is not None else {}
        log.warning("library_message", logger=record.name, **told)


def _thread_died(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        log.error("thread_failed", **account_of(ended.exc_value))


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
