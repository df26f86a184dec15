"""Sealing: what was altered, moved or cut short does not open, and a secret shows in no repr."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_a_data_key_shows_no_secret() -> None:
    key = DataKey(1, "sm4gcm.v1", b"a secret of key")
    assert repr(key) == "DataKey(number=1, suite='sm4gcm.v1')"
