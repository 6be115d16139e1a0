"""Words that rules look up, as data: people who know a market can add to them without code.

- `countries.json`: ISO 3166-1 alpha-2 -> its alpha-3 code, English names and own names.
- `states.json`: ISO 3166-2 of the US and Canada (with US territories and military post) -> names.
- `genders.json`: Meta's initial -> words and forms of address.
- `name_parts.json`: parts of a full name: titles, suffixes, particles of a last name.
- `google_name_parts.json`: what Google's libraries take off a given and a family name. No others:
  a name must be the same text everywhere it is hashed.
"""

import json
from importlib.resources import files
from typing import TypeAlias

Table: TypeAlias = dict[str, list[str]]


def load(name: str) -> Table:
    """Read the table `name`.json of this package."""
    table: Table = json.loads(files(__name__).joinpath(f"{name}.json").read_bytes())
    return table
