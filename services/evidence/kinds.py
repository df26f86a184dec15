"""What kind a file is, by its content alone: neither its name nor what the sender declares is believed. Pure.

Only kinds that hold a picture, a document or a recording are taken, and only whole ones: from its first byte a file has to
be what it is served as. Nothing in it is run or shown here; it goes out as a download of exactly this kind.
"""

# ruff: noqa: PLR2004 - the numbers are those of the file formats

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from shared.errors import InvalidInputError, ShensuError

_BOX = 8
_LARGE_BOX = 16
_RIFF_HEAD = 8
_SAID_AT_END = 2048
_MOST_PARTS = 50_000
"""Honest files of the largest size have fewer segments, chunks or boxes; a made-up one costs no time."""
_MP4_BRANDS = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"M4VP",
        b"MSNV",
        b"dash",
    }
)
_M4A_BRANDS = frozenset({b"M4A ", b"M4B "})
_AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
_MP3_KBIT = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_LOW_KBIT = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HERTZ = (44_100, 48_000, 32_000)


class UnsupportedFileError(ShensuError):
    """The content of the file is of no kind that is taken as evidence."""

    status = 415
    code = "unsupported-file"
    title = "This kind of file is not taken"


class DamagedFileError(InvalidInputError):
    """The file begins like a kind that is taken, but is not a whole one."""

    code = "damaged-file"
    title = "The file is damaged or cut off"


class Kind(NamedTuple):
    """A kind of file: its media type, its extension, how it begins, whether it is whole."""

    media_type: str
    extension: str
    begins: Callable[[bytes], bool]
    is_whole: Callable[[bytes], bool]


def _jpeg_is_whole(data: bytes) -> bool:
    """Walk the segments to the picture, and find its end; cameras may put more behind it."""
    at = 2
    for _ in range(_MOST_PARTS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return False
        if data[at + 1] == 0xDA:
            return data.find(b"\xff\xd9", at) > 0
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return False


def _png_is_whole(data: bytes) -> bool:
    """Walk the chunks, of which the first is IHDR and the last IEND."""
    at = 8
    if data[at + 4 : at + 8] != b"IHDR":
        return False
    for _ in range(_MOST_PARTS):
        if at + 12 > len(data):
            return False
        name = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4])
        if name == b"IEND":
            return at <= len(data)
    return False


def _is_riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[:4] == b"RIFF" and data[8:12] == form


def _riff_is_whole(data: bytes) -> bool:
    size = int.from_bytes(data[4:8], "little")
    return size > _RIFF_HEAD and size + _RIFF_HEAD <= len(data)


def _pdf_is_whole(data: bytes) -> bool:
    return b"%%EOF" in data[-_SAID_AT_END:] and b"obj" in data


def _is_mp4(brands: frozenset[bytes]) -> Callable[[bytes], bool]:
    return lambda data: data[4:8] == b"ftyp" and data[8:12] in brands


def _mp4_is_whole(data: bytes) -> bool:
    """Walk the outer boxes to the very end: among them what the recording is (`moov`), and itself (`mdat`)."""
    at, names = 0, set()
    for _ in range(_MOST_PARTS):
        if at + _BOX > len(data):
            break
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + _BOX : at + _LARGE_BOX])
        size = size or len(data) - at
        if size < _BOX:
            return False
        names.add(name)
        at += size
    return at == len(data) and {b"moov", b"mdat"} <= names


def _amr_is_whole(data: bytes) -> bool:
    """Walk a few frames of narrow-band speech; of wide-band files one frame has to be there."""
    if data.startswith(b"#!AMR-WB\n"):
        return len(data) > len(b"#!AMR-WB\n") + 17
    at = len(b"#!AMR\n")
    for _ in range(3):
        if at >= len(data):
            break
        mode = data[at] >> 3 & 0x0F
        if mode >= len(_AMR_FRAMES) or at + _AMR_FRAMES[mode] > len(data):
            return False
        at += _AMR_FRAMES[mode]
    return at > len(b"#!AMR\n")


def _mp3_frame(data: bytes, at: int) -> int | None:
    """Return the length of the frame of MPEG audio layer III at a place, or None if none begins there."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, kbit, hertz = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or kbit in {0, 15} or hertz == 3:
        return None
    low = version != 3
    rate = _MP3_HERTZ[hertz] // {3: 1, 2: 2, 0: 4}[version]
    bits = (_MP3_LOW_KBIT if low else _MP3_KBIT)[kbit] * 1000
    return (72 if low else 144) * bits // rate + (head[2] >> 1 & 1)


def _mp3_start(data: bytes) -> int:
    """Return where the sound begins: behind the tag, if there is one."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for each in data[6:10]:
        size = size << 7 | each & 0x7F
    return 10 + size + (10 if data[5] & 0x10 else 0)


def _is_mp3(data: bytes) -> bool:
    return data[:3] == b"ID3" or _mp3_frame(data, 0) is not None


def _mp3_is_whole(data: bytes) -> bool:
    """Find two frames in a row where the sound begins; encoders may leave zeros before it."""
    sound = data[_mp3_start(data) :].lstrip(b"\0")
    at = len(data) - len(sound)
    length = _mp3_frame(data, at)
    if length is None:
        return False
    return _mp3_frame(data, at + length) is not None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.media_type: kind
        for kind in (
            Kind("image/jpeg", "jpg", lambda data: data[:3] == b"\xff\xd8\xff", _jpeg_is_whole),
            Kind("image/png", "png", lambda data: data[:8] == b"\x89PNG\r\n\x1a\n", _png_is_whole),
            Kind("image/webp", "webp", _is_riff(b"WEBP"), _riff_is_whole),
            Kind("application/pdf", "pdf", lambda data: data[:5] == b"%PDF-", _pdf_is_whole),
            Kind("audio/mpeg", "mp3", _is_mp3, _mp3_is_whole),
            Kind("audio/wav", "wav", _is_riff(b"WAVE"), _riff_is_whole),
            Kind(
                "audio/amr", "amr", lambda data: data.startswith((b"#!AMR\n", b"#!AMR-WB\n")), _amr_is_whole
            ),
            Kind("audio/mp4", "m4a", _is_mp4(_M4A_BRANDS), _mp4_is_whole),
            Kind("video/mp4", "mp4", _is_mp4(_MP4_BRANDS), _mp4_is_whole),
        )
    }
)
TAKEN = "JPEG, PNG and WEBP pictures, PDF documents, MP3, WAV, AMR and M4A recordings, MP4 films"


def of(data: bytes) -> Kind:
    """Return the kind of a file. Raises UnsupportedFileError for any other, DamagedFileError for one that is not whole."""
    for kind in KINDS.values():
        if kind.begins(data):
            if not kind.is_whole(data):
                raise DamagedFileError(
                    "The file is not whole: it may have been cut off. Send it again, or another copy."
                )
            return kind
    raise UnsupportedFileError(
        f"Taken are {TAKEN}. The content decides, not the name; put anything else into one of these.",
        members={"taken": list(KINDS)},
    )
