"""Identities: UUIDv7 for rows, buckets from the request identity, and the public number of a case."""

import hashlib
import random
import time
import uuid
from datetime import date

from stdnum.iso7064 import mod_11_10

from shared.vocabulary import BUCKETS

NUMBER_DIGITS = 17
SERIALS = 1_000_000


def uuid7() -> uuid.UUID:
    """Return a time-ordered UUID (RFC 9562, version 7, method 3): ids of one process are in the order of creation."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    # unique, not secret: knowing an id gives no access to a case
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random.getrandbits(62)
    return uuid.UUID(int=value)


def bucket_of(client_id: uuid.UUID, key: str) -> int:
    """Return the bucket 0–63 of a request identity: a repeated request gets the bucket of the first one."""
    digest = hashlib.blake2b(key.encode(), key=client_id.bytes, digest_size=2).digest()
    return int.from_bytes(digest) % BUCKETS


def complaint_number(day: date, bucket: int, serial: int) -> str:
    """Return the public number: date (8), bucket (2), serial (6), check digit (ISO 7064 MOD 11,10)."""
    body = f"{day:%Y%m%d}{bucket:02d}{serial % SERIALS:06d}"
    return body + mod_11_10.calc_check_digit(body)


def is_complaint_number(text: str) -> bool:
    """Tell whether a text is a well-formed public number with the right check digit."""
    if len(text) != NUMBER_DIGITS or not (text.isascii() and text.isdigit()):
        return False
    return bool(mod_11_10.is_valid(text)) and bucket_of_number(text) < BUCKETS


def bucket_of_number(number: str) -> int:
    """Return the bucket that a public number names."""
    return int(number[8:10])
