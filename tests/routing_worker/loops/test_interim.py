"""The worker's loop of interim answers: all that is due is answered, and whoever delivers messages is woken."""

from collections.abc import Callable, Coroutine
from typing import Any

from routing_worker.bell import Bell
from routing_worker.loops.interim import Interim
from services.access.data_keys import Keys
from services.reference.cache import ReferenceCache
from shared.database import Database
from shared.privacy.keyring import KeyFile
from tests.services.conftest import ask, intake_context, new_context, reference_cache
from tests.services.hotline.conftest import order, platform, take

__all__ = ["ask", "intake_context", "new_context", "order", "platform", "reference_cache", "take"]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_what_is_due_is_answered_and_the_deliveries_are_woken(
    take: Callable[..., dict[str, Any]],
    ask: Callable[..., list[Any]],
    db: Database,
    run: Run,
    key_file: KeyFile,
    reference_cache: ReferenceCache,
) -> None:
    bell = Bell()
    loop = Interim(db, reference_cache, Keys(db, lambda: key_file), bell, seconds=0)
    take("HZ-1", waybill=None)
    take("HZ-2", waybill=None)
    run(loop.once())
    assert not bell.rung.is_set()
    ask("UPDATE hotline_order SET interim_due_at = clock_timestamp() WHERE order_no = 'HZ-2'")
    run(loop.once())
    assert bell.rung.is_set()
    assert [
        row.order_no for row in ask("SELECT order_no FROM hotline_order WHERE interim_at IS NOT NULL")
    ] == ["HZ-2"]
