"""What tests of commands share: a home of their own, the database of the tests, and a way to run a command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.cli import app
from shared.database import Database

Ops = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home of its own, in which no stack runs."""
    for variable in ("DATABASE_URL", "REDIS_URL", "SHENSU_KEY_FILE", "SHENSU_MODE", "SHENSU_EVIDENCE_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("SHENSU_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def connected(home: Path, key_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the same, pointed at the database of the tests and at its key file."""
    monkeypatch.setenv("SHENSU_KEY_FILE", str(key_path))
    monkeypatch.setenv("DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    return home


@pytest.fixture
def ops(connected: Path, capsys: pytest.CaptureFixture[str]) -> Ops:
    """Return a function that runs a command on the database of the tests and returns its JSON, or what it says on failure.

    `code` is the exit code that is expected.
    """
    assert connected.is_dir()

    def _ops(*arguments: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert app.main([*arguments, "--json"]) == code
        output = capsys.readouterr()
        return json.loads(output.out) if output.out else output.err

    return _ops
