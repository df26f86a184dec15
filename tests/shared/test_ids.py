"""Identities: numbers catch every slip of one digit, buckets are those of the request, UUIDs stand in order of time."""

import time
import uuid
from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shared import ids
from shared.vocabulary import BUCKETS

NUMBERS = st.builds(
    ids.complaint_number,
    st.dates(date(2000, 1, 1), date(2999, 1, 1)),
    st.integers(0, BUCKETS - 1),
    st.integers(0, 10**9),
)


@given(number=NUMBERS)
def test_a_number_says_its_bucket_and_is_one(number: str) -> None:
    assert len(number) == ids.NUMBER_DIGITS
    assert ids.is_complaint_number(number)
    assert f"{ids.bucket_of_number(number):02d}" == number[8:10]


@given(number=NUMBERS, place=st.integers(0, 16), by=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, place: int, by: int) -> None:
    wrong = str((int(number[place]) + by) % 10)
    assert not ids.is_complaint_number(number[:place] + wrong + number[place + 1 :])


@given(text=st.text(max_size=20))
def test_other_texts_are_no_numbers(text: str) -> None:
    assert not ids.is_complaint_number(text) or (text.isascii() and text.isdigit())


def test_a_bucket_beyond_the_last_is_no_number() -> None:
    body = "2026112464000001"
    assert not any(ids.is_complaint_number(body + str(digit)) for digit in range(10))


def test_full_width_digits_are_no_number() -> None:
    number = ids.complaint_number(date(2026, 11, 24), 7, 1)
    assert not ids.is_complaint_number("".join(chr(ord(digit) + 0xFEE0) for digit in number))


def test_serials_begin_anew_after_a_million() -> None:
    day = date(2026, 11, 24)
    assert ids.complaint_number(day, 1, ids.SERIALS + 5) == ids.complaint_number(day, 1, 5)
    assert ids.complaint_number(day, 1, ids.SERIALS - 1)[10:16] == "999999"


def test_a_number_that_was_given_out_stays_what_it_is() -> None:
    assert ids.complaint_number(date(2026, 11, 24), 14, 0) == "20261124140000003"
    assert ids.bucket_of(uuid.UUID(int=1), "ref:A") == 24


def test_buckets_are_spread_and_differ_by_client() -> None:
    client, other = uuid.UUID(int=1), uuid.UUID(int=2)
    counts = Counter(ids.bucket_of(client, f"key:{n}") for n in range(64_000))
    assert set(counts) == set(range(BUCKETS))
    assert max(counts.values()) < 1_200
    assert [ids.bucket_of(client, f"{n}") for n in range(50)] != [
        ids.bucket_of(other, f"{n}") for n in range(50)
    ]


def test_uuids_stand_in_the_order_of_time() -> None:
    made = []
    for _ in range(5):
        made.append(ids.uuid7())
        time.sleep(0.002)
    assert made == sorted(made)
    assert {(id_.version, id_.variant) for id_ in made} == {(7, uuid.RFC_4122)}
    assert abs((made[0].int >> 80) / 1000 - time.time()) < 5


def test_uuids_of_one_moment_differ() -> None:
    assert len({ids.uuid7() for _ in range(10_000)}) == 10_000
