"""Keys: a damaged key file is reported without its contents; a ring opens what each of its keys sealed."""

import json
import os
import stat
from pathlib import Path

import pytest

from shared.privacy import keyring
from shared.privacy.blind_index import BlindIndex
from shared.privacy.keyring import KeyFileError, KeyRing
from shared.privacy.sealing import SUITES, DataKey, SealBrokenError, key_number, new_secret

HERE = b"complaint_party|1"
KEYS = {name: DataKey(number, name, new_secret(name)) for number, name in enumerate(SUITES, 1)}


def test_a_key_file_shows_no_secret(tmp_path: Path) -> None:
    file = keyring.create(tmp_path / "keys.json", purpose="test")
    assert repr(file) == "KeyFile(purpose='test')"


def test_a_key_file_is_its_owners_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "in" / "keys.json"
    made = keyring.create(path, purpose="test")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600  # noqa: PTH116 - the mode is what is asked
    assert keyring.read(path) == made
    with pytest.raises(FileExistsError):
        keyring.create(path, purpose="test")
    assert keyring.read(path) == made


SECRET = "c2VjcmV0IHRoYXQgbm9ib2R5IG1heSBzZWUgaW4gYSBsb2c="
DAMAGE = {
    "not JSON": f'{{"kek": "{SECRET}"',
    "a key missing": json.dumps({"purpose": "x", "kek": SECRET, "pepper": SECRET}),
    "not base64": json.dumps(
        {"purpose": "x", "kek": SECRET, "pepper": SECRET, "index_key": SECRET[:-3] + "?"}
    ),
    "too short": json.dumps({"purpose": "x", "kek": SECRET, "pepper": SECRET, "index_key": "YWJj"}),
    "a list": "[]",
    "not text": json.dumps({"purpose": "x", "kek": 1, "pepper": 2, "index_key": 3}),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_key_file_is_reported_without_its_contents(case: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(DAMAGE[case], encoding="utf-8")
    with pytest.raises(KeyFileError) as error:
        keyring.read(path)
    assert str(path) in str(error.value)
    assert SECRET[:10] not in str(error.value)


def test_a_missing_key_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be read"):
        keyring.read(tmp_path / "none.json")


def _ring(*keys: DataKey, active: int) -> KeyRing:
    return KeyRing({key.number: key for key in keys}, active, BlindIndex(b"i" * 32))


def test_a_ring_seals_with_the_active_key_and_opens_with_any() -> None:
    old, new = KEYS["sm4gcm.v1"], KEYS["aes256gcm.v1"]
    before = _ring(old, active=1).seal(b"x", bound_to=HERE)
    ring = _ring(old, new, active=2)
    assert ring.unseal(before, bound_to=HERE) == b"x"
    assert key_number(ring.seal(b"x", bound_to=HERE)) == 2
    with pytest.raises(KeyFileError):
        _ring(new, active=2).unseal(before, bound_to=HERE)


def test_data_keys_open_with_the_file_that_wrapped_them(tmp_path: Path) -> None:
    file, other = (keyring.create(tmp_path / name, purpose="test") for name in ("a", "b"))
    key = keyring.new_data_key(1)
    wrapped = file.wrap(key)
    assert key.secret not in wrapped
    assert file.unwrap(1, key.suite, wrapped) == key
    for by, version in ((other, 1), (file, 2)):
        with pytest.raises(SealBrokenError):
            by.unwrap(version, key.suite, wrapped)
