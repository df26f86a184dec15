"""Query parameters of the analytics API: strict, and turned into the questions of `services.figures`."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.figures import query, volume
from services.figures.query import Basis, Dimension, Period, VolumeQuery
from shared import clock

_PERIOD = (
    "Civil days of Asia/Shanghai: `2021-03-31`, `2021-03`, `2021-Q1` or `2021`, as the length of period asks."
)


def _codes(text: str) -> str:
    if not all(part.strip() for part in text.split(",")):
        raise ValueError("give codes separated by single commas")
    return text


Codes = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_, ]{1,1000}$"),
    AfterValidator(_codes),
]
PeriodName = Annotated[str, StringConstraints(min_length=4, max_length=10)]


class VolumeParameters(BaseModel):
    """Parameters of `GET /v1/figures/volume`; any other parameter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: Period = Field(default=Period.MONTH, description="Length of the periods.")
    since: PeriodName | None = Field(default=None, alias="from", description=f"First period. {_PERIOD}")
    until: PeriodName | None = Field(
        default=None, alias="to", description=f"Last period; the present one where not given. {_PERIOD}"
    )
    last: int | None = Field(
        default=None, ge=1, le=400, description="Instead of `from`: how many periods, up to `to`."
    )
    basis: Basis = Field(default=Basis.CLOSED, description="Which event is counted, each on its own day.")
    by: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="",
        description=f"Dimensions to tell apart, separated by commas, out of: {', '.join(Dimension)}.",
    )
    business: Codes | None = Field(default=None, description="Only these businesses: POSTAL, EXPRESS.")
    carrier: Codes | None = Field(default=None, description="Only these enterprises, by code.")
    issue: Codes | None = Field(default=None, description="Only these issues, by code of the first level.")
    issue_detail: Codes | None = Field(
        default=None, description="Only these causes, by code of the second level."
    )
    province: Codes | None = Field(
        default=None, description="Only these provinces, by GB/T 2260 code; 000000 = not yet routed."
    )
    channel: Codes | None = Field(default=None, description="Only these channels.")
    level: Codes | None = Field(default=None, description="Only these handling levels: L0 to L3.")

    def question(self) -> VolumeQuery:
        """Return the question. Raises InvalidInputError for periods that cannot be answered."""
        today = clock.civil_day(clock.now())
        first, last = query.asked_periods(
            self.period, since=self.since, until=self.until, last=self.last, today=today
        )
        given = {dimension: getattr(self, dimension.value) for dimension in Dimension}
        only = {
            dimension: tuple(sorted({code.strip() for code in codes.split(",")}))
            for dimension, codes in given.items()
            if codes is not None
        }
        return VolumeQuery(self.period, first, last, self.basis, volume.dimensions(self.by), only)


class CircularParameters(BaseModel):
    """Parameters of `GET /v1/circulars/{period}`; any other parameter is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: Basis = Field(
        default=Basis.CLOSED,
        description="Which event makes a complaint count: closed (处理), received (接收) or accepted (受理).",
    )
