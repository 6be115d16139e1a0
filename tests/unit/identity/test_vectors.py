"""The decided normalisation policy, row by row."""

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.identity.rules import RULES, Platform, hash_field

VECTORS = Path(__file__).parents[2] / "vectors" / "normalisation.json"
ROWS = json.loads(VECTORS.read_text("utf-8"))


def identifier(row: dict[str, Any]) -> str:
    return ascii(f"{row['platform']}-{row['field']}-{row['country']}-{row['raw']}")


@pytest.mark.parametrize("platform", Platform)
def test_the_vectors_cover_every_field(platform: Platform) -> None:
    decided = {row["field"] for row in ROWS if row["platform"] == platform}
    assert decided == {rule.field for rule in RULES[platform]}


@pytest.mark.parametrize("row", ROWS, ids=identifier)
def test_hash_field_answers_as_decided(row: dict[str, Any]) -> None:
    hashed = hash_field(row["platform"], row["field"], row["raw"], row["country"])
    assert (hashed.normalised, hashed.sha256) == (row["normalised"], row["sha256"])
    assert (hashed.reason is not None) == (row["normalised"] is None and row["sha256"] is None)


@pytest.mark.parametrize("row", ROWS, ids=identifier)
def test_only_what_is_sent_in_clear_has_no_digest(row: dict[str, Any]) -> None:
    rule = next(rule for rule in RULES[row["platform"]] if rule.field == row["field"])
    in_clear = row["normalised"] is not None and row["sha256"] is None
    assert not in_clear or rule.kept_as is not None
    assert rule.kept_as is None or row["sha256"] is None
