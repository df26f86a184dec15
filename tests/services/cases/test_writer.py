"""The writer: the change of a stale case is not written, and a fixed number of statements writes all."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.cases import events, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]


def test_a_case_that_was_changed_meanwhile_is_not_overwritten(
    db: Any,
    run: Callable[..., Any],
    prepare: Prepare,
    store: Store,
    case_of: Case,
    ask: Ask,
    reference: ReferenceData,
) -> None:
    [number] = store([prepare()])
    [stale] = ask("SELECT *, clock_timestamp() AS moment FROM complaint")
    ask("UPDATE complaint SET version = version + 1")
    change = CaseChange(
        case=stale,
        actor=Actor.WORKER,
        new_events=[NewEvent(EventKind.ROUTED)],
        columns={"province": "440000"},
    )

    async def _apply() -> None:
        async with db.transaction() as connection:
            await writer.apply(connection, [change], WorkerContext(reference))

    with pytest.raises(events.StaleCaseError):
        run(_apply())
    assert (case_of(number).province, ask("SELECT count(*) FROM case_event")[0][0]) == ("000000", 1)
