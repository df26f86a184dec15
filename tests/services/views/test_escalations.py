"""Notifications of a bureau: newest first, page by page, only of cases that it may see."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.deadlines import watchdog
from services.desk.perform import VerbOutcome
from services.reference.data import ReferenceData
from services.views import escalations
from services.views.escalations import EscalationPage, EscalationQuery
from shared import clock
from shared.database import Database

DAY = timedelta(days=1)
Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
EscalationsOf = Callable[..., dict[str, Any]]


@pytest.fixture
def escalations_of(db: Database, run: Run, reference: ReferenceData) -> EscalationsOf:
    """Return a function that reads the notifications of a bureau."""

    def _escalations_of(bureau: str, **filters: Any) -> dict[str, Any]:
        answer: EscalationPage = run(
            escalations.page(
                db,
                EscalationQuery(**filters),
                bureau=reference.jurisdictions.bureaus[bureau],
                reference=reference,
            )
        )
        return answer.model_dump()

    return _escalations_of


def test_each_bureau_reads_its_escalations(
    received: Make,
    later: Callable[..., None],
    sweep_all: Callable[..., int],
    escalations_of: EscalationsOf,
    db: Database,
    run: Run,
    reference: ReferenceData,
) -> None:
    number = received()
    later(33 * DAY)
    sweep_all()
    run(watchdog.watch(db, reference, size=10))
    items = {
        (item["kind"], (item["deadline"] or {}).get("key")): item
        for item in escalations_of("C330100")["items"]
    }
    total = items["DEADLINE_REMINDER", "total"]
    assert (total["number"], total["step"], total["deadline"]["name"]) == (number, "LONG_OVERDUE", "答复用户")
    assert (total["level_before"], total["level_after"], total["level"]) == ("L0", "L2", "L2")
    assert total["notified_bureaus"] == ["C330100", "P330000", "N000000"]
    assert total["due_at"] < total["at"]
    assert items["DWELLS_TOO_LONG", None]["status"] == "RECEIVED"
    assert [item["deadline"]["key"] for item in escalations_of("N000000")["items"]] == ["total"]
    assert escalations_of("C330200")["items"] == []
    assert escalations_of("C330100", since=clock.now().isoformat())["items"] == []


def test_what_is_handled_elsewhere_by_now_is_out_of_sight(
    received: Make,
    later: Callable[..., None],
    sweep_all: Callable[..., int],
    escalations_of: EscalationsOf,
    act: Callable[..., VerbOutcome],
) -> None:
    number = received()
    later(6 * DAY)
    sweep_all()
    assert escalations_of("C330100")["items"]
    act(number, "reassign", bureau="C330200", reason="属地管辖")
    assert escalations_of("C330100")["items"] == []


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
def test_pages_neither_skip_nor_repeat(
    limit: int,
    received: Make,
    later: Callable[..., None],
    sweep_all: Callable[..., int],
    escalations_of: EscalationsOf,
    ask: Callable[..., list[Any]],
) -> None:
    for _ in range(3):
        received()
        later(15 * DAY)
        sweep_all()
    # what is written at once may carry the same moment
    ask(
        "UPDATE escalation e SET at = (SELECT min(at) FROM escalation o WHERE o.complaint_id = e.complaint_id)"
    )
    entries, cursor = [], None
    while True:
        page = escalations_of("C330100", limit=limit, cursor=cursor)
        entries += [(item["number"], item["deadline"]["key"], item["step"]) for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        assert len(page["items"]) >= limit
    written = ask("SELECT count(*) AS n FROM escalation WHERE notified_bureaus @> '{C330100}'")[0].n
    assert len(entries) == len(set(entries)) == written > 5
