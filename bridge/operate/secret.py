"""Secrets are never written in the settings, only where to find them."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from bridge.errors import SettingsInvalid


def _check_reference(reference: str) -> str:
    scheme, _, where = reference.partition(":")
    if scheme not in {"env", "file", "plain"} or not where:
        raise ValueError("write env:NAME_OF_VARIABLE or file:/path/to/secret, never the secret")
    return reference


SecretReference = Annotated[str, AfterValidator(_check_reference)]
"""`env:NAME`, `file:/path`, or, for the mock platform only, `plain:text`."""


def read_secret(reference: str) -> str:
    """Answer the secret a reference points to, without surrounding white space.

    Raises:
        SettingsInvalid: the variable or file is missing or empty; names it, never its content.
    """
    scheme, _, where = reference.partition(":")
    if scheme == "plain":
        return where
    secret = os.environ.get(where, "") if scheme == "env" else _read_file(where)
    if not secret.strip():
        raise SettingsInvalid(f"{reference} is missing or empty: put the secret there")
    return secret.strip()


def _read_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
