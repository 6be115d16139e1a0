"""Every rule of Meta's catalogue has a case that breaks it.

The cases run in the files they stand in, each beside sound events that break none. Google's rules
are held to the closed lists of its reasons in `google/test_violations.py` and beside it.
"""

import re
from pathlib import Path

import mock_platform.app  # noqa: F401 - every rule stands in the table once it is loaded
from mock_platform.rules.catalogue import all_rules

HERE = Path(__file__)
_ID = re.compile(r"\bmeta(?:\.[a-z_0-9]+)+")


def test_every_rule_of_meta_is_broken_somewhere() -> None:
    sources = [path for path in HERE.parent.rglob("*.py") if path != HERE]
    named = {name for path in sources for name in _ID.findall(path.read_text("utf-8"))}
    known = {name for name in all_rules() if name.startswith("meta.")}
    assert known - named == set()
