"""Takes out of a platform's text what might be personal or secret before it is kept."""

import re

LONGEST = 300

# Each pattern, and what stands in its place; the order matters: wide patterns come first.
SCRUBBED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://\S+", re.IGNORECASE), "<url>"),
    (re.compile(r"(?:Mozilla|Opera|Dalvik|okhttp)/\d.*", re.IGNORECASE | re.DOTALL), "<browser>"),
    (re.compile(r"(?:bearer\s+|access_token\W{1,5})\S+", re.IGNORECASE), "<token>"),
    (re.compile(r"[^\s@<>\"']{1,200}@[^\s@<>\"']{1,200}"), "<email>"),
    (re.compile(r"fb\.\d\.\S+", re.IGNORECASE), "<click>"),
    (re.compile(r"(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15}", re.IGNORECASE), "<ip>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<ip>"),
    (re.compile(r"[A-Za-z0-9_+/=-]{24,}"), "<token>"),
    (re.compile(r"\+?\d(?:[ ()./-]{0,3}\d){5,}"), "<digits>"),
)
_UNPRINTABLE = re.compile(r"[^\S ]+|[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def scrub(text: str) -> str:
    """Answer `text` without e-mails, addresses, tokens and long numbers, 300 characters at most."""
    clean = _UNPRINTABLE.sub(" ", text[: 4 * LONGEST])
    for pattern, stand_in in SCRUBBED:
        clean = pattern.sub(stand_in, clean)
    return clean.strip()[:LONGEST]
