"""What a died upload left in the store goes; what a case holds, and what may still be under way, stays."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from services.evidence import pruning
from services.evidence.sides import Side
from services.evidence.store import Added
from shared import storage as stores
from shared.database import Database
from shared.storage import Storage
from tests.services.evidence.samples import picture

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_objects_without_a_row_are_deleted_when_they_are_old_enough(
    db: Database,
    run: Run,
    storage: Storage,
    received: Callable[..., str],
    add: Callable[..., Added],
    filer: Side,
    ask: Callable[..., list[Any]],
) -> None:
    kept = [add(received(), filer, picture(place)).row.storage_key for place in range(3)]
    orphans = [stores.new_key() for _ in range(4)]
    for key in orphans:
        run(storage.put(key, b"sealed"))
    young = run(pruning.prune(db, storage, actor="tests"))
    assert (young.seen, young.deleted) == (0, 0)
    done = run(pruning.prune(db, storage, actor="tests", older_than=timedelta(seconds=-5)))
    assert (done.seen, done.deleted) == (7, 4)
    again = run(pruning.prune(db, storage, actor="tests", older_than=timedelta(seconds=-5)))
    assert (again.seen, again.deleted) == (3, 0)
    for key in kept:
        assert run(storage.get(key))
    rows = ask("SELECT data FROM audit_entry WHERE act = 'evidence.prune' ORDER BY id")
    assert [row.data["deleted"] for row in rows] == [0, 4, 0]
