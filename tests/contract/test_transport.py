"""transport.md says what the code does: its example is computed again, its codes are compared."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge import errors
from bridge.intake.contract import check
from bridge.intake.signature import parse_secret, sign, verify

CODE_ROW = re.compile(r"^\| (?P<status>\d{3}) \| `(?P<code>\w+)` \|", re.MULTILINE)
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def page(contract_directory: Path) -> str:
    return (contract_directory / "transport.md").read_text(encoding="utf-8")


@pytest.fixture
def worked(page: str) -> dict[str, str]:
    section = page[page.index("### Worked example") : page.index("### In SFCC Script API")]
    return {found["language"]: found["text"] for found in FENCE.finditer(section)}


def headers_of(worked: dict[str, str]) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in worked["http"].splitlines())


def test_the_worked_example_is_what_sign_makes(worked: dict[str, str]) -> None:
    headers = headers_of(worked)
    body = worked["json"].encode()
    signed_at = datetime(2026, 11, 22, 7, 0, 30, tzinfo=UTC)
    secret = parse_secret(worked["text"])
    made = sign("RefArch.order.Ä-77", signed_at, body, secret)
    assert made.items() <= headers.items()
    assert headers["bridge-site"] == json.loads(body)["site_id"]
    verify(headers, body, [secret], signed_at, timedelta(minutes=5))


def test_the_worked_examples_body_keeps_the_contract(page: str, worked: dict[str, str]) -> None:
    assert check(json.loads(worked["json"])).violations == ()
    assert f"({len(worked['json'].encode())} bytes in UTF-8" in page


def test_every_refusal_of_the_bridge_stands_in_the_table_with_its_status(page: str) -> None:
    documented = {row["code"]: int(row["status"]) for row in CODE_ROW.finditer(page)}
    assert documented == {error.code: error.status for error in errors.IntakeError.__subclasses__()}


def test_every_json_sample_is_json(page: str) -> None:
    samples: list[Any] = [
        json.loads(found["text"]) for found in FENCE.finditer(page) if found["language"] == "json"
    ]
    assert len(samples) == 4
