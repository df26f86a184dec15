"""The doctor by the command line: a line for each check, and exit code 1 if one fails."""

import json

import pytest

from ops import doctor
from ops.cli import app
from tests.ops.cli.conftest import Ops


def test_each_check_has_its_finding_and_a_failure_its_exit_code(ops: Ops) -> None:
    # the server of the tests runs without fsync: the check of durability fails
    findings = ops("doctor", code=1)
    states = {finding["check"]: finding["state"] for finding in findings}
    assert states.keys() == doctor.CHECKS.keys()
    assert (states["durability"], states["migrations"]) == ("fail", "ok")


@pytest.mark.usefixtures("connected")
def test_people_read_a_sign_before_each_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert {line[0] for line in lines} <= {"✓", "!", "✗"}
    assert [line for line in lines if line.startswith("✗ durability")]


@pytest.mark.usefixtures("connected")
def test_a_sound_deployment_ends_with_zero(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {"migrations": doctor.CHECKS["migrations"]})
    assert app.main(["doctor", "--json"]) == 0
    assert [finding["state"] for finding in json.loads(capsys.readouterr().out)] == ["ok"]
