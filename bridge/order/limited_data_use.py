"""Which US states Meta's Limited Data Use knows by a code of their own."""

from collections.abc import Mapping
from typing import Final

from bridge.identity.normalise import Normalised
from bridge.identity.normalise.place import country_code, st
from bridge.order.model import Person, Plain

# Marketing API: Data processing options for US users, state codes.
STATES: Final[Mapping[str, int]] = {
    "ca": 1000,
    "co": 1001,
    "ct": 1002,
    "fl": 1003,
    "or": 1004,
    "tx": 1005,
    "mt": 1006,
    "de": 1007,
    "ne": 1008,
    "nh": 1009,
    "nj": 1010,
    "mn": 1011,
    "md": 1012,
    "ri": 1013,
}
LOCATE: Final = 0
"""Meta's code for a state that it is to find out itself."""


def state_code(person: Person, region: str | None) -> int | None:
    """Answer the code of the US state a shopper lives in; None: not in the US, or a state without.

    The address that gave `region` decides. Where its state cannot be read, Meta is to locate the
    shopper: rather limited without need than not limited where the law asks for it.
    """
    if region != "US":
        return None
    addresses = [one for one in (person.billing, person.shipping) if _is_american(one.country)]
    given = next((one.state for one in addresses if one.state), None)
    known = st(given.text, "US") if given else None
    return STATES.get(known.value) if isinstance(known, Normalised) else LOCATE


def _is_american(country: Plain | None) -> bool:
    return country is None or country_code(country.text) == "us"
