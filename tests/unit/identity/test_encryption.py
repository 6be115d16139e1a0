import base64
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import DecryptionFailed, SettingsInvalid
from bridge.identity.encryption import Sealer, beside, each_of, key_from_text, load_or_create_key

OLD, NEW = b"o" * 32, b"n" * 32
json_objects = st.dictionaries(
    st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))
)


def flipped(box: bytes) -> bytes:
    """Change the last bit."""
    return box[:-1] + bytes([box[-1] ^ 1])


@given(json_objects)
def test_what_is_sealed_is_opened_unchanged(plain: dict[str, str]) -> None:
    assert Sealer([NEW]).unseal(Sealer([NEW]).seal(plain)) == plain


def test_a_sealed_value_shows_nothing_and_never_repeats() -> None:
    sealer = Sealer([NEW])
    first, second = (sealer.seal({"ip": "canary"}) for _ in range(2))
    assert first != second
    assert b"canary" not in first


def test_after_a_rotation_old_values_open_and_new_ones_use_the_first_key() -> None:
    rotated = Sealer([NEW, OLD])
    assert rotated.unseal(Sealer([OLD]).seal({"a": "b"})) == {"a": "b"}
    assert Sealer([NEW]).unseal(rotated.seal({"a": "b"})) == {"a": "b"}


def test_a_foreign_value_does_not_open() -> None:
    with pytest.raises(DecryptionFailed) as raised:
        Sealer([NEW]).unseal(Sealer([OLD]).seal({"ip": "canary"}))
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(flipped, id="one-bit"),
        pytest.param(lambda box: box[:-1], id="end"),
        pytest.param(lambda box: box[:9], id="all-but-the-start"),
        pytest.param(lambda _: b"", id="all"),
    ],
)
def test_a_changed_or_broken_value_does_not_open(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(DecryptionFailed):
        Sealer([OLD]).unseal(change(Sealer([OLD]).seal({"ip": "canary"})))


@given(st.lists(json_objects, max_size=4))
def test_what_is_put_beside_each_other_is_told_apart_again(plains: list[dict[str, str]]) -> None:
    sealer = Sealer([NEW])
    together = reduce(beside, map(sealer.seal, plains), None)
    assert [sealer.unseal(box) for box in each_of(together or b"")] == plains


def test_sealing_needs_a_key() -> None:
    with pytest.raises(SettingsInvalid):
        Sealer([])


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bridge.key"
    key = load_or_create_key(path)
    assert len(key) == 32
    assert load_or_create_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "bridge.key"
    with ProcessPoolExecutor(4, mp_context=get_context("forkserver")) as processes:
        keys = set(processes.map(load_or_create_key, [path] * 16))
    assert keys == {load_or_create_key(path)}
    assert list(tmp_path.iterdir()) == [path]


def test_whoever_comes_second_takes_the_first_one_s_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bridge.key"
    first = load_or_create_key(path)
    monkeypatch.setattr(Path, "exists", lambda _: False)  # as seen just before the first one wrote
    assert load_or_create_key(path) == first
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o604, 0o601, 0o620, 0o666])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "bridge.key"
    load_or_create_key(path)
    path.chmod(mode)
    with pytest.raises(SettingsInvalid, match=f"mode {mode:04o}.*chmod 600"):
        load_or_create_key(path)


def test_a_key_file_its_group_may_read_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "bridge.key"
    key = load_or_create_key(path)
    path.chmod(0o640)
    assert load_or_create_key(path) == key


@pytest.mark.parametrize("content", ["", "short", "Y2FuYXJ5", "\N{SNOWMAN}" * 44, "=" * 44])
def test_a_file_without_a_secret_is_refused_without_showing_it(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "bridge.key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SettingsInvalid, match="openssl rand -base64 32") as raised:
        load_or_create_key(path)
    assert str(path) in str(raised.value)
    assert not content or content not in str(raised.value)


def test_a_path_that_cannot_hold_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "bridge.key"):
        with pytest.raises(SettingsInvalid, match="cannot be read or made"):
            load_or_create_key(path)


def test_a_written_secret_is_read_from_base64() -> None:
    text = base64.b64encode(NEW).decode()
    assert key_from_text(f" {text}\n", origin="BRIDGE_MASTER_SECRET") == NEW
    with pytest.raises(SettingsInvalid, match="BRIDGE_MASTER_SECRET"):
        key_from_text(text[:-4], origin="BRIDGE_MASTER_SECRET")
