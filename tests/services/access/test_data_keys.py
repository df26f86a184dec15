"""The data keys: one is made at the first start and never again; another key file opens none of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.access import data_keys
from services.access.data_keys import Keys
from shared.database import Database
from shared.privacy import keyring
from shared.privacy.keyring import KeyFile, KeyFileError
from shared.privacy.sealing import SealBrokenError

Run = Callable[[Any], Any]
Ask = Callable[..., list[Any]]


@pytest.fixture
def _without_keys(ask: Ask) -> Iterator[None]:
    """Take the keys of this run out of the database, and put them back."""
    rows = ask("SELECT id, suite, wrapped, state FROM data_key")
    ask("DELETE FROM data_key")
    yield
    ask("DELETE FROM data_key")
    for row in rows:
        ask(
            "INSERT INTO data_key (id, suite, wrapped, state) VALUES (:id, :suite, :wrapped, :state)",
            **row._mapping,
        )


@pytest.mark.usefixtures("_without_keys")
def test_the_first_key_is_made_once(db: Database, run: Run, key_file: KeyFile, ask: Ask) -> None:
    with pytest.raises(KeyFileError, match="no data key"):
        run(data_keys.ring(db, key_file))
    assert [run(data_keys.ensure(db, key_file, actor="anna")) for _ in range(2)] == [True, False]
    assert [tuple(row) for row in ask("SELECT actor, act, subject FROM audit_entry")] == [
        ("anna", "data_key.create", "1")
    ]
    sealed = run(data_keys.ring(db, key_file)).seal(b"words", bound_to=b"here")
    # what one process sealed, another opens
    assert run(data_keys.ring(db, key_file)).unseal(sealed, bound_to=b"here") == b"words"


@pytest.mark.usefixtures("_without_keys")
def test_the_newest_active_key_seals_and_older_ones_still_open(
    db: Database, run: Run, key_file: KeyFile, ask: Ask
) -> None:
    run(data_keys.ensure(db, key_file, actor="anna"))
    sealed = run(data_keys.ring(db, key_file)).seal(b"old", bound_to=b"here")
    for number in (2, 3):
        key = keyring.new_data_key(number)
        ask(
            "INSERT INTO data_key (id, suite, wrapped, state) VALUES (:id, :suite, :wrapped, :state)",
            id=number,
            suite=key.suite,
            wrapped=key_file.wrap(key),
            state="active" if number == 2 else "decrypt_only",
        )
    ring = run(data_keys.ring(db, key_file))
    assert ring.unseal(sealed, bound_to=b"here") == b"old"
    ask("DELETE FROM data_key WHERE id <> 2")
    alone = run(data_keys.ring(db, key_file))
    assert alone.unseal(ring.seal(b"new", bound_to=b"here"), bound_to=b"here") == b"new"


def test_another_key_file_opens_nothing(db: Database, run: Run, tmp_path: Path) -> None:
    stranger = keyring.create(tmp_path / "other.json", purpose="development")
    with pytest.raises(SealBrokenError):
        run(data_keys.ring(db, stranger))


def test_a_process_opens_its_keys_when_they_are_first_needed_and_once(
    db: Database, run: Run, key_file: KeyFile, statements: Callable[[], Any]
) -> None:
    reads: list[int] = []

    def _read() -> KeyFile:
        reads.append(1)
        return key_file

    keys = Keys(db, _read)
    assert reads == []
    with statements() as sent:
        first, second = run(keys.ring()), run(keys.ring())
    assert first is second
    assert (len(reads), len(sent)) == (1, 1)
