"""Encryption at rest of what a platform needs in clear, and the one master secret behind it.

The master secret is 32 random bytes. Every use derives its own key from it (HKDF-SHA256, the
purpose as `info`), so that no key opens or forges what another one made.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bridge.errors import DecryptionFailed, SettingsInvalid

MASTER_BYTES: Final = 32
_FORBIDDEN_MODE: Final = stat.S_IWGRP | stat.S_IRWXO


class Purpose(StrEnum):
    """What a derived key is for; the text is part of the derivation and never changes."""

    SEAL = "sfcc-conversions-bridge/seal/2"
    SUBJECT = "sfcc-conversions-bridge/subject/1"


def derive_key(master: bytes, purpose: Purpose) -> bytes:
    """Answer the 32-byte key of one purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master)


class Sealer:
    """Seals dicts under the first master secret and opens what any of them sealed.

    AES-256-GCM with a random nonce. To rotate: put the new secret first and keep the old one until
    nothing sealed with it is left; do so before a secret has sealed 2**32 values (NIST SP 800-38D).
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise SettingsInvalid("At least one master secret is needed to seal anything.")
        self._ciphers = [AESGCM(derive_key(key, Purpose.SEAL)) for key in keys]

    def seal(self, plain: dict[str, Any]) -> bytes:
        """Answer `plain` (JSON types only) as a box: authenticated ciphertext that says its length.

        The length stands first, then the nonce.
        """
        nonce = os.urandom(_NONCE_BYTES)
        content = nonce + self._ciphers[0].encrypt(nonce, orjson.dumps(plain), None)
        return len(content).to_bytes(_LENGTH_BYTES, "big") + content

    def unseal(self, box: bytes) -> dict[str, Any]:
        """Answer what was sealed; DecryptionFailed when no key opens it or it was changed."""
        content = box[_LENGTH_BYTES:]
        for cipher in self._ciphers:
            try:
                plain = cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], None)
            except (InvalidTag, ValueError):  # ValueError: what is left is no nonce
                continue
            opened: dict[str, Any] = orjson.loads(plain)
            return opened
        raise DecryptionFailed(
            "A sealed value opens with none of the configured master secrets: "
            "add the one it was sealed with."
        )


_NONCE_BYTES: Final = 12
_LENGTH_BYTES: Final = 4


def beside(box: bytes | None, more: bytes | None) -> bytes | None:
    """Put what was sealed later beside what was sealed before; no key is needed for that."""
    return b"".join(one for one in (box, more) if one) or None


def each_of(boxes: bytes) -> list[bytes]:
    """Answer what was put beside each other, the earliest first."""
    found: list[bytes] = []
    while boxes:
        end = _LENGTH_BYTES + int.from_bytes(boxes[:_LENGTH_BYTES], "big")
        found.append(boxes[:end])
        boxes = boxes[end:]
    return found


def key_from_text(text: str, *, origin: str) -> bytes:
    """Answer the master secret written as base64; SettingsInvalid names `origin` when it is not."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != MASTER_BYTES:
        raise SettingsInvalid(
            f"{origin} must hold {MASTER_BYTES} random bytes in base64, "
            f"as `openssl rand -base64 {MASTER_BYTES}` writes them."
        )
    return key


def load_or_create_key(path: Path) -> bytes:
    """Answer the master secret in the file at `path`, made on first use with mode 0600.

    Processes that start together agree on one secret. SettingsInvalid when the file cannot be read
    or made, may be read by everybody, or holds no secret.
    """
    try:
        if not path.exists():
            _create(path)
        return _load(path)
    except OSError as error:
        raise SettingsInvalid(
            f"The key file {path} cannot be read or made ({error.strerror}): give the bridge "
            f"access, or write one with `openssl rand -base64 {MASTER_BYTES}`."
        ) from None


def _load(path: Path) -> bytes:
    with path.open(encoding="ascii", errors="replace") as file:
        status = os.fstat(file.fileno())
        if status.st_mode & _FORBIDDEN_MODE:
            raise SettingsInvalid(
                f"The key file {path} is open to others (mode {stat.S_IMODE(status.st_mode):04o}): "
                f"run `chmod 600 {path}`; if they may have read it, rotate the secret."
            )
        return key_from_text(file.read(1024), origin=f"The key file {path}")


def _create(path: Path) -> None:
    """Write a new secret beside `path` and link it there, so that no reader sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    _write_durably(draft, base64.b64encode(secrets.token_bytes(MASTER_BYTES)) + b"\n")
    try:
        # Unlike a rename, a link never replaces: whoever comes second uses the first one's secret.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_directory(path.parent)


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 -- pathlib opens no descriptors
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
