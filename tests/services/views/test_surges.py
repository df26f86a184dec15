"""Which warnings a bureau sees, and which of their cases."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.requests.cursors import CursorError
from services.surges import warning
from services.views import surges
from services.views.surges import SurgePage, SurgeQuery
from shared.database import Database
from shared.errors import NotFoundError

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Seen = Callable[..., dict[str, Any]]
HANGZHOU, NINGBO, SHANGHAI, NANJING = "330106", "330203", "310115", "320106"


@pytest.fixture
def _found(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
    db: Database,
    run: Run,
    reference: ReferenceData,
) -> None:
    """Let complaints stand out: in Hangzhou, against an outlet of Hangzhou and Ningbo, by a stoppage over provinces."""
    at = [{"addressee": {"region_code": region}, "outlet": "O1"} for region in [HANGZHOU] * 10 + [NINGBO] * 2]
    over = [
        {"addressee": {"region_code": region}, "urgency": ["NETWORK_STOPPAGE"], "carrier_code": "YTO"}
        for region in (HANGZHOU, SHANGHAI, NANJING)
    ]
    store([prepare(**changes) for changes in at + over])
    work()
    run(warning.warn(db, reference, size=500))


@pytest.fixture
def seen(db: Database, run: Run, reference: ReferenceData) -> Seen:
    """Return a function that reads the list of a bureau."""

    def _seen(bureau: str, **filters: Any) -> dict[str, Any]:
        answer: SurgePage = run(
            surges.page(
                db, SurgeQuery(**filters), bureau=reference.jurisdictions.bureaus[bureau], reference=reference
            )
        )
        return answer.model_dump()

    return _seen


def _kinds(page: dict[str, Any]) -> list[str]:
    return sorted(item["kind"] for item in page["items"])


@pytest.mark.usefixtures("_found")
@pytest.mark.parametrize(
    ("bureau", "kinds"),
    [
        ("N000000", ["CITY", "OUTLET", "STOPPAGE"]),
        ("P330000", ["CITY", "OUTLET", "STOPPAGE"]),
        # a province sees what concerns all
        ("P310000", ["STOPPAGE"]),
        ("P440000", ["STOPPAGE"]),
        ("C330100", ["CITY", "OUTLET", "STOPPAGE"]),
        # a city sees where cases of its own are
        ("C330200", ["OUTLET"]),
        ("C440100", []),
    ],
)
def test_each_bureau_sees_its_own(bureau: str, kinds: list[str], seen: Seen) -> None:
    assert _kinds(seen(bureau)) == kinds


@pytest.mark.usefixtures("_found")
def test_a_warning_says_what_stands_out_and_against_what(seen: Seen) -> None:
    [city] = seen("C330100", kind="CITY")["items"]
    assert city["carrier"] == {"code": "ZTO", "name": "中通快递"}
    assert city["place"] == {"code": "330100", "name": "杭州市"}
    assert (city["count"], city["mean"], city["deviation"], city["members"]) == (10, 0, 0, 10)
    assert (city["level"], city["national"], city["province"]) == ("L2", False, "330000")


@pytest.mark.usefixtures("_found")
def test_pages_neither_skip_nor_repeat(seen: Seen) -> None:
    kinds, cursor = [], None
    for _ in range(3):
        page = seen("N000000", limit=1, cursor=cursor)
        kinds += _kinds(page)
        cursor = page["next"]
    assert cursor is None
    assert sorted(kinds) == ["CITY", "OUTLET", "STOPPAGE"]
    assert _kinds(seen("N000000", carrier_code="YTO")) == ["STOPPAGE"]
    with pytest.raises(CursorError):
        seen("N000000", cursor="x")


@pytest.mark.usefixtures("_found")
def test_of_its_cases_a_bureau_sees_its_own(
    seen: Seen, db: Database, run: Run, reference: ReferenceData
) -> None:
    bureaus = reference.jurisdictions.bureaus
    [outlet] = seen("C330200")["items"]
    surge_id = outlet["id"]
    warning_with_cases = run(surges.find(db, surge_id, bureau=bureaus["C330200"], reference=reference))
    assert warning_with_cases.members == 12
    assert {case.handling_bureau for case in warning_with_cases.cases} == {"C330200"}
    assert len(warning_with_cases.cases) == 2
    assert len(run(surges.find(db, surge_id, bureau=bureaus["P330000"], reference=reference)).cases) == 12
    with pytest.raises(NotFoundError):
        run(surges.find(db, surge_id, bureau=bureaus["P310000"], reference=reference))
