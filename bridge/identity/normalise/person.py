"""E-mail address, names, gender and the shop's own ids."""

import re
import unicodedata
from typing import Final

from bridge.identity.normalise.outcome import Normalised, OmitReason, Omitted, Outcome, outcome
from bridge.identity.normalise.text import (
    PLACEHOLDERS,
    index,
    is_placeholder,
    lookup_key,
    lower,
    plain_word,
    tidy,
    without_punctuation,
    without_space,
)
from bridge.identity.tables import load

# A dot-atom (RFC 5321) in any script, and a domain of at least two labels whose last is no number.
_ATOM: Final = r"""[^\s\x00-\x20\x7f-\xa0@<>()\[\],;:"\\.]+"""
_LABEL: Final = r"[^\W_](?:[\w-]*[^\W_])?"
_EMAIL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_LONGEST_EMAIL: Final = 254
_INITIALS: Final = index(load("genders"))


def em(raw: str, _country: str | None = None) -> Outcome:
    """Lower-case a valid e-mail address. Meta: Customer information parameters, em."""
    return valid_email(email_text(raw))


def email_text(raw: str) -> str:
    """Lower-case what may be an e-mail address, without what hides in it and around it.

    Full-width letters become plain ones: nobody's address has them, and Japanese keyboards do.
    """
    if raw.isascii():
        return raw.strip().lower()
    text = unicodedata.normalize("NFKC", tidy(raw)).replace("\u200c", "").replace("\u200d", "")
    return lower(text.strip())


def valid_email(text: str) -> Outcome:
    """Answer `text`, as `email_text` makes it, if it is one e-mail address."""
    if len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None:
        return Normalised(text)
    if not text:
        return Omitted(OmitReason.EMPTY)
    return Omitted(OmitReason.PLACEHOLDER if is_placeholder(text) else OmitReason.MALFORMED)


def fn(raw: str, _country: str | None = None) -> Outcome:
    """Lower-case a name without spaces and ASCII punctuation. Meta: as above, fn and ln.

    Letters of every script, accents and typographic apostrophes stay, as in Meta's own libraries.
    """
    if word := plain_word(raw):
        return Normalised(word)
    text = tidy(raw)
    if is_placeholder(text):
        return Omitted(OmitReason.PLACEHOLDER)
    name = without_punctuation(lower(text))
    if name.isdigit():
        return Omitted(OmitReason.MALFORMED)
    return outcome(name)


ln = fn


def ge(raw: str, _country: str | None = None) -> Outcome:
    """Answer f or m for a word or form of address in the common languages. Meta: as above, ge."""
    initial = _INITIALS.get(plain_word(raw))
    if initial is not None:
        return Normalised(initial)
    text = tidy(raw)
    if not text:
        return Omitted(OmitReason.EMPTY)
    initial = _INITIALS.get(lookup_key(text))
    return Normalised(initial) if initial else Omitted(OmitReason.UNKNOWN_WORD)


def external_id(raw: str, _country: str | None = None) -> Outcome:
    """Lower-case an id without white space, as Meta's Parameter Builder does in the browser.

    Meta: as above, external_id: the same form on every channel.
    """
    if raw.isascii() and raw.isalnum() and (known := raw.lower()) not in PLACEHOLDERS:
        return Normalised(known)
    text = tidy(raw)
    if is_placeholder(text):
        return Omitted(OmitReason.PLACEHOLDER)
    return outcome(without_space(lower(text)))
