"""Facts as the outbox keeps them: JSON, decimals as text, defaults left out."""

from msgspec.json import Decoder, Encoder

from bridge.order.model import Facts

_ENCODER = Encoder()
_DECODER = Decoder(Facts)


def facts_to_json(facts: Facts) -> bytes:
    """Write facts so that `facts_from_json` reads equal ones."""
    return _ENCODER.encode(facts)


def facts_from_json(stored: bytes) -> Facts:
    """Read facts written by `facts_to_json`, of this or an earlier release."""
    return _DECODER.decode(stored)
