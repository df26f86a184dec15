"""The circular as an answer: what its summary and its tables consist of."""

from pydantic import Field

from services.figures.definitions import Figure, FigureEnvelope


class ComparedCount(Figure):
    """A count with its changes in percent; null where there is nothing to compare with."""

    count: int
    period_on_period: float | None
    year_on_year: float | None


class PartialCount(ComparedCount):
    """A count that is a part of a total."""

    share: float | None = Field(description="Part of the total, in percent.")


class ByBusiness(Figure):
    """A count in total and by business."""

    total: ComparedCount
    postal: PartialCount
    express: PartialCount


class Satisfaction(Figure):
    """Satisfied users among the valid cases."""

    satisfied: int
    valid: int
    percent: float | None


class CircularSummary(Figure):
    """T1 (总体情况): totals, valid, satisfaction, replies, money recovered. Figures have the names of their definitions."""

    complaints: ByBusiness
    valid: ByBusiness
    valid_ratio: float | None
    satisfaction_administration: Satisfaction
    satisfaction_enterprise_postal: Satisfaction
    satisfaction_enterprise_express: Satisfaction
    reply_overdue: int
    reply_untruthful: int
    recovered_fen: int
    recovered: float = Field(description="Money recovered for users, in 万元.")


class IssueRow(PartialCount):
    """One issue of a table."""

    issue: str
    name: str
    by_business_type: dict[str, int] | None = Field(
        default=None, description="Counts by postal business type; in tables of postal issues only."
    )


class IssueTable(Figure):
    """Issues of a business, the most frequent first."""

    title: str
    total: ComparedCount
    rows: list[IssueRow]
    by_business_type: dict[str, int] | None = Field(
        default=None, description="Counts by postal business type; in tables of postal issues only."
    )


class ProvinceCount(Figure):
    """A count in a province."""

    province: str
    name: str
    count: int


class CarrierRow(Figure):
    """One enterprise of a table, with its provinces."""

    carrier: str
    name: str
    count: int
    provinces: list[ProvinceCount]


class CarrierTable(Figure):
    """Enterprises by province, the most frequent first, with both margins."""

    title: str
    total: int
    provinces: list[ProvinceCount]
    rows: list[CarrierRow]


class CircularTables(Figure):
    """The tables of a circular, by their numbers."""

    T2: CarrierTable = Field(description="Late replies, by enterprise and province.")
    T3: CarrierTable = Field(description="Untruthful replies, by enterprise and province.")
    T4: IssueTable = Field(description="Postal issues.")
    T5: IssueTable = Field(description="Postal issues of valid complaints.")
    T6: IssueTable = Field(description="Express issues.")
    T6_valid: IssueTable = Field(description="Express issues of valid complaints.")


class Circular(FigureEnvelope):
    """The circular (通告) of a month."""

    period: str
    summary: CircularSummary
    tables: CircularTables
    business_types: dict[str, str] = Field(description="Names of the business types, by code.")
    text: str = Field(description="The opening paragraph, in Chinese.")
