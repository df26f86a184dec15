"""From bytes to forms and rows: faults are told by their place, and nothing that was sent is repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from services.fields import Form
from services.requests import parsing
from services.requests.parsing import MAX_ROWS
from shared.errors import InvalidInputError, MalformedBodyError

NDJSON, ARRAY = "application/x-ndjson", "application/json"
SECRET = "李小红13800138000"


class Person(Form):
    """A form of a test."""

    name: str = Field(max_length=10)
    age: int = 0


def test_an_object_is_read_strictly() -> None:
    assert parsing.read_one('{"name": "王小明"}'.encode(), Person) == Person(name="王小明")
    with pytest.raises(InvalidInputError) as refused:
        parsing.read_one(f'{{"age": "7", "more": "{SECRET}"}}'.encode(), Person, prefix="/rows/3")
    assert {fault.pointer for fault in refused.value.errors} == {
        "/rows/3/name",
        "/rows/3/age",
        "/rows/3/more",
    }
    assert SECRET not in str(refused.value.errors)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"name": "x"', b"nothing", b"[" * 500])
def test_what_is_no_json_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        parsing.read_one(raw, Person)


def test_lines_of_a_batch_are_rows_and_blank_ones_none() -> None:
    body = b'{"name":"a"}\r\n\n   \n{"name":"b"}\n{"na'
    assert parsing.rows_of(body, NDJSON) == [b'{"name":"a"}\r', b'{"name":"b"}', b'{"na']


def test_elements_of_an_array_are_rows_whatever_they_are() -> None:
    assert parsing.rows_of(b' [ {"name": "a"}, 7, null ] ', ARRAY) == [b'{"name":"a"}', b"7", b"null"]
    # more levels than are written: a row of nothing, which is refused when it is read
    deep = b"[" * 300 + b"]" * 300
    assert parsing.rows_of(b"[" + deep + b', {"name":"a"}]', ARRAY) == [b"", b'{"name":"a"}']


@pytest.mark.parametrize("body", [b"{", b'{"name": "a"}', b"7", b"[1", b"\xff"])
def test_half_an_array_is_no_batch(body: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        parsing.rows_of(body, ARRAY)


@pytest.mark.parametrize("count", [0, MAX_ROWS + 1])
def test_a_batch_has_rows_and_not_too_many(count: int) -> None:
    for body, media_type in ((b"{}\n" * count, NDJSON), (b"[" + b",".join([b"{}"] * count) + b"]", ARRAY)):
        with pytest.raises(InvalidInputError):
            parsing.rows_of(body, media_type)
    assert len(parsing.rows_of(b"{}\n" * MAX_ROWS, NDJSON)) == MAX_ROWS


@given(st.binary(max_size=60), st.sampled_from([NDJSON, ARRAY]))
def test_no_bytes_do_more_than_be_refused(body: bytes, media_type: str) -> None:
    try:
        rows = parsing.rows_of(body, media_type)
    except (InvalidInputError, MalformedBodyError):
        return
    assert rows
