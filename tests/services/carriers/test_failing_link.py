"""The scans of a case's item: shown with the link that they point at, which decides nothing."""

from collections.abc import Callable
from typing import Any

from services.carriers import failing_link, tracking
from services.cases import lookup
from services.reference.data import ReferenceData
from shared.database import Database
from tests.services.carriers.conftest import WAYBILL, scan

Make = Callable[..., str]
Push = Callable[..., list[tracking.ScanAnswer]]
Ask = Callable[..., list[Any]]
Run = Callable[[Any], Any]
ITEM = {"item": {"waybill": WAYBILL}}
LATE = [
    scan("1", "1", "2026-01-02T08:00:00+08:00", region_code="440305"),
    scan("2", "206", "2026-01-02T12:00:00+08:00", region_code="440305"),
    scan("3", "204", "2026-01-02T20:00:00+08:00", region_code="420100", outlet="WH01"),
    scan("4", "2", "2026-01-08T20:00:00+08:00"),
    scan("5", "205", "2026-01-09T20:00:00+08:00", region_code="330106"),
    scan("6", "301", "2026-01-10T10:00:00+08:00", region_code="330106"),
]
"""Six days in Wuhan's sorting centre."""


def test_what_the_scans_point_at_is_shown_and_decides_nothing(
    forwarded: Make, push: Push, db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    number = forwarded(issue_code="DELAY", **ITEM)

    async def _read() -> Any:
        async with db.transaction() as connection:
            case = await lookup.find(connection, number, lookup.of_carrier("ZTO"))
            return await failing_link.of_case(connection, case, reference)

    assert run(_read()) is None
    push(LATE)
    shown = run(_read())
    assert (shown.state, shown.unknown, len(shown.scans)) == ("SIGNED", 0, 6)
    proposal = shown.inference.proposal
    assert (proposal.link, proposal.region, proposal.confidence) == ("SORT", "420100", 90)
    assert (shown.inference.rule, shown.version, proposal.events) == ("LK3", "P1", ("3", "4"))
    assert [rule.rule for rule in shown.inference.tried] == ["LK1", "LK2", "LK3"]
    [case] = ask("SELECT failing_link, outlet FROM complaint")
    assert tuple(case) == (None, None)
