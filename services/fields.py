"""Fields of forms and of views. Forms are strict: every limit is stated, and no text has control characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from annotated_types import GroupedMetadata
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticUseDefault, core_schema

from shared import clock, text_forms, visible

MAX_FEN = 10**13
"""One hundred billion yuan: beyond any claim, within every column."""
EARLIEST_YEAR, LATEST_YEAR = 1978, 2200
"""Within them every calendar and every time zone can compute."""
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _with_words(value: str) -> str:
    if not visible.has_words(value):
        raise PydanticCustomError("no-words", "write what can be read: this text has no visible character")
    return value


@dataclass(frozen=True, slots=True)
class TextLimits(GroupedMetadata):
    """The limits of a text, as metadata of a field."""

    limit: int
    least: int

    def __iter__(self) -> Iterator[object]:
        """Yield the limits one by one."""
        pattern = text_forms.PLAIN_TEXT.pattern
        yield StringConstraints(min_length=self.least, max_length=self.limit, pattern=pattern)
        if self.least:
            yield AfterValidator(_with_words)


def text(limit: int, *, least: int = 1) -> TextLimits:
    """Return the limits of a text: so many characters, a visible one unless `least` is 0, no controls but tab, CR, LF."""
    return TextLimits(limit, least)


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


def _or_absent(value: object, info: ValidationInfo) -> object:
    # a filter of a query is never dropped: without it the answer would be another
    if info.mode == "json" and isinstance(value, str) and not visible.has_words(value):
        raise PydanticUseDefault
    return value


def _with_absences(schema: CoreSchema) -> CoreSchema:
    """Return the schema of a form in which a text of nothing counts as absent, wherever a field may be absent."""
    if schema["type"] == "model-fields":
        for field in schema["fields"].values():
            if (inner := field["schema"])["type"] == "default":
                inner["schema"] = core_schema.with_info_before_validator_function(_or_absent, inner["schema"])
    elif "schema" in schema:
        _with_absences(schema["schema"])
    return schema


class Form(BaseModel):
    """A form that takes what it knows and nothing else, each value in its own type.

    In a body of JSON, an empty text, or one without a visible character, counts as absent where the field may be absent:
    many systems write empty texts for nothing.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema, with absences."""
        return _with_absences(handler(source))


class View(BaseModel):
    """A part of an answer. It is made of a row, or field by field, and published as it is."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


CivilTime = Annotated[datetime, AfterValidator(clock.in_civil_time)]
"""A moment in an answer, in the civil time of Asia/Shanghai."""
SealedText = Annotated[str, text(2000)]
"""What somebody writes; it is sealed."""
LongWords = Annotated[str, text(5000)]
