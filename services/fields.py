"""Fields of forms and of views. Forms are strict: every limit is stated, and no text has control characters."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from shared import clock, text_forms

MAX_FEN = 10**13
"""One hundred billion yuan: beyond any claim, within every column."""
EARLIEST_YEAR, LATEST_YEAR = 1978, 2200
"""Within them every calendar and every time zone can compute."""
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def text(limit: int, *, least: int = 1) -> StringConstraints:
    """Return the limits of a text: so many characters, and no ASCII control characters but tab and line ends (CR, LF)."""
    return StringConstraints(min_length=least, max_length=limit, pattern=text_forms.PLAIN_TEXT.pattern)


Code = Annotated[str, StringConstraints(pattern=text_forms.CODE.pattern)]
RegionCode = Annotated[str, StringConstraints(pattern=text_forms.REGION_CODE.pattern)]
Reference = Annotated[str, StringConstraints(pattern=text_forms.REFERENCE.pattern)]
Name = Annotated[str, text(100)]
Phone = Annotated[str, text(40)]
Address = Annotated[str, text(300)]
CloseReasonCode = Annotated[
    str, Field(description="Why the case was closed: a code of the list GET /v1/reference/close_reasons.")
]
"""Not the enum: history is closed for any reason of the list that is loaded."""
Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]


def _plausible(moment: datetime) -> datetime:
    if moment.year < EARLIEST_YEAR:
        raise PydanticCustomError(
            "too-long-ago", f"no time before {EARLIEST_YEAR} is taken; correct the year"
        )
    if moment.year > LATEST_YEAR:
        raise PydanticCustomError("in-the-future", f"no time after {LATEST_YEAR} is taken; correct the year")
    return moment


def _written_out(value: object) -> object:
    # a number, or digits in quotes, would be read as seconds since 1970
    if not isinstance(value, str) or not _ISO.match(value):
        raise PydanticCustomError("not-written-out", "write year, month and day, as in 2026-11-23")
    return value


Moment = Annotated[
    AwareDatetime, Field(strict=False), AfterValidator(_plausible), BeforeValidator(_written_out)
]
Day = Annotated[date, Field(strict=False), BeforeValidator(_written_out)]


class Form(BaseModel):
    """A form that takes what it knows and nothing else, each value in its own type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class View(BaseModel):
    """A part of an answer. It is made of a row, or field by field, and published as it is."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


CivilTime = Annotated[datetime, AfterValidator(clock.in_civil_time)]
"""A moment in an answer, in the civil time of Asia/Shanghai."""
SealedText = Annotated[str, text(2000)]
"""What somebody writes; it is sealed."""
LongWords = Annotated[str, text(5000)]
