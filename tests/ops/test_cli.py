"""The command line: exit codes, JSON for programs, one sentence on failure, secrets shown once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.cli import app, stack
from services.intake.filing import Filing
from shared.database import Database
from shared.privacy import keyring

Run = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home of its own, in which no stack runs."""
    for variable in ("DATABASE_URL", "REDIS_URL", "SHENSU_KEY_FILE", "SHENSU_MODE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("SHENSU_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def connected(home: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the same, pointed at the database of the tests."""
    keyring.create(home / "keys.json", purpose="development")
    monkeypatch.setenv("DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    return home


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        ([], 2),
        (["fly"], 2),
        (["task", "requeue", "not-a-uuid"], 2),
        (["client", "create", "x"], 2),
        (["client", "list"], 1),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert app.main(arguments) == code


@pytest.mark.usefixtures("home")
def test_without_a_stack_one_sentence_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["client", "list"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert "start it with `make run`, or set DATABASE_URL" in output.err
    assert len(output.err.splitlines()) == 1


def test_production_refuses_embedded_servers(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHENSU_MODE", "production")
    assert app.main(["up"]) == 1
    assert "set DATABASE_URL and REDIS_URL" in capsys.readouterr().err
    assert list(home.iterdir()) == []


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
def test_client_is_created_listed_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    create = ["client", "create", "desk", "--kind", "portal", "--scope", "reference:read", "--json"]
    assert app.main(create) == 0
    made = json.loads(capsys.readouterr().out)
    assert app.main(["client", "list", "--json"]) == 0
    shown = capsys.readouterr().out
    assert [row["key_id"] for row in json.loads(shown) if row["name"] == "desk"] == [made["key_id"]]
    assert made["key"] not in shown
    assert app.main(["client", "revoke", made["key_id"]]) == 0
    assert app.main(["client", "revoke", made["key_id"]]) == 1, "revoked already"


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    "fault", [["--scope", "everything"], ["--scope", "reference:read", "--kind", "alien"]]
)
def test_client_with_a_fault_is_refused(fault: list[str]) -> None:
    assert app.main(["client", "create", "desk", "--kind", "portal", *fault]) == 1


@pytest.mark.usefixtures("connected")
def test_tasks_are_listed_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["task", "list", "--state", "dead", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert app.main(["task", "requeue", "00000000-0000-0000-0000-000000000000"]) == 1
    assert "no dead task" in capsys.readouterr().err


@pytest.mark.usefixtures("connected")
def test_migrate_on_a_migrated_database_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["migrate", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["before"] == body["after"]


def test_pasted_curl_holds_a_filing_that_the_form_takes() -> None:
    command = stack.curl("http://127.0.0.1:8001", "sk_test_x")
    assert "Authorization: Bearer sk_test_x" in command
    body = command.split("--data ")[1].strip("'")
    assert json.loads(body) == stack.SAMPLE
    Filing.model_validate_json(body)


@pytest.mark.usefixtures("connected")
def test_figures_are_counted_anew(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["figures", "rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out).keys() == {"days", "months", "seconds"}
