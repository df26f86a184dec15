"""From bytes to filings: one JSON object, or a batch as NDJSON or as one JSON array. Nothing else is believed."""

from collections.abc import Sequence
from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from shared.errors import InvalidInputError, MalformedBodyError
from shared.problems import field_errors

FormT = TypeVar("FormT", bound=BaseModel)
MAX_ROWS = 1000


def read_one(raw: bytes, form: type[FormT], *, prefix: str = "") -> FormT:
    """Read one object of a form; `prefix`: where it stands in the body.

    Raises MalformedBodyError if it is no JSON, InvalidInputError with its faults.
    """
    try:
        return form.model_validate_json(raw)
    except ValidationError as error:
        # `input_type` and the like would quote what was sent; only place, kind and advice leave this function
        if (
            error.errors(include_url=False, include_input=False, include_context=False)[0]["type"]
            == "json_invalid"
        ):
            raise MalformedBodyError(
                "The body is not JSON (UTF-8, objects nested at most a few deep). Check quotes, commas and brackets."
            ) from error
        raise InvalidInputError(
            "The body does not have the required form; see errors.", field_errors(error, prefix=prefix)
        ) from error


def rows_of(body: bytes, media_type: str) -> Sequence[bytes]:
    """Part a batch into its rows. Raises MalformedBodyError if an array cannot be read, InvalidInputError for the count."""
    rows = _array(body) if media_type == "application/json" else ndjson(body)
    if not rows:
        raise InvalidInputError("The batch holds no row; send at least one.")
    if len(rows) > MAX_ROWS:
        raise InvalidInputError(f"The batch holds more than {MAX_ROWS} rows; send it in parts.")
    return rows


def ndjson(body: bytes) -> list[bytes]:
    """Return the lines that are not blank; a line that was cut off is refused when it is read."""
    return [line for line in body.split(b"\n") if line.strip()]


def _array(body: bytes) -> list[bytes]:
    try:
        items = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBodyError(
            "The body is not a JSON array (UTF-8). Check quotes, commas and brackets."
        ) from error
    if not isinstance(items, list):
        raise MalformedBodyError("A batch in application/json is an array of objects.")
    return [_row(value) for value in items]


def _row(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        # nested deeper than is written: nothing, which is refused when it is read
        return b""
