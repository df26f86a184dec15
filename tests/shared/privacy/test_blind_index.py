"""Blind indexes: the same value gives the same index, under one key and for one purpose only."""

from shared.privacy.blind_index import INDEX_BYTES, BlindIndex


def test_an_index_depends_on_key_and_purpose() -> None:
    index, other = BlindIndex(b"i" * 32), BlindIndex(b"j" * 32)
    indexes = {index.of(purpose, "13800138000") for purpose in ("phone", "identity", "waybill")}
    indexes |= {other.of("phone", "13800138000"), index.of("phone", "13800138001")}
    assert len(indexes) == 5
    assert {len(value) for value in indexes} == {INDEX_BYTES}
    assert index.of("phone", "13800138000") == BlindIndex(b"i" * 32).of("phone", "13800138000")
