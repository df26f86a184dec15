"""Words that somebody wrote: sealed for their place, and shown nowhere else; nothing is made of nothing."""

import pytest

from services.cases import words
from shared.privacy import keyring
from shared.privacy.blind_index import BlindIndex
from shared.privacy.keyring import KeyRing
from shared.privacy.sealing import SealBrokenError

HERE, THERE = b"case_event|1", b"case_event|2"


@pytest.fixture(scope="module")
def ring() -> KeyRing:
    """Return a key ring of one new key."""
    return KeyRing({1: keyring.new_data_key(1)}, 1, BlindIndex(bytes(32)))


def test_words_are_read_where_they_were_sealed_and_only_there(ring: KeyRing) -> None:
    made = words.make({"reason": "不属本局", "note": "李小红来电"}, ring)
    assert made is not None
    sealed = made.seal(HERE)
    assert words.read(sealed, ring, bound_to=HERE) == {"reason": "不属本局", "note": "李小红来电"}
    with pytest.raises(SealBrokenError):
        words.read(sealed, ring, bound_to=THERE)
    with pytest.raises(SealBrokenError):
        words.read(sealed[:-1] + bytes([sealed[-1] ^ 1]), ring, bound_to=HERE)
    assert words.read(None, ring, bound_to=HERE) == {}


def test_neither_the_seal_nor_a_log_shows_them(ring: KeyRing) -> None:
    made = words.make({"note": "李小红"}, ring)
    assert made is not None
    assert "李小红".encode() not in made.seal(HERE)
    assert "李小红" not in repr(made)


def test_of_nothing_nothing_is_made(ring: KeyRing) -> None:
    assert words.make({}, ring) is None
    assert words.make({"reason": None, "note": ""}, ring) is None
    made = words.make({"reason": "理由", "note": ""}, ring)
    assert made is not None
    assert made.texts == {"reason": "理由"}
    assert made.only(["note", "answer"]) is None
    chosen = made.only(["reason", "note"])
    assert chosen is not None
    assert chosen.texts == {"reason": "理由"}
