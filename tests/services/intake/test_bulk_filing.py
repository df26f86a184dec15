"""Many filings at once: each row is prepared and answered for itself, in its place, whatever the others are."""

from collections.abc import Callable
from typing import Any

import pytest

from services.intake import accept, bulk_filing
from services.intake.bulk_filing import PreparedRows
from services.intake.filing import Filing
from services.intake.preparation import IntakeContext, Prepared
from services.requests.answers import Accepted
from shared import serialisation
from shared.database import Database
from shared.errors import InvalidInputError

Run = Callable[[Any], Any]


@pytest.fixture
def prepare_rows(run: Run, intake_context: IntakeContext) -> Callable[..., PreparedRows]:
    """Return a function that prepares rows, given as mappings or bytes, of one request."""

    def _prepare(*rows: Any, key: str | None = "k") -> PreparedRows:
        raw = [row if isinstance(row, bytes) else serialisation.to_bytes(row) for row in rows]
        prepared: PreparedRows = run(bulk_filing.prepare_rows(raw, Filing, intake_context, key))
        return prepared

    return _prepare


def test_a_bad_row_harms_no_other_and_each_is_answered_in_its_place(
    prepare_rows: Callable[..., PreparedRows],
    filing: Callable[..., dict[str, Any]],
    db: Database,
    run: Run,
) -> None:
    rows = (filing(), b"{", filing(carrier_code="NOBODY"), filing(external_ref="mine"))
    prepared = prepare_rows(*rows)
    assert (prepared.places, list(prepared.faults)) == ([0, 3], [1, 2])
    answers = run(accept.accept_many(db, prepared.filings))
    results = bulk_filing.results(prepared, answers)
    assert [(each["row"], each["status"]) for each in results] == [(0, 201), (1, 400), (2, 422), (3, 201)]
    assert len(results[0]["receipt"]["number"]) == 17
    assert results[2]["problem"]["errors"][0]["pointer"] == "/carrier_code"
    summary = bulk_filing.summary(results)
    assert (summary["stored"], summary["stored_before"], summary["refused"]) == (2, 0, 2)
    # the same request again: every row is known, by its place or its own number
    again = prepare_rows(*rows)
    repeated = bulk_filing.summary(bulk_filing.results(again, run(accept.accept_many(db, again.filings))))
    assert (repeated["stored"], repeated["stored_before"]) == (0, 2)


def test_a_row_is_known_by_its_own_number_or_by_its_place_in_the_request(
    prepare_rows: Callable[..., PreparedRows], filing: Callable[..., dict[str, Any]]
) -> None:
    first, second, mine = prepare_rows(filing(), filing(), filing(external_ref="mine")).filings
    assert len({first.keys, second.keys, mine.keys}) == 3
    assert prepare_rows(filing(external_ref="mine"), key="another").filings[0].keys == mine.keys
    # without either it could not be told from a repetition of itself
    [fault] = prepare_rows(filing(), key=None).faults.values()
    assert fault.code == "request-key-missing"


def test_in_brief_a_result_is_its_number_or_what_to_change(prepare: Callable[..., Prepared]) -> None:
    prepared = PreparedRows([prepare()], [1], {0: InvalidInputError("The row is wrong.")})
    receipt = serialisation.to_bytes({"number": "20261127000000001", "status": "RECEIVED"})
    answer = Accepted(prepared.filings[0].complaint_id, receipt, replayed=True)
    refused, stored = bulk_filing.results(prepared, [answer], brief=True)
    assert stored == {"row": 1, "status": 200, "number": "20261127000000001"}
    assert (refused["row"], refused["status"], refused["code"]) == (0, 422, "invalid-input")
    assert refused.keys() <= {"row", "status", "code", "detail", "errors", "retryable"}
