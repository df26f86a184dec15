"""Checks a deployment for faults that could lose data, stop deadlines or make personal data unreadable."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import redis.asyncio as doorbell
from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from ops import migrate
from services.access import data_keys
from services.deadlines import sweep
from services.delivery import delivery_log, endpoints, feeds, snapshot_horizon
from services.tasks import admin
from shared import clock
from shared.database import Database
from shared.models.reference import workday
from shared.privacy import keyring
from shared.privacy.keyring import KeyFileError
from shared.privacy.sealing import SealBrokenError

DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")
CALENDAR_AHEAD = timedelta(days=60)
SKEW = timedelta(seconds=2)
SWEEP_LATE = timedelta(minutes=5)
ROLES = ("shensu_intake", "shensu_worker", "shensu_analytics")


class CheckState(StrEnum):
    """Result of a check."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class HealthCheckResult:
    """The result of one check, with advice."""

    check: str
    state: CheckState
    message: str


@dataclass(frozen=True, slots=True)
class Patient:
    """The deployment to check."""

    db: Database
    redis_url: str
    key_file: Path
    connections: int = 0
    """How many connections its processes may open."""


async def examine(patient: Patient) -> list[HealthCheckResult]:
    """Run every check; a check that cannot run fails, and does not stop the others."""
    findings = []
    for name, check in CHECKS.items():
        try:
            state, message = await check(patient)
        except (DBAPIError, OSError) as error:
            state, message = (
                CheckState.FAIL,
                f"cannot be checked: the database does not answer as it should ({_kind(error)})",
            )
        findings.append(HealthCheckResult(name, state, message))
    return findings


async def _durability(patient: Patient) -> tuple[CheckState, str]:
    async with patient.db.transaction() as connection:
        values = {name: await connection.scalar(text(f"SHOW {name}")) for name in DURABILITY}
    wrong = [f"{name} = {value}" for name, value in values.items() if value in {"off", "local"}]
    if wrong:
        return CheckState.FAIL, f"{', '.join(wrong)}: an acknowledged complaint may be lost; set to on"
    return CheckState.OK, ", ".join(f"{name} = {value}" for name, value in values.items())


async def _connections(patient: Patient) -> tuple[CheckState, str]:
    async with patient.db.transaction() as connection:
        most = int(await connection.scalar(text("SHOW max_connections")) or 0)
        reserved = int(await connection.scalar(text("SHOW superuser_reserved_connections")) or 0)
    if patient.connections > most - reserved:
        return (
            CheckState.WARN,
            f"{patient.connections} may open, Postgres takes {most - reserved}: raise that or lower SHENSU_POOL_SIZE",
        )
    return CheckState.OK, f"at most {patient.connections} of {most - reserved}"


async def _migrations(patient: Patient) -> tuple[CheckState, str]:
    present, newest = await migrate.present(patient.db), migrate.newest()
    if present == newest:
        return CheckState.OK, f"at {present}"
    return CheckState.FAIL, f"database at {present}, this release needs {newest}: run `python -m ops migrate`"


async def _clock(patient: Patient) -> tuple[CheckState, str]:
    before = clock.now()
    async with patient.db.transaction() as connection:
        server = await connection.scalar(select(func.clock_timestamp()))
    after = clock.now()
    skew = max(before - server, server - after, timedelta(0)) if server else timedelta(0)
    if skew > SKEW:
        return (
            CheckState.WARN,
            f"this machine and Postgres differ by {skew.total_seconds():.1f} s: set both by NTP",
        )
    return CheckState.OK, f"this machine and Postgres agree within {SKEW.total_seconds():.0f} s"


async def _calendar(patient: Patient) -> tuple[CheckState, str]:
    async with patient.db.transaction() as connection:
        last = await connection.scalar(select(func.max(workday.c.day)))
    if last is None:
        return CheckState.FAIL, "no working-day table: run `python -m ops reference load`"
    ahead = last - clock.civil_day(clock.now())
    if ahead < CALENDAR_AHEAD:
        return (
            CheckState.WARN,
            f"working days are known until {last}: load the next year, else deadlines are provisional",
        )
    return CheckState.OK, f"working days are known until {last}"


