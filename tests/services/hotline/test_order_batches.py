"""Orders in batches: each row is answered for itself."""

from collections.abc import Callable, Coroutine
from typing import Any

from services.hotline import orders
from services.intake import accept, bulk_filing
from services.intake.preparation import IntakeContext
from shared import serialisation
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]


Take = Callable[..., dict[str, Any]]


def test_a_batch_answers_row_by_row(
    db: Database,
    run: Run,
    order: Callable[..., dict[str, Any]],
    platform: Callable[..., IntakeContext],
    take: Take,
) -> None:
    take("HZ-1")
    rows = [
        serialisation.to_bytes(body)
        for body in (
            order("HZ-1"),
            order("HZ-1", content="别的"),
            order("HZ-2"),
            order("HZ-3", kind="NOTHING"),
            order("HZ-2"),
            order("HZ-4", place={"region_code": "999999"}),
        )
    ]

    async def _go() -> Any:
        prepared = await orders.prepare_rows(db, [*rows, b"{"], platform())
        answers = orders.answers_of_orders(await accept.accept_many(db, prepared.filings))
        return bulk_filing.summary(bulk_filing.results(prepared, answers))

    summary = run(_go())
    assert [result["status"] for result in summary["results"]] == [200, 422, 201, 422, 200, 422, 400]
    assert summary["results"][1]["problem"]["code"] == "order-number-reused"
    assert (summary["stored"], summary["stored_before"], summary["refused"]) == (1, 2, 4)
