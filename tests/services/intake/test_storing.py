"""The rows of a new case: all of them or none, and the sealed record bound to its own."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.cases import parties
from services.intake.preparation import IntakeContext, Prepared
from services.requests.answers import Answer
from shared import ids
from tests.services.intake.paths import TABLES, numbers_of

Prepare = Callable[..., Prepared]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
File = Callable[..., list[Answer]]


def test_all_rows_of_a_filing_stand_together(
    prepare: Prepare, file: File, counts: Callable[[], dict[str, int]], ask: Ask
) -> None:
    prepared = prepare(external_ref="a-1", item={"waybill": "75123456789012"})
    [answer] = file([prepared])
    number = numbers_of([answer])[0]
    assert counts() == dict.fromkeys(TABLES, 1)
    [row] = ask("SELECT * FROM complaint")
    assert (row.number, row.bucket, row.id, row.status, row.version) == (
        number,
        prepared.bucket,
        prepared.complaint_id,
        "RECEIVED",
        1,
    )
    assert ids.bucket_of_number(number) == prepared.bucket == ids.bucket_of(prepared.client_id, "ref:a-1")
    [event] = ask("SELECT * FROM case_event")
    assert (event.complaint_id, event.seq, event.kind, event.actor) == (
        prepared.complaint_id,
        1,
        "RECEIVED",
        "INTAKE",
    )
    [task] = ask("SELECT * FROM task")
    assert (task.subject_id, task.bucket, task.kind, task.state) == (
        prepared.complaint_id,
        prepared.bucket,
        "route",
        "ready",
    )
    assert ask("SELECT count(*) FROM dirty_day")[0][0] == 1


def test_the_sealed_record_opens_for_its_own_row_only(
    prepare: Prepare, file: File, ask: Ask, intake_context: IntakeContext
) -> None:
    file([prepare(), prepare()])
    first, second = ask("SELECT complaint_id, sealed FROM complaint_party ORDER BY complaint_id")
    content = parties.open_record(first.sealed, intake_context.ring, first.complaint_id)
    assert content["complainant"]["phone"] == "+8613800138000"
    with pytest.raises(Exception, match="altered or moved"):
        parties.open_record(first.sealed, intake_context.ring, second.complaint_id)
