"""The merchant's own attributes as Google's custom variables."""

from collections.abc import Iterator, Mapping

import orjson

from bridge.order.model import Facts


def custom_values(facts: Facts, variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each variable an attribute fills, and the attribute's value as text.

    `variables` names the variable for each attribute.
    """
    for name, variable in sorted(variables.items()):
        value = facts.custom.get(name)
        if value is not None:
            yield variable, _text(value)


def _text(value: object) -> str:
    """Write true, 1.5 and the like as JSON does."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
