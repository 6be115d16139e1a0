"""A shopper the mock is told of, and how her values go wrong on their way to a hash."""

import hashlib
from collections.abc import Callable
from typing import Any

JANE = {
    "email": "Jane.O.Doe+Shop@gmail.com",
    "phone": "+44 20 7946 0123",
    "first_name": "Jané-Ann",
    "last_name": "O'Doe",
    "street": "1 High Street",
    "city": "Newcastle upon Tyne",
    "state": "Tyne and Wear",
    "postal_code": "NE1 7RU",
    "country": "GB",
    "birth_date": "1985-12-30",
    "gender": "female",
}
# What Meta is rightly sent of her, and what Google.
META = {
    "em": "jane.o.doe+shop@gmail.com",
    "ph": "442079460123",
    "fn": "janéann",
    "ln": "odoe",
    "ct": "newcastleupontyne",
    "st": "tyneandwear",
    "zp": "ne17ru",
    "country": "gb",
    "db": "19851230",
    "ge": "f",
}
GOOGLE = {
    "email_address": "janeodoe@gmail.com",
    "phone_number": "+442079460123",
    "given_name": "jané-ann",
    "family_name": "o'doe",
}
MEMBERS = {
    "em": "email",
    "ph": "phone",
    "fn": "first_name",
    "ln": "last_name",
    "ct": "city",
    "st": "state",
    "zp": "postal_code",
    "country": "country",
    "db": "birth_date",
    "ge": "gender",
}

# Wrong normalisations that can happen to every member.
EVERYWHERE: dict[str, Callable[[str], str]] = {
    "as typed with a space in front": lambda text: f" {text}",
    "a space behind": lambda text: f"{text} ",
    "spaces around, lower case": lambda text: f" {text.lower()} ",
    "a line break behind": lambda text: f"{text.lower()}\n",
    "a tab in front": lambda text: f"\t{text}",
    "a no-break space behind": lambda text: f"{text.lower()}\u00a0",
    "a byte order mark": lambda text: f"\ufeff{text.lower()}",
    "upper case": str.upper,
    "upper case untrimmed": lambda text: f" {text.upper()} ",
    "in quotes": lambda text: f'"{text.lower()}"',
    "a comma behind": lambda text: f"{text.lower()},",
    "two spaces behind": lambda text: f"{text}  ",
    "two spaces behind, upper case": lambda text: f"{text}  ".upper(),
    "tabs around": lambda text: f"\t{text.lower()}\t",
    "no-break spaces around": lambda text: f"\u00a0{text.lower()}\u00a0",
    "a dot behind": lambda text: f"{text.lower()}.",
    "a NUL behind": lambda text: f"{text.lower()}\0",
    "a line break behind, as typed": lambda text: f"{text}\n",
    "a semicolon behind": lambda text: f"{text};",
    "a carriage return behind": lambda text: f"{text.lower()}\r\n",
}
ONE_MEMBER: dict[str, tuple[str, str]] = {
    "capitals of the e-mail": ("em", "Jane.O.Doe+Shop@gmail.com"),
    "URL-encoded e-mail": ("em", "jane.o.doe%2Bshop%40gmail.com"),
    "mailto": ("em", "mailto:jane.o.doe+shop@gmail.com"),
    "local part": ("em", "jane.o.doe+shop"),
    "phone as typed": ("ph", "+44 20 7946 0123"),
    "phone at home": ("ph", "020 7946 0123"),
    "phone at home, digits": ("ph", "02079460123"),
    "phone without calling code": ("ph", "2079460123"),
    "phone with 00": ("ph", "00442079460123"),
    "phone with trunk zero": ("ph", "4402079460123"),
    "phone with (0)": ("ph", "+44(0)2079460123"),
    "phone with (0) as typed": ("ph", "+44 (0)20 7946 0123"),
    "phone with dots": ("ph", "+44.20.7946.0123"),
    "name as typed": ("fn", "Jané-Ann"),
    "name read as Latin-1": ("fn", "janÃ©-ann"),
    "HTML-escaped name": ("ln", "o&#x27;doe"),
    "city as typed": ("ct", "Newcastle upon Tyne"),
    "postal code as typed": ("zp", "NE1 7RU"),
    "postal code with its space": ("zp", "ne1 7ru"),
    "swapped case": ("ct", "nEWCASTLE UPON tYNE"),
    "country in capitals": ("country", "GB"),
    "country in three letters": ("country", "gbr"),
    "country in use, which is no code": ("country", "uk"),
    "country by name": ("country", "united kingdom"),
    "birth date with hyphens": ("db", "1985-12-30"),
    "day first": ("db", "30121985"),
    "month first with slashes": ("db", "12/30/1985"),
    "gender as a word": ("ge", "female"),
    "gender in capitals": ("ge", "F"),
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def hashed(values: dict[str, str]) -> dict[str, Any]:
    """Members of user_data with one digest each."""
    return {name: [sha256(text)] for name, text in values.items()}
