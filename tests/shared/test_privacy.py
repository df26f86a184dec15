"""Sealing and keys: what was altered or moved does not open, and a damaged key file is told, never its contents."""

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy import keyring, masking
from shared.privacy.blind_index import INDEX_BYTES, BlindIndex
from shared.privacy.keyring import KeyFileError, KeyRing
from shared.privacy.sealing import SUITES, DataKey, SealBrokenError, key_number, new_secret, seal, unseal

HERE, THERE = b"complaint_party|1", b"complaint_party|2"
KEYS = {name: DataKey(number, name, new_secret(name)) for number, name in enumerate(SUITES, 1)}


@pytest.mark.parametrize("suite", KEYS)
def test_what_was_sealed_opens_under_its_row_and_key_only(suite: str) -> None:
    key = KEYS[suite]
    sealed = seal(key, b"secret", bound_to=HERE)
    assert unseal(key, sealed, bound_to=HERE) == b"secret"
    assert b"secret" not in sealed
    assert key_number(sealed) == key.number
    assert sealed != seal(key, b"secret", bound_to=HERE)
    for wrong in (DataKey(key.number, suite, new_secret(suite)), DataKey(9, suite, key.secret)):
        with pytest.raises(SealBrokenError):
            unseal(wrong, sealed, bound_to=HERE)
    with pytest.raises(SealBrokenError):
        unseal(key, sealed, bound_to=THERE)


@given(
    plain=st.binary(max_size=40),
    place=st.integers(0),
    flip=st.integers(1, 255),
    suite=st.sampled_from(sorted(KEYS)),
)
def test_one_altered_byte_anywhere_does_not_open(plain: bytes, place: int, flip: int, suite: str) -> None:
    sealed = bytearray(seal(KEYS[suite], plain, bound_to=HERE))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(SealBrokenError):
        unseal(KEYS[suite], bytes(sealed), bound_to=HERE)


@given(cut=st.integers(0, 38), suite=st.sampled_from(sorted(KEYS)))
def test_a_record_cut_short_does_not_open(cut: int, suite: str) -> None:
    sealed = seal(KEYS[suite], b"secret", bound_to=HERE)
    assert len(sealed) == 39
    with pytest.raises(SealBrokenError):
        unseal(KEYS[suite], sealed[:cut], bound_to=HERE)


def test_secrets_show_in_no_repr(tmp_path: Path) -> None:
    file = keyring.create(tmp_path / "keys.json", purpose="test")
    key = keyring.new_data_key(1)
    assert repr(key.secret) not in repr(key)
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
def test_a_damaged_key_file_is_told_without_its_contents(case: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(DAMAGE[case], encoding="utf-8")
    with pytest.raises(KeyFileError) as told:
        keyring.read(path)
    assert str(path) in str(told.value)
    assert SECRET[:10] not in str(told.value)


def test_a_missing_key_file_is_told(tmp_path: Path) -> None:
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


def test_an_index_depends_on_key_and_purpose() -> None:
    index, other = BlindIndex(b"i" * 32), BlindIndex(b"j" * 32)
    found = {index.of(purpose, "13800138000") for purpose in ("phone", "identity", "waybill")}
    found |= {other.of("phone", "13800138000"), index.of("phone", "13800138001")}
    assert len(found) == 5
    assert {len(one) for one in found} == {INDEX_BYTES}
    assert index.of("phone", "13800138000") == BlindIndex(b"i" * 32).of("phone", "13800138000")


LETTERS = st.text(alphabet="甲乙丙丁abc0123456789", min_size=1, max_size=30)


@given(text=LETTERS)
def test_no_mask_shows_more_than_it_may(text: str) -> None:
    assert masking.name(text) in {"*", text[0] + "*" * (len(text) - 1)}
    hidden = masking.phone(text).count("*")
    assert hidden >= min(masking.HIDDEN_PHONE_DIGITS, len(text) - 2)
    assert hidden >= 1
    assert masking.address(text) in {text[:shown] + "****" for shown in range(7)}
    assert masking.identity(text).count("*") >= min(len(text) - 2, 16)
    assert masking.waybill(text).count("*") >= min(len(text), max(len(text) - 4, 1))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("浙江省杭州市西湖区文三路100号", "浙江省杭州市****"),
        ("北京市朝阳区", "北京市****"),
        ("文三路100号", "****"),
        ("A座1201室B", "****"),
        ("3幢2单元502室", "****"),
    ],
)
def test_an_address_shows_no_road_and_no_room(text: str, shown: str) -> None:
    assert masking.address(text) == shown
