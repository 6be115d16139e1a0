"""How a row of the catalogue is written: one function for each way a rule can bite."""

from mock_platform.rules.fixes import FIXES
from mock_platform.rules.model import Rule, Severity

# Every row by id, in the order they were written.
ROWS: dict[str, Rule] = {}


def error(rule: str, doc: str, explanation: str, answer: str, *, verified: bool = True) -> Rule:
    """A rule the platform itself enforces: rejects in both modes."""
    return _add(rule, (Severity.ERROR, Severity.ERROR), doc, explanation, answer, verified=verified)


def documented(rule: str, doc: str, explanation: str, answer: str = "invalid_parameter") -> Rule:
    """A documented rule the platform lets pass: a warning, an error in strict mode."""
    levels = (Severity.WARNING, Severity.ERROR)
    return _add(rule, levels, doc, explanation, answer, verified=False)


def warning(rule: str, doc: str, explanation: str) -> Rule:
    """Accepted in both modes, but it costs matching or measurement."""
    levels = (Severity.WARNING, Severity.WARNING)
    return _add(rule, levels, doc, explanation, "invalid_parameter", verified=False)


def advice(rule: str, doc: str, explanation: str) -> Rule:
    """Accepted in both modes; there is a better way."""
    levels = (Severity.ADVICE, Severity.ADVICE)
    return _add(rule, levels, doc, explanation, "invalid_parameter", verified=False)


def _add(
    rule: str,
    levels: tuple[Severity, Severity],
    doc: str,
    explanation: str,
    error: str,
    *,
    verified: bool,
) -> Rule:
    made = Rule(
        id=rule,
        severity=levels[0],
        strict=levels[1],
        doc=doc,
        explanation=explanation,
        fix=FIXES.get(rule, ""),
        error=error,
        verified=verified,
    )
    ROWS[rule] = made
    return made
