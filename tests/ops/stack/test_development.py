"""The development clients: made once, repaired when their keys are lost, forgotten with the database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.stack import development
from services.access import clients
from shared.database import Database
from shared.privacy import keyring
from shared.privacy.keyring import KeyFile

Run = Callable[..., Any]
NAMES = tuple(client.name for client in development.CLIENTS)


def test_made_once_and_kept(db: Database, run: Run, tmp_path: Path, key_file: KeyFile) -> None:
    path = tmp_path / "development-keys.json"
    first = run(development.prepare(db, path, key_file, actor="test"))
    assert first.created == NAMES
    assert path.stat().st_mode & 0o077 == 0
    second = run(development.prepare(db, path, key_file, actor="test"))
    assert (second.created, second.renewed, second.keys) == ((), (), first.keys)
    caller = run(clients.authenticate(db, first.keys["carrier-zto"], key_file.pepper))
    assert (caller.kind, caller.carrier_code) == ("carrier", "ZTO")


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("{")], ids=["lost", "cut off"])
def test_lost_keys_are_renewed_for_the_same_clients(
    db: Database, run: Run, tmp_path: Path, key_file: KeyFile, damage: Callable[[Path], object]
) -> None:
    path = tmp_path / "development-keys.json"
    first = run(development.prepare(db, path, key_file, actor="test"))
    damage(path)
    again = run(development.prepare(db, path, key_file, actor="test"))
    assert (again.created, again.renewed) == ((), NAMES)
    before, after = (
        run(clients.authenticate(db, keys["web-form"], key_file.pepper)) for keys in (first.keys, again.keys)
    )
    assert before.client_id == after.client_id


def test_keys_that_another_key_file_made_are_renewed(
    db: Database, run: Run, tmp_path: Path, key_file: KeyFile
) -> None:
    path = tmp_path / "development-keys.json"
    run(development.prepare(db, path, key_file, actor="test"))
    other = keyring.create(tmp_path / "other.json", purpose="development")
    assert run(development.prepare(db, path, other, actor="test")).renewed == NAMES