async def _doorbell(patient: Patient) -> tuple[CheckState, str]:
    bell = doorbell.Redis.from_url(patient.redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        await bell.ping()
    except (RedisError, OSError):
        return (
            CheckState.WARN,
            "Valkey does not answer: nothing is lost, but routing waits for the sweeper; check REDIS_URL",
        )
    finally:
        await bell.aclose()
    return CheckState.OK, "Valkey answers"


async def _keys(patient: Patient) -> tuple[CheckState, str]:
    try:
        await data_keys.ring(patient.db, keyring.read(patient.key_file))
    except KeyFileError as error:
        return CheckState.FAIL, str(error)
    except SealBrokenError:
        return (
            CheckState.FAIL,
            f"{patient.key_file} does not open the data keys of this database: restore the right file",
        )
    return CheckState.OK, f"{patient.key_file} opens the data keys; keep a copy apart from the database"


async def _tasks(patient: Patient) -> tuple[CheckState, str]:
    counts = await admin.counts(patient.db)
    dead = sum(row["count"] for row in counts if row["state"] == "dead")
    waiting = sum(row["count"] for row in counts if row["state"] != "dead")
    if dead:
        return CheckState.WARN, f"{dead} dead, {waiting} waiting: see `python -m ops task list --state dead`"
    return CheckState.OK, f"none dead, {waiting} waiting"


async def _feeds(patient: Patient) -> tuple[CheckState, str]:
    if ahead := await feeds.ahead(patient.db):
        return (
            CheckState.FAIL,
            f"{ahead} entries are shown to nobody, for a dump was restored: run `python -m ops feed rebase`",
        )
    age = await snapshot_horizon.oldest(patient.db)
    if age > snapshot_horizon.LONG:
        return (
            CheckState.WARN,
            f"a transaction that writes is {age.total_seconds():.0f} s old, and holds back every feed: see pg_stat_activity",
        )
    return CheckState.OK, "nothing holds them back"


async def _recipients(patient: Patient) -> tuple[CheckState, str]:
    recipients = await endpoints.list_endpoints(patient.db)
    dead = await delivery_log.dead(patient.db)
    failing = [
        recipient["audience"]
        for recipient in recipients
        if recipient["open_until"] or recipient["state"] != endpoints.ACTIVE
    ]
    waiting = sum(recipient["waiting"] for recipient in recipients)
    if failing or dead:
        unreachable = f"; not reached: {', '.join(failing)}" if failing else ""
        return (
            CheckState.WARN,
            f"{dead} messages dead, {waiting} waiting{unreachable}: see `python -m ops endpoint list` and `delivery list`",
        )
    return CheckState.OK, f"{len(recipients)} registered, none dead, {waiting} waiting"


async def _deadlines(patient: Patient) -> tuple[CheckState, str]:
    waiting = await sweep.behind(patient.db, by=SWEEP_LATE)
    if waiting:
        minutes = int(SWEEP_LATE.total_seconds() / 60)
        return (
            CheckState.FAIL,
            f"{waiting} deadlines wait for more than {minutes} minutes: is a worker up? see `sweep_failed` in its log",
        )
    return CheckState.OK, "no due deadline waits for the sweep"


async def _roles(patient: Patient) -> tuple[CheckState, str]:
    statement = text(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(:names) AND pg_has_role(rolname, 'MEMBER')"
    )
    async with patient.db.transaction() as connection:
        roles = set((await connection.execute(statement, {"names": list(ROLES)})).scalars())
    missing = [role for role in ROLES if role not in roles]
    if missing:
        return (
            CheckState.FAIL,
            f"this login may not work as {', '.join(missing)}: run `python -m ops migrate` as the owner",
        )
    return CheckState.OK, f"{', '.join(ROLES)} are there"


def _kind(error: Exception) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    return type(original).__name__


CHECKS: dict[str, Callable[[Patient], Awaitable[tuple[CheckState, str]]]] = {
    "durability": _durability,
    "connections": _connections,
    "migrations": _migrations,
    "clock": _clock,
    "calendar": _calendar,
    "doorbell": _doorbell,
    "key file": _keys,
    "tasks": _tasks,
    "deadlines": _deadlines,
    "feeds": _feeds,
    "recipients": _recipients,
    "roles": _roles,
}
