"""Definitions, age and unit: what every answer of figures begins with, and the list of all definitions."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from services.figures.state import FactsState
from services.rules.metrics.definitions import METRICS
from services.rules.metrics.dimensions import Dimension
from shared import clock


class Figure(BaseModel):
    """A part of an answer of figures."""

    model_config = ConfigDict(frozen=True)


class Definition(Figure):
    """What a figure means, and how it is computed."""

    code: str
    version: str = Field(description="Changes when the definition does.")
    zh: str
    en: str
    formula: str
    unit: str = Field(description="case, percent, fen or 万元.")
    denominator: str | None = Field(description="What a percentage is a part of.")
    decimals: int
    source: str
    rounding: str


class DimensionDefinition(Figure):
    """What figures are grouped and filtered by."""

    code: str = Field(description="Name of the parameter.")
    zh: str
    filter: str = Field(description="What the parameter selects.")


class Definitions(Figure):
    """All figures and all dimensions."""

    metrics: list[Definition]
    dimensions: list[DimensionDefinition]


class FigureEnvelope(Figure):
    """What every answer of figures carries."""

    figure: str
    basis: str = Field(description="Measure that is counted, each case on the day of its own event.")
    unit: str
    version: int = Field(description="Version of the facts: it changes when a figure may have changed.")
    as_of: datetime | None = Field(
        description="Moment up to which the facts count; null: nothing was ever counted."
    )
    suppressed: list[str] = Field(description="Cells that are withheld to protect persons; none today.")
    definition: dict[str, Definition] = Field(
        description="Definitions of the figures in this answer, by code."
    )


@cache
def of(code: str) -> Definition:
    """Return the definition of a figure."""
    return Definition(**asdict(METRICS[code]))


def by_code(basis: str, codes: Iterable[str]) -> dict[str, Definition]:
    """Return the definitions of a basis and of further figures, by code."""
    return {code: of(code) for code in dict.fromkeys((basis, *codes))}


def unit(basis: str) -> str:
    """Return the unit of what is counted."""
    return METRICS[basis].unit


def as_of(state: FactsState) -> datetime | None:
    """Return the moment up to which the facts count, in civil time."""
    return None if state.as_of is None else state.as_of.astimezone(clock.SHANGHAI)


def every() -> Definitions:
    """Return all definitions."""
    return Definitions(
        metrics=[of(code) for code in METRICS],
        dimensions=[
            DimensionDefinition(code=each.value, zh=each.zh, filter=each.filter_text) for each in Dimension
        ],
    )


def as_number(value: Decimal | None) -> float | None:
    """Return a rounded figure as a JSON number."""
    return None if value is None else float(value)
