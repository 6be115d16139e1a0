"""The decided normalisation policy, row by row."""

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.identity import normalise
from bridge.identity.normalise import Normalised
from bridge.identity.rules import Platform, hash_field

VECTORS = Path(__file__).parents[2] / "vectors" / "normalisation.json"
ROWS = [row for row in json.loads(VECTORS.read_text("utf-8")) if row["platform"] == "meta"]
TEXT_ROWS = [row for row in ROWS if row["normalised"] is not None or row["sha256"] is None]


def identifier(row: dict[str, Any]) -> str:
    return ascii(f"{row['field']}-{row['country']}-{row['raw']}")


def test_the_vectors_cover_every_meta_field() -> None:
    assert {row["field"] for row in ROWS} == {
        *("em", "ph", "fn", "ln", "ge", "db", "ct", "st", "zp", "country", "external_id")
    }


@pytest.mark.parametrize("row", ROWS, ids=identifier)
def test_hash_field_answers_as_decided(row: dict[str, Any]) -> None:
    hashed = hash_field(Platform.META, row["field"], row["raw"], row["country"])
    assert (hashed.normalised, hashed.sha256) == (row["normalised"], row["sha256"])
    assert (hashed.reason is None) == (row["sha256"] is not None)


@pytest.mark.parametrize("row", TEXT_ROWS, ids=identifier)
def test_the_normaliser_of_the_field_answers_as_decided(row: dict[str, Any]) -> None:
    made = getattr(normalise, row["field"])(row["raw"], row["country"])
    assert (made.value if isinstance(made, Normalised) else None) == row["normalised"]
