"""What the interface's description says beyond signatures: meaning and examples."""

from datetime import UTC, date, datetime

from pydantic import BaseModel

from services.circulars import bulletin
from services.circulars.cells import Cells, ReplyFaults
from services.circulars.tables import Months
from services.figures import definitions
from services.figures.definitions import Definitions
from services.figures.query import NoSuchCombinationError, Period, combinations
from services.figures.state import FactsState
from services.figures.volume import AnswerTooLargeError, Volume, VolumeRow, VolumeTotal
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.errors import FieldError
from shared.http import examples, refusals
from shared.http.document import OpenApiDocument
from shared.http.refusals import INVALID_PARAMETERS, Refusals, refusal

TITLE = "Shensu analytics API"
_BY_DAY = "; or ".join(combinations(Period.DAY))
_BY_MONTH = "; or ".join(combinations(Period.MONTH))
ABOUT = (
    "Figures on complaints (申诉) about postal and express service. Every answer has the "
    "definitions of its figures, the version and the moment (`as_of`) of the facts, and the "
    "withheld cells (`suppressed`). Percentages are rounded half up to one decimal, as the "
    "published circulars do; null means that there is nothing to compare with. Days and months "
    "are those of Asia/Shanghai. Send the ETag back as If-None-Match: 304 says that "
    "nothing changed."
)
VOLUME = (
    "Counts by day, month, quarter or year. `totals` has every period; `rows` has each cell that "
    "has a case, with its share of the period's total, the change from the period before and from "
    f"the same period of last year. These dimensions are counted together. By day: {_BY_DAY}. By month, "
    f"quarter and year: {_BY_MONTH}. Other combinations, unknown parameters and unknown codes are refused "
    "(422)."
)
CIRCULAR = (
    "Summary (T1: totals, valid, shares, changes, three satisfactions, late and untruthful "
    "replies, money recovered in 万元), late and untruthful replies by enterprise and province (T2, "
    "T3), postal issues by business type (T4, valid T5), express issues (T6, valid T6_valid), and "
    "the paragraph in Chinese. Valid complaints (有效申诉) always count on the day of closing."
)
_PERIOD = {"pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?|-Q[1-4])?$"}
PARAMETERS: dict[str, OpenApiDocument] = {
    "from": _PERIOD,
    "to": _PERIOD,
    "If-None-Match": {"pattern": "^[ -~]*$", "maxLength": 1000},
    "by": {"pattern": "^[a-z_, ]*$"},
    "period": {"pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}
_ENVELOPE: OpenApiDocument = {
    "basis": "closed",
    "unit": "case",
    "version": 7,
    "as_of": "2026-11-23T09:00:00+08:00",
    "suppressed": [],
    "definition": definitions.by_code("closed", ("share",)),
}
VOLUME_EXAMPLE = Volume(
    figure="volume",
    **_ENVELOPE,
    period=Period.MONTH,
    since="2021-03",
    until="2021-03",
    by=[Dimension.BUSINESS],
    filters={},
    names={"business": {"EXPRESS": "快递", "POSTAL": "邮政"}},
    totals=[VolumeTotal(period="2021-03", count=26605, period_on_period=42.2, year_on_year=None)],
    rows=[
        VolumeRow.model_validate(
            {
                "period": "2021-03",
                "business": "EXPRESS",
                "count": 25878,
                "share": 97.3,
                "period_on_period": 43.7,
                "year_on_year": None,
            }
        )
    ],
)
_MARCH, _FEBRUARY = Cells(), Cells()
_MARCH.add("EXPRESS", "DELAY", "EXPRESS", {Measure.CLOSED: 25878, Measure.VALID: 2496})
_MARCH.add("POSTAL", "DELAY", "LETTER", {Measure.CLOSED: 727, Measure.VALID: 58})
_FEBRUARY.add("EXPRESS", "DELAY", "EXPRESS", {Measure.CLOSED: 18004, Measure.VALID: 1964})
_FEBRUARY.add("POSTAL", "DELAY", "LETTER", {Measure.CLOSED: 711, Measure.VALID: 62})
_LATE = [ReplyFaults("ZTO", "440000", 4, 0)]
_NAMES = {
    Dimension.ISSUE: {"DELAY": "延误"},
    Dimension.CARRIER: {"ZTO": "中通快递"},
    Dimension.PROVINCE: {"440000": "广东省"},
}
CIRCULAR_EXAMPLE = bulletin.compose(
    date(2021, 3, 1),
    Measure.CLOSED,
    FactsState(7, datetime(2026, 11, 23, 1, tzinfo=UTC)),
    Months(_MARCH, _FEBRUARY, None),
    _LATE,
    _NAMES,
)
DEFINITIONS_EXAMPLE = Definitions(
    metrics=[definitions.of("valid"), definitions.of("valid_ratio")],
    dimensions=definitions.every().dimensions[:2],
)
NO_SUCH_COMBINATION = refusal(
    NoSuchCombinationError(
        "By day the figures can be grouped and filtered by any of these together: business + province + channel + level.",
        [FieldError("/query/by", "no-such-combination", "choose dimensions out of one of them")],
    )
)
ANSWER_TOO_LARGE = refusal(
    AnswerTooLargeError(
        "The answer has more than 50000 cells: ask for fewer periods or dimensions, or filter."
    )
)
VOLUME_REFUSALS: Refusals = (INVALID_PARAMETERS, NO_SUCH_COMBINATION, ANSWER_TOO_LARGE)
CIRCULAR_REFUSALS: Refusals = (INVALID_PARAMETERS,)
VOCABULARY: Refusals = (NO_SUCH_COMBINATION, ANSWER_TOO_LARGE)
"""The refusals of this API besides those that all share."""
TAGS = {
    "operation": "Whether the process runs, and what it measures; needs no key.",
    "figures": "Figures by period and dimension.",
    "circulars": "The monthly circular (通告).",
}


def example(content: BaseModel | OpenApiDocument) -> OpenApiDocument:
    """Describe a success by the example of its body."""
    body = (
        content.model_dump(mode="json", by_alias=True, exclude_unset=True)
        if isinstance(content, BaseModel)
        else content
    )
    return {"content": {"application/json": {"example": examples.marked(body)}}}


def responses(
    description: str, content: BaseModel, *, refused: Refusals = (), is_cached: bool = False
) -> dict[int | str, OpenApiDocument]:
    """Describe the answers of an operation: success and refusals by example, 304 where a copy may be kept."""
    described: dict[int | str, OpenApiDocument] = {200: {"description": description} | example(content)}
    if is_cached:
        described[200]["headers"] = {
            "ETag": {"description": "Changes when the facts do.", "schema": {"type": "string"}}
        }
        described[304] = {"description": "Your copy, named by If-None-Match, still holds"}
    return described | refusals.responses(refused)
