"""A stack run for an operator: found by other commands while it runs, one in a home, and never unsafe in production."""

import json
import stat
from pathlib import Path

import pytest

from ops.stack import run
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.servers import Servers

FILE = {
    "database_url": "postgresql://a:canary@h/d",
    "redis_url": "redis://:canary@h/1",
    "intake_url": "http://127.0.0.1:1",
    "analytics_url": "http://127.0.0.1:2",
}


@pytest.fixture
def servers(tmp_path: Path) -> Servers:
    """Return servers of the operator: they only keep the home."""
    return Servers(tmp_path, database_url="postgresql://elsewhere/db", redis_url="redis://elsewhere")


def test_a_stack_is_found_while_it_runs_and_only_then(servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text(json.dumps(FILE), encoding="utf-8")
    assert run.find(tmp_path) is None
    servers.start()
    try:
        stack = run.find(tmp_path)
        assert stack is not None
        assert stack.intake_url == "http://127.0.0.1:1"
        assert "canary" not in repr(stack)
    finally:
        servers.stop()
    assert run.find(tmp_path) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"intake_url": "x"}'])
def test_a_file_that_was_cut_off_is_no_stack(text: str, servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text(text, encoding="utf-8")
    servers.start()
    try:
        assert run.find(tmp_path) is None
    finally:
        servers.stop()


def test_one_home_runs_one_stack(servers: Servers, tmp_path: Path) -> None:
    servers.start()
    try:
        with (
            pytest.raises(StackError, match=r"is running in .* already"),
            run.running(StackSettings.apart(tmp_path), lambda _line: None),
        ):
            pass
    finally:
        servers.stop()


def test_production_runs_on_real_servers_only(tmp_path: Path) -> None:
    settings = StackSettings.model_validate({"SHENSU_HOME": tmp_path, "SHENSU_MODE": "production"})
    unnamed = settings.model_copy(update={"database_url": None, "redis_url": None})
    with pytest.raises(StackError, match="set DATABASE_URL and REDIS_URL"), run.running(unnamed, print):
        pass


def test_passwords_are_written_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    path.touch(mode=0o644)
    run._write_private(path, "{}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_is_at_the_keyboard_is_named() -> None:
    assert run.actor().startswith("ops:")
    assert len(run.actor()) > len("ops:")
