"""The doctor: a sound deployment is sound, and each fault is found and told apart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ops import doctor
from ops.doctor import Finding, Patient, State
from ops.stack import processes
from services import keys
from shared.database import Database
from shared.privacy import keyring

Run = Callable[..., Any]
SILENT = f"redis://127.0.0.1:{processes.free_port()}/0"


@pytest.fixture
def patient(db: Database, run: Run, tmp_path: Path) -> Patient:
    path = tmp_path / "keys.json"
    key_file = keyring.create(path, purpose="development")
    run(_forget_data_keys(db))
    run(keys.ensure(db, key_file, actor="test"))
    return Patient(db, SILENT, path)


async def _forget_data_keys(db: Database) -> None:
    async with db.transaction() as connection:
        await connection.execute(text("DELETE FROM data_key"))


def states(findings: list[Finding]) -> dict[str, State]:
    return {each.check: each.state for each in findings}


def test_a_sound_deployment_without_doorbell_is_only_warned(patient: Patient, run: Run) -> None:
    found = states(run(doctor.examine(patient)))
    assert found.keys() == doctor.CHECKS.keys()
    assert found["doorbell"] is State.WARN, "nothing listens there, and nothing is lost by it"
    assert {found[name] for name in ("migrations", "clock", "key file", "tasks", "roles")} == {State.OK}


def test_a_key_file_of_another_deployment_fails(patient: Patient, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    keyring.create(other, purpose="development")
    found = run(doctor.examine(Patient(patient.db, SILENT, other)))
    told = next(each for each in found if each.check == "key file")
    assert told.state is State.FAIL
    assert "restore the right file" in told.message


def test_a_missing_key_file_fails(patient: Patient, run: Run, tmp_path: Path) -> None:
    found = states(run(doctor.examine(Patient(patient.db, SILENT, tmp_path / "none.json"))))
    assert found["key file"] is State.FAIL


def test_a_calendar_that_ends_soon_is_warned_of(patient: Patient, run: Run) -> None:
    async def shorten() -> None:
        async with patient.db.transaction() as connection:
            await connection.execute(text("DELETE FROM workday WHERE day > current_date + 30"))

    run(shorten())
    assert states(run(doctor.examine(patient)))["calendar"] in {State.WARN, State.FAIL}


def test_dead_tasks_are_warned_of(patient: Patient, run: Run) -> None:
    async def die() -> None:
        statement = (
            "INSERT INTO task (bucket, id, kind, subject_id, state)"
            " VALUES (0, gen_random_uuid(), 'route', gen_random_uuid(), 'dead')"
        )
        async with patient.db.transaction() as connection:
            await connection.execute(text(statement))

    run(die())
    assert states(run(doctor.examine(patient)))["tasks"] is State.WARN


def test_a_database_that_is_away_fails_every_check_of_it_and_raises_nothing(run: Run, tmp_path: Path) -> None:
    away = Database.connect(f"postgresql+asyncpg://x:x@127.0.0.1:{processes.free_port()}/x")
    found = states(run(doctor.examine(Patient(away, SILENT, tmp_path / "none.json"))))
    run(away.close())
    assert {found[name] for name in ("durability", "migrations", "calendar", "roles")} == {State.FAIL}
