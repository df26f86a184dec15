"""What the loops of a process share: its bells, its role, its longest statement, and the end of all of it."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from routing_worker.state import REFRESH_TIMEOUT, WorkerState
from services.delivery import dispatch
from services.delivery.dispatch import DELIVER
from services.tasks.queue import FORWARD, ROUTE
from shared import database
from shared.settings import Settings

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_process_that_starts_looks_for_what_waited_while_none_ran(
    settings_of: Callable[..., Settings],
) -> None:
    state = WorkerState.opened(settings_of())
    assert state.bell.rung.is_set()
    assert state.delivery_bell.rung.is_set()


@pytest.mark.parametrize(("kind", "delivers"), [(ROUTE, False), (FORWARD, True), (DELIVER, True)])
def test_a_ring_for_messages_wakes_the_deliveries(
    kind: str,
    delivers: bool,  # noqa: FBT001 - a parameter of pytest
    settings_of: Callable[..., Settings],
    run: Run,
) -> None:
    state = WorkerState.opened(settings_of())
    state.delivery_bell.rung.clear()
    run(state.bell.ring(kind))
    assert state.delivery_bell.rung.is_set() is delivers


def test_a_lease_is_no_shorter_than_a_delivery_may_take(settings_of: Callable[..., Settings]) -> None:
    short, long = (WorkerState.opened(settings_of(SHENSU_LEASE_SECONDS=seconds)) for seconds in (1, 600))
    assert short.deliveries.lease == dispatch.LEAST_LEASE
    assert long.deliveries.lease == timedelta(seconds=600)


def test_the_worker_works_under_its_role_and_may_recount_for_minutes(
    settings_of: Callable[..., Settings], run: Run
) -> None:
    async def _ask() -> tuple[Any, str | None]:
        state = WorkerState.opened(settings_of())
        try:
            async with state.db.transaction() as connection:
                row = await connection.execute(
                    text(
                        "SELECT current_user, extract(epoch FROM current_setting('statement_timeout')::interval)"
                    )
                )
            try:
                async with state.db.transaction() as connection:
                    await connection.execute(text("DELETE FROM complaint"))
            except DBAPIError as error:
                return tuple(row.one()), database.sqlstate(error)
        finally:
            await state.close()
        return tuple(row.one()), None

    assert run(_ask()) == (("shensu_worker", REFRESH_TIMEOUT.total_seconds()), "42501")
