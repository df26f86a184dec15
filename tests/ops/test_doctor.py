"""The doctor: a sound deployment is sound, and each fault is found and told apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ops import doctor
from ops.doctor import CheckState, HealthCheckResult, Patient
from ops.stack import processes
from shared.database import Database
from shared.privacy import keyring

Run = Callable[..., Any]
SILENT = f"redis://127.0.0.1:{processes.free_port()}/0"


@pytest.fixture
def patient(db: Database, key_path: Path) -> Patient:
    """Give the deployment of the tests; nothing listens where its doorbell should be."""
    return Patient(db, SILENT, key_path)


def states(findings: list[HealthCheckResult]) -> dict[str, CheckState]:
    return {each.check: each.state for each in findings}


def test_each_check_tells_its_own_fault(patient: Patient, run: Run) -> None:
    checks = states(run(doctor.examine(patient)))
    assert checks.keys() == doctor.CHECKS.keys()
    assert checks["doorbell"] is CheckState.WARN, "nothing listens there, and nothing is lost by it"
    assert checks["durability"] is CheckState.FAIL, "the tests' own server runs without fsync"
    assert {checks[name] for name in ("migrations", "clock", "key file", "tasks", "roles")} == {CheckState.OK}


def test_pools_that_may_open_more_connections_than_the_server_takes_are_warned_of(
    patient: Patient, run: Run
) -> None:
    assert states(run(doctor.examine(patient)))["connections"] is CheckState.OK
    many = replace(patient, connections=10_000)
    finding = next(each for each in run(doctor.examine(many)) if each.check == "connections")
    assert finding.state is CheckState.WARN
    assert "SHENSU_POOL_SIZE" in finding.message


def test_a_key_file_of_another_deployment_fails(patient: Patient, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    keyring.create(other, purpose="development")
    findings = run(doctor.examine(Patient(patient.db, SILENT, other)))
    finding = next(each for each in findings if each.check == "key file")
    assert finding.state is CheckState.FAIL
    assert "restore the right file" in finding.message


def test_a_missing_key_file_fails(patient: Patient, run: Run, tmp_path: Path) -> None:
    checks = states(run(doctor.examine(Patient(patient.db, SILENT, tmp_path / "none.json"))))
    assert checks["key file"] is CheckState.FAIL


def test_a_calendar_that_ends_soon_is_warned_of(
    patient: Patient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CALENDAR_AHEAD", timedelta(days=36_500))
    assert states(run(doctor.examine(patient)))["calendar"] is CheckState.WARN
    monkeypatch.setattr(doctor, "CALENDAR_AHEAD", timedelta(days=-36_500))
    assert states(run(doctor.examine(patient)))["calendar"] is CheckState.OK


def test_dead_tasks_are_warned_of(patient: Patient, run: Run) -> None:
    async def die() -> None:
        statement = (
            "INSERT INTO task (bucket, id, kind, subject_id, state)"
            " VALUES (0, gen_random_uuid(), 'route', gen_random_uuid(), 'dead')"
        )
        async with patient.db.transaction() as connection:
            await connection.execute(text(statement))

    run(die())
    assert states(run(doctor.examine(patient)))["tasks"] is CheckState.WARN


def test_deadlines_that_no_sweep_takes_fail(patient: Patient, run: Run) -> None:
    async def wait_for(minutes: int) -> None:
        statement = (
            "INSERT INTO case_deadline (bucket, complaint_id, key, round, rule, amount, unit, deadline_version,"
            " calendar_version, provisional, started_at, due_at, next_check_at)"
            " SELECT 0, gen_random_uuid(), 'total', 1, 'total', 30, 'day', '2020', '1', false, at, at, at"
            " FROM (SELECT clock_timestamp() - make_interval(mins => :minutes) AS at) due"
        )
        async with patient.db.transaction() as connection:
            # a deadline without its case: only its time matters here
            await connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
            await connection.execute(text(statement), {"minutes": minutes})

    run(wait_for(1))
    assert states(run(doctor.examine(patient)))["deadlines"] is CheckState.OK
    run(wait_for(10))
    finding = next(each for each in run(doctor.examine(patient)) if each.check == "deadlines")
    assert finding.state is CheckState.FAIL
    assert finding.message.startswith("1 deadlines wait")


def test_a_database_that_is_away_fails_every_check_of_it_and_raises_nothing(run: Run, tmp_path: Path) -> None:
    away = Database.connect(f"postgresql+asyncpg://x:x@127.0.0.1:{processes.free_port()}/x")
    checks = states(run(doctor.examine(Patient(away, SILENT, tmp_path / "none.json"))))
    run(away.close())
    assert {checks[name] for name in ("durability", "migrations", "calendar", "roles")} == {CheckState.FAIL}
