"""Facts as the outbox keeps them: JSON, decimals as text, nothing that is only a default."""

from pydantic import TypeAdapter

from bridge.order.model import Facts

_FACTS = TypeAdapter(Facts)


def facts_to_json(facts: Facts) -> bytes:
    """Write facts so that `facts_from_json` reads equal ones."""
    return _FACTS.dump_json(facts, exclude_defaults=True)


def facts_from_json(stored: bytes) -> Facts:
    """Read facts written by `facts_to_json`, of this or an earlier release."""
    return _FACTS.validate_json(stored)
