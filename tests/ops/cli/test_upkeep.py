"""Commands that bring a deployment into shape: keys, schema, reference data, figures; a second time changes nothing."""

import json
from pathlib import Path

import pytest

from ops.cli import app
from tests.ops.cli.conftest import Ops


def test_key_file_is_private_and_never_replaced(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["keys", "create", "--production", "--json"]) == 0
    path = home / "keys.json"
    assert json.loads(capsys.readouterr().out) == {"key_file": str(path)}
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_bytes()
    assert app.main(["keys", "create"]) == 1
    assert "exists already" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.usefixtures("connected")
def test_migrate_on_a_migrated_database_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["migrate", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["before"] == body["after"]


@pytest.mark.usefixtures("connected")
def test_figures_are_counted_anew(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["figures", "rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out).keys() == {"days", "months", "seconds"}


def test_reference_data_that_is_in_force_is_not_loaded_again(ops: Ops) -> None:
    first, second = ops("reference", "load"), ops("reference", "load")
    assert second["changed"] is False
    assert second["version"] == first["version"]
