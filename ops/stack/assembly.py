"""Starts a whole stack and stops it in order: servers, schema, keys, reference data, clients, services.

`ops up` runs it for an operator; tests and benchmarks run it in their own folder.
"""

import asyncio
import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from ops import migrate
from ops.stack import development
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.servers import Addresses, Servers
from ops.stack.supervisor import Service, Supervisor
from services.access import data_keys
from services.deadlines import recalculation
from services.reference import loader
from shared.database import Database
from shared.models import access
from shared.privacy import keyring
from shared.privacy.sealing import SealBrokenError
from shared.settings import DEVELOPMENT_MARK, Mode

INTAKE, ANALYTICS, WORKER = "intake_api", "analytics_api", "routing_worker"
SERVICES = (INTAKE, ANALYTICS, WORKER)
ROOT = Path(__file__).parents[2]

Say = Callable[[str], None]
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack."""

    servers: Servers
    addresses: Addresses
    supervisor: Supervisor
    states: dict[str, str]
    keys: dict[str, str] = field(repr=False)
    """The API keys of the development clients, by client."""


@contextlib.contextmanager
def assembled(
    settings: StackSettings,
    *,
    actor: str,
    say: Say = lambda _line: None,
    names: Sequence[str] = SERVICES,
    durable: bool = True,
    environment: Mapping[str, str] | None = None,
    on_end: Callable[[], None] = lambda: None,
) -> Iterator[Stack]:
    """Start a stack with the named services; stop it in order at the end of the block.

    The services get `environment` in addition to that of the settings. `on_end` is called before the first stop.
    """
    servers = _servers(settings, durable=durable)
    supervisor: Supervisor | None = None
    try:
        addresses = _step(say, "servers", servers.start)
        client_keys = _prepare(settings, addresses, actor, say)
        variables = settings.child_environment(addresses) | dict(environment or {})
        supervisor = Supervisor(services(settings), settings.home / "logs", variables, say, servers)
        states = _step(say, "services", functools.partial(supervisor.start, names))
        yield Stack(servers, addresses, supervisor, states, client_keys)
    finally:
        on_end()
        if supervisor is not None:
            supervisor.stop()
        servers.stop()


def _prepare(settings: StackSettings, addresses: Addresses, actor: str, say: Say) -> dict[str, str]:
    """Prepare schema, keys and reference data; return the API keys of the development clients."""
    _step(say, "schema", lambda: migrate.upgrade(addresses.database_url))

    async def fill() -> dict[str, str]:
        db = Database.connect(migrate.asyncpg_url(addresses.database_url), pool_size=2)
        try:
            key_file = await _key_file(settings, db, actor, say)
            began = time.monotonic()
            report = await loader.load(db, None, actor=actor)
            await recalculation.recalculate_all(db)
            note = "loaded" if report.changed else "unchanged"
            _done(say, f"reference data ({note}, version {report.version})", began)
            return await _clients(settings, db, key_file, actor, say)
        finally:
            await db.close()

    return asyncio.run(fill())


async def _clients(
    settings: StackSettings, db: Database, key_file: keyring.KeyFile, actor: str, say: Say
) -> dict[str, str]:
    if settings.mode is Mode.PRODUCTION:
        return {}
    began = time.monotonic()
    prepared = await development.prepare(db, settings.development_keys, key_file, actor=actor)
    if prepared.renewed:
        say(f"  new keys for {', '.join(prepared.renewed)}: the old ones were lost or are no longer valid")
    _done(say, f"development clients ({len(prepared.created)} new)", began)
    return prepared.keys


async def _key_file(settings: StackSettings, db: Database, actor: str, say: Say) -> keyring.KeyFile:
    """Return the keys; they are created only for a database without data sealed under other keys."""
    path, began = settings.key_file, time.monotonic()
    if path.exists() or settings.mode is Mode.PRODUCTION or await _has_data_keys(db):
        key_file = settings.read_key_file()
    else:
        key_file = keyring.create(path, purpose=DEVELOPMENT_MARK)
    await data_keys.ensure(db, key_file, actor=actor)
    try:
        await data_keys.ring(db, key_file)
    except SealBrokenError:
        raise StackError(f"{path} is not the key file of this database: restore the right one") from None
    _done(say, f"key file {path}", began)
    return key_file


async def _has_data_keys(db: Database) -> bool:
    async with db.transaction() as connection:
        return await connection.scalar(select(access.data_key.c.id).limit(1)) is not None


def _servers(settings: StackSettings, *, durable: bool) -> Servers:
    database_url, redis_url = settings.database_url, settings.redis_url
    return Servers(
        settings.home,
        postgres_port=settings.postgres_port,
        valkey_port=settings.valkey_port,
        durable=durable,
        database_url=database_url.get_secret_value() if database_url else None,
        redis_url=redis_url.get_secret_value() if redis_url else None,
    )


def services(settings: StackSettings) -> list[Service]:
    """Return the three services of a stack; those that receive requests are stopped first."""

    def service(name: str, port: int, variable: str, *, stops: int) -> Service:
        return Service(name, (sys.executable, "-m", name), settings.url(port), port, variable, ROOT, stops)

    return [
        service(INTAKE, settings.intake_port, "SHENSU_INTAKE_PORT", stops=0),
        service(ANALYTICS, settings.analytics_port, "SHENSU_ANALYTICS_PORT", stops=0),
        service(WORKER, settings.worker_port, "SHENSU_WORKER_PORT", stops=1),
    ]


def _step(say: Say, what: str, do: Callable[[], ResultT]) -> ResultT:
    began = time.monotonic()
    result = do()
    _done(say, what, began)
    return result


def _done(say: Say, what: str, began: float) -> None:
    say(f"✓ {what} ({time.monotonic() - began:.1f} s)")
