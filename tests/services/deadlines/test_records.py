"""The records by which a step fires once: whoever writes one again is told that it is not new."""

from collections.abc import Callable
from typing import Any

from services.deadlines import records
from services.deadlines.records import EscalationKey, EscalationRecord
from shared.vocabulary import Level, Step
from tests.services.case_rows import head


def test_a_record_is_new_once(
    received: Callable[..., str],
    case_of: Callable[[str], Any],
    in_transaction: Callable[..., Any],
    ask: Callable[..., list[Any]],
    statements: Callable[[], Any],
) -> None:
    case = case_of(received())

    def _record(round_: int, step: Step) -> EscalationRecord:
        key = EscalationKey(case.bucket, case.id, "total", round_, step)
        return EscalationRecord(key, Level.NORMAL, Level.KEY, ["C330100", "P330000"])

    def _write(*some: EscalationRecord) -> set[EscalationKey]:
        new: set[EscalationKey] = in_transaction(lambda connection: records.write(connection, some))
        return new

    first, overdue = _record(1, Step.LAST_DAY), _record(1, Step.OVERDUE)
    with statements() as sent:
        assert _write(first, overdue) == {first.of, overdue.of}
    assert len(sent) == 1
    # the same step of another round is another one
    again = _record(2, Step.LAST_DAY)
    assert _write(first, overdue, again) == {again.of}
    rows = ask(
        "SELECT round, step, level_before, level_after, notified_bureaus FROM escalation ORDER BY 1, 2"
    )
    assert [tuple(row) for row in rows] == [
        (1, "LAST_DAY", "L0", "L2", ["C330100", "P330000"]),
        (1, "OVERDUE", "L0", "L2", ["C330100", "P330000"]),
        (2, "LAST_DAY", "L0", "L2", ["C330100", "P330000"]),
    ]
    assert _write() == set()


def test_a_case_has_the_bureaus_of_its_row() -> None:
    seats = records.seats_of(head(handling_bureau=None, province="000000"))
    assert tuple(seats) == (None, "P330000", "000000")
