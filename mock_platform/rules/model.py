"""What a rule is, and what breaking one leaves behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Path = tuple[str | int, ...]
# The mock's own page that lists every rule under an anchor of its own.
RULES_PAGE = "/rules"


class Mode(StrEnum):
    """How a workspace reads the platform's documents."""

    FAITHFUL = "faithful"  # what the platform is known to do
    STRICT = "strict"  # every documented rule and our lint reject
    REPORT = "report"  # answers as when faithful, and names what strict would reject


class Severity(StrEnum):
    """What a finding means for the request."""

    ERROR = "error"  # the whole request is rejected
    WARNING = "warning"  # accepted, but the event matches or measures worse
    ADVICE = "advice"  # accepted and usable; there is a better way


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One documented rule.

    `severity` holds in faithful mode, `strict` in strict mode. `fix` says what to do about it.
    `error` names the row of the error catalogue that a rejection answers with. `verified` is false
    where the platform's answer has not been established and ours is a stand-in.
    """

    id: str
    severity: Severity
    strict: Severity
    explanation: str
    fix: str
    doc: str
    error: str
    verified: bool

    def as_json(self) -> dict[str, Any]:
        """The row as the admin API shows it."""
        return {
            "rule": self.id,
            "severity": {
                mode.value: self.severity_in(mode).value for mode in (Mode.FAITHFUL, Mode.STRICT)
            },
            "explanation": self.explanation,
            "fix": self.fix,
            "doc": self.doc,
            "help": self.help,
            "verified": self.verified,
        }

    @property
    def help(self) -> str:
        """The rule's place on the mock's page, from the root of its URL."""
        return f"{RULES_PAGE}#{self.id}"

    def severity_in(self, mode: Mode) -> Severity:
        """The severity that applies in `mode`."""
        return self.severity if mode is Mode.FAITHFUL else self.strict


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One broken rule at one place of an event. `message` never repeats a value."""

    rule: Rule
    path: Path = ()
    message: str = ""

    def as_json(self, mode: Mode) -> dict[str, Any]:
        """The finding as the admin API shows it."""
        return {
            "rule": self.rule.id,
            "severity": self.rule.severity_in(mode).value,
            "path": dotted(self.path),
            "message": self.message or self.rule.explanation,
            "fix": self.rule.fix,
            "doc": self.rule.doc,
            "help": self.rule.help,
        }

    def rejects(self, mode: Mode) -> bool:
        """Whether it rejects the request in `mode`."""
        answered = Mode.FAITHFUL if mode is Mode.REPORT else mode
        return self.rule.severity_in(answered) is Severity.ERROR


Findings = Iterator[Finding]


def sentence(text: str) -> str:
    """An explanation as a sentence begins: with a capital, unless a member's name comes first."""
    return text if "_" in text.partition(" ")[0] else f"{text[0].upper()}{text[1:]}"


def dotted(path: Path) -> str:
    """A path for people, relative to the event: `user_data.em[0]`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def bracketed(path: Path) -> str:
    """A path as Graph prints it: `$['data'][0]['user_data']`."""
    parts = (f"[{part}]" if isinstance(part, int) else f"['{part}']" for part in path)
    return "$" + "".join(parts)
