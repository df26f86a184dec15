"""The command line as a whole: exit codes, and one sentence on failure that quotes no row and no password."""

import pytest

from ops.cli import app
from ops.stack import processes


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


def test_a_database_that_is_away_is_reported_without_its_address(
    connected: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert connected
    monkeypatch.setenv("DATABASE_URL", f"postgresql://x:canary@127.0.0.1:{processes.free_port()}/x")
    assert app.main(["client", "list"]) == 1
    output = capsys.readouterr()
    assert "cannot be reached" in output.err
    assert "canary" not in output.err + output.out


def test_a_setting_that_is_wrong_is_named(
    connected: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert connected
    monkeypatch.setenv("SHENSU_MODE", "staging")
    assert app.main(["client", "list"]) == 1
    assert "SHENSU_MODE" in capsys.readouterr().err
