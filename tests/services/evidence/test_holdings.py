"""Files that are taken out: what was harmed is never handed out, and each reading by somebody else is noted."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.evidence import holdings
from services.evidence.holdings import BrokenFileError
from services.evidence.sides import Side
from services.evidence.store import Added
from shared.storage import NotStoredError, Storage
from tests.services.evidence.samples import picture

Ask = Callable[..., list[Any]]
Who = Callable[..., Side]

Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Add = Callable[..., Added]


@pytest.mark.parametrize("harm", ["altered", "swapped", "lost"])
def test_a_stored_file_that_was_harmed_is_never_handed_out(
    harm: str,
    received: Make,
    add: Add,
    filer: Side,
    take_out: Callable[..., holdings.File],
    storage: Storage,
    run: Run,
) -> None:
    number = received()
    first, other = add(number, filer, picture(1)), add(number, filer, picture(2))
    sealed = run(storage.get(first.row.storage_key))
    if harm == "altered":
        run(storage.put(first.row.storage_key, sealed[:-1] + bytes([sealed[-1] ^ 1])))
    elif harm == "swapped":
        run(storage.put(first.row.storage_key, run(storage.get(other.row.storage_key))))
    else:
        run(storage.delete(first.row.storage_key))
    with pytest.raises(NotStoredError if harm == "lost" else BrokenFileError):
        take_out(number, filer, first)


def test_taking_out_is_audited_but_for_ones_own(
    forwarded: Make, add: Add, filer: Side, officer: Who, take_out: Callable[..., holdings.File], ask: Ask
) -> None:
    number = forwarded()
    added = add(number, filer, picture(1))
    take_out(number, filer, added)
    take_out(number, officer(), added)
    [entry] = ask("SELECT actor, subject, data FROM audit_entry WHERE act = 'evidence.read'")
    assert (entry.actor, entry.subject) == ("C330100/li.na", number)
    assert entry.data == {"key": "desk-C330100", "evidence": str(added.row.id)}
