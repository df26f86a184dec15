"""Query parameters of the analytics API: strict, made from the registry of figures, turned into questions."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from services.circulars import bulletin
from services.figures import query, volume
from services.figures.query import Period, VolumeQuery
from services.rules.metrics import measures
from services.rules.metrics.definitions import METRICS
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared import clock, form_faults, text_forms
from shared.http.document import OpenApiDocument

_PERIOD = (
    "Civil days of Asia/Shanghai: `2021-03-31`, `2021-03`, `2021-Q1` or `2021`, as the length of period asks."
)


def _codes(text: str) -> str:
    if not all(part.strip() for part in text.split(",")):
        raise PydanticCustomError(form_faults.WRONG_FORM, text_forms.CODES.advice)
    return text


Codes = Annotated[
    str,
    StringConstraints(pattern=text_forms.CODES.pattern),
    AfterValidator(_codes),
]
PeriodName = Annotated[str, StringConstraints(min_length=4, max_length=10)]


ParametersT = TypeVar("ParametersT", bound=BaseModel)


def _one_of(bases: Sequence[Measure]) -> tuple[BeforeValidator, WithJsonSchema]:
    """Return what makes a measure one of these, in the check and in the description alike."""

    def check(value: object) -> object:
        if value not in bases:
            raise PydanticCustomError("unknown-value", f"send one of {', '.join(bases)}")
        return value

    return BeforeValidator(check), WithJsonSchema(
        {"type": "string", "enum": [basis.value for basis in bases]}
    )


def _meanings(*bases: Measure) -> str:
    return "; ".join(f"{basis}: {METRICS[basis].en} ({METRICS[basis].zh})" for basis in bases)


def _with_filters(model: type[ParametersT]) -> type[ParametersT]:
    """Add to a model one parameter for each dimension of the registry."""
    filters: OpenApiDocument = {
        dimension.value: (Codes | None, Field(default=None, description=dimension.filter_text))
        for dimension in Dimension
    }
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, __module__=__name__, **filters)


@_with_filters
class VolumeParameters(BaseModel):
    """Parameters of `GET /v1/figures/volume`; any other parameter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: Period = Field(default=Period.MONTH, description="Length of the periods.")
    since: PeriodName | None = Field(default=None, alias="from", description=f"First period. {_PERIOD}")
    until: PeriodName | None = Field(
        default=None, alias="to", description=f"Last period; the present one if absent. {_PERIOD}"
    )
    last: int | None = Field(
        default=None, ge=1, le=400, description="Instead of `from`: how many periods, up to `to`."
    )
    basis: Annotated[Measure, *_one_of(measures.BASES)] = Field(
        default=Measure.CLOSED,
        description=f"Event that is counted, each on its own day. {_meanings(*measures.BASES)}.",
    )
    by: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="",
        description=f"Dimensions to group by, separated by commas, out of: {', '.join(Dimension)}.",
    )

    def question(self) -> VolumeQuery:
        """Return the question. Raises InvalidInputError for periods that cannot be answered."""
        today = clock.civil_day(clock.now())
        first, last = query.period_range(
            self.period, since=self.since, until=self.until, last=self.last, today=today
        )
        filters = {dimension: getattr(self, dimension.value) for dimension in Dimension}
        only = {
            dimension: tuple(sorted({code.strip() for code in codes.split(",")}))
            for dimension, codes in filters.items()
            if codes is not None
        }
        return VolumeQuery(self.period, first, last, self.basis, volume.dimensions(self.by), only)


class CircularParameters(BaseModel):
    """Parameters of `GET /v1/circulars/{period}`; any other parameter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: Annotated[Measure, *_one_of(bulletin.BASES)] = Field(
        default=Measure.CLOSED,
        description=f"Event that makes a complaint count. {_meanings(*bulletin.BASES)}.",
    )
