"""A file is what its content is: kinds that are taken are known, whole ones only, and nothing else is."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evidence import kinds
from services.evidence.kinds import DamagedFileError, UnsupportedFileError
from tests.services.evidence import samples

LARGEST = 20 * 1024 * 1024


@pytest.mark.parametrize("media_type", samples.WHOLE)
def test_every_kind_that_is_taken_is_known_by_its_content(media_type: str) -> None:
    assert kinds.of(samples.WHOLE[media_type]).media_type == media_type
    assert set(samples.WHOLE) == set(kinds.KINDS)


@pytest.mark.parametrize("content", samples.HOSTILE.values(), ids=list(samples.HOSTILE))
def test_nothing_else_is_taken(content: bytes) -> None:
    with pytest.raises(UnsupportedFileError) as refused:
        kinds.of(content)
    assert refused.value.members["taken"] == list(kinds.KINDS)
    assert "PDF" in refused.value.detail


@pytest.mark.parametrize("media_type", samples.CUT_OFF)
def test_a_file_that_was_cut_off_is_refused_wherever_it_was_cut(media_type: str) -> None:
    whole = samples.WHOLE[media_type].rstrip(b"\n")
    for length in range(len(whole)):
        with pytest.raises((UnsupportedFileError, DamagedFileError)):
            kinds.of(whole[:length])


@pytest.mark.parametrize("media_type", ["audio/mpeg", "audio/amr"])
def test_a_recording_needs_its_first_frames(media_type: str) -> None:
    with pytest.raises((UnsupportedFileError, DamagedFileError)):
        kinds.of(samples.WHOLE[media_type][:30])


def test_a_picture_with_something_in_or_behind_it_stays_a_picture() -> None:
    # it goes out as a picture to download, and as nothing else; cameras put films behind their pictures
    assert kinds.of(samples.jpeg(b"<script>alert(1)</script>")).media_type == "image/jpeg"
    assert kinds.of(samples.jpeg() + b"PK\x03\x04").media_type == "image/jpeg"
    assert kinds.of(samples.tagged_mp3()).media_type == "audio/mpeg"
    # a film has to end where its boxes end
    with pytest.raises(DamagedFileError):
        kinds.of(samples.mp4() + b"PK\x03\x04" + bytes(40))


@given(st.sampled_from([b"", *(whole[:12] for whole in samples.WHOLE.values())]), st.binary(max_size=2000))
def test_whatever_the_bytes_there_is_an_answer(begin: bytes, rest: bytes) -> None:
    try:
        kind = kinds.of(begin + rest)
    except (UnsupportedFileError, DamagedFileError):
        return
    assert kind.begins(begin + rest)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * (LARGEST // 4 - 1),
        b"\xff\xd8" + b"\xff\xe0\x00\x00" * (LARGEST // 4 - 1),
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x00IHDR1234" * (LARGEST // 12 - 1),
        struct.pack(">I", 16) + b"ftypisom1234" + (struct.pack(">I", 8) + b"free") * (LARGEST // 8 - 2),
        b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(LARGEST - 10),
        b"RIFF" + b"\xff" * 4 + b"WAVE" + bytes(LARGEST - 12),
    ],
    ids=["segments", "empty segments", "chunks", "boxes", "silence", "endless"],
)
def test_a_file_made_to_cost_time_costs_none(content: bytes) -> None:
    began = time.process_time()
    with pytest.raises(DamagedFileError):
        kinds.of(content)
    assert time.process_time() - began < 2
