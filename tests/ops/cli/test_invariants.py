"""Invariants by the command line: all hold on an empty platform; one that is violated is named with its cases."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ops.cli import app
from shared.database import Database
from tests import messages
from tests.ops.cli.conftest import Ops

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_an_empty_platform_violates_nothing(ops: Ops) -> None:
    findings = ops("invariants", "check")
    assert len(findings) > 5
    assert all(finding["violations"] == 0 for finding in findings)


def test_what_is_violated_is_named_with_its_cases(
    ops: Ops, db: Database, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    # a case that was put past everything that writes cases has neither deadlines nor a history
    run(messages.put(db))
    violated = [finding for finding in ops("invariants", "check", code=1) if finding["violations"]]
    assert violated
    assert all(messages.NUMBER in str(finding["examples"]) for finding in violated)
    assert app.main(["invariants", "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("✗")] == [
        line for line in lines if "violated by 1" in line and messages.NUMBER in line
    ]
