"""The whole stack, step by step: servers, keys, schema, facts, clients, services; and down again in order."""

import asyncio
import contextlib
import json
import os
import pwd
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from ops import migrate
from ops.stack import development, supervisor
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.servers import Addresses, Servers, is_running
from ops.stack.supervisor import Service, Supervisor
from services.access import data_keys
from services.deadlines import recalculation
from services.reference import loader
from shared.database import Database
from shared.models import access
from shared.privacy import keyring
from shared.privacy.sealing import SealBrokenError
from shared.settings import DEVELOPMENT_MARK, Mode

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Say = Callable[[str], None]
Result = TypeVar("Result")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class StackFile:
    """What other commands learn of a running stack. Holds passwords: readable by its owner only."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    intake_url: str
    analytics_url: str


@dataclass(frozen=True, slots=True)
class Running:
    """A stack that is up."""

    stack: StackFile
    states: dict[str, str]
    keys: dict[str, str] = field(repr=False)
    supervisor: Supervisor


def actor() -> str:
    """Return who is at the keyboard, for the audit trail."""
    try:
        return f"ops:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"ops:uid-{os.getuid()}"


def find(home: Path) -> StackFile | None:
    """Return the stack that runs in this home, if one does."""
    path = home / "stack.json"
    if not is_running(home) or not path.exists():
        return None
    try:
        return StackFile(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextlib.contextmanager
def running(settings: StackSettings, say: Say) -> Iterator[Running]:
    """Bring the stack up; take it down in order when the block ends, however it ends. For the main thread."""
    _refuse_unsafe(settings)
    if is_running(settings.home):
        raise StackError(f"a stack is running in {settings.home} already: stop it, or set SHENSU_HOME")
    services = _services(settings)
    supervisor.refuse_taken_ports(services, settings.host)
    servers = _servers(settings)
    keeper: Supervisor | None = None
    path = settings.home / "stack.json"
    for sign in STOPPING:
        signal.signal(sign, signal.default_int_handler)
    try:
        addresses = _step(say, "servers", servers.start)
        client_keys = _prepare(settings, addresses, say)
        environment = settings.child_environment(addresses)
        keeper = Supervisor(services, settings.home / "logs", environment, say, servers)
        states = _step(say, "services", keeper.start)
        urls = settings.url(settings.intake_port), settings.url(settings.analytics_port)
        stack = StackFile(addresses.database_url, addresses.redis_url, *urls)
        _write_private(path, json.dumps(asdict(stack)))
        yield Running(stack, states, client_keys, keeper)
    finally:
        # a second Ctrl-C would leave servers behind; every step below has a time limit
        for sign in STOPPING:
            signal.signal(sign, signal.SIG_IGN)
        say("stopping: services, then servers")
        path.unlink(missing_ok=True)
        if keeper is not None:
            keeper.stop()
        servers.stop()
        say("stopped")


def _prepare(settings: StackSettings, addresses: Addresses, say: Say) -> dict[str, str]:
    """Make everything ready that the services rely on; return the keys of the development clients."""
    _step(say, "schema", lambda: migrate.upgrade(addresses.database_url))

    async def fill() -> dict[str, str]:
        db = Database.connect(migrate.asyncpg_url(addresses.database_url), pool_size=2)
        try:
            key_file = await _key_file(settings, db, say)
            began = time.monotonic()
            report = await loader.load(db, None, actor=actor())
            await recalculation.recalculate_all(db)
            note = "loaded" if report.changed else "unchanged"
            _done(say, f"reference data ({note}, version {report.version})", began)
            return await _clients(settings, db, key_file, say)
        finally:
            await db.close()

    return asyncio.run(fill())


async def _clients(
    settings: StackSettings, db: Database, key_file: keyring.KeyFile, say: Say
) -> dict[str, str]:
    if settings.mode is Mode.PRODUCTION:
        return {}
    began = time.monotonic()
    prepared = await development.prepare(db, settings.development_keys, key_file, actor=actor())
    if prepared.renewed:
        say(f"  new keys for {', '.join(prepared.renewed)}: the old ones were lost or are no longer taken")
    _done(say, f"development clients ({len(prepared.created)} new)", began)
    return prepared.keys


async def _key_file(settings: StackSettings, db: Database, say: Say) -> keyring.KeyFile:
    """Return the keys, made only for a database that holds nothing sealed with others."""
    path, began = settings.key_file, time.monotonic()
    if path.exists() or settings.mode is Mode.PRODUCTION or await _has_data_keys(db):
        key_file = settings.read_key_file()
    else:
        key_file = keyring.create(path, purpose=DEVELOPMENT_MARK)
    await data_keys.ensure(db, key_file, actor=actor())
    try:
        await data_keys.ring(db, key_file)
    except SealBrokenError:
        raise StackError(f"{path} is not the key file of this database: restore the right one") from None
    _done(say, f"key file {path}", began)
    return key_file


async def _has_data_keys(db: Database) -> bool:
    async with db.transaction() as connection:
        return await connection.scalar(select(access.data_key.c.id).limit(1)) is not None


def _refuse_unsafe(settings: StackSettings) -> None:
    if settings.mode is Mode.PRODUCTION and (settings.database_url is None or settings.redis_url is None):
        raise StackError("production runs on real servers: set DATABASE_URL and REDIS_URL")


def _servers(settings: StackSettings) -> Servers:
    database_url, redis_url = settings.database_url, settings.redis_url
    return Servers(
        settings.home,
        postgres_port=settings.postgres_port,
        valkey_port=settings.valkey_port,
        database_url=database_url.get_secret_value() if database_url else None,
        redis_url=redis_url.get_secret_value() if redis_url else None,
    )


def _services(settings: StackSettings) -> list[Service]:
    def service(name: str, port: int, variable: str, *, stops: int) -> Service:
        return Service(name, (sys.executable, "-m", name), settings.url(port), port, variable, ROOT, stops)

    return [
        service("intake_api", settings.intake_port, "SHENSU_INTAKE_PORT", stops=0),
        service("analytics_api", settings.analytics_port, "SHENSU_ANALYTICS_PORT", stops=0),
        service("routing_worker", settings.worker_port, "SHENSU_WORKER_PORT", stops=1),
    ]


def _step(say: Say, what: str, do: Callable[[], Result]) -> Result:
    began = time.monotonic()
    result = do()
    _done(say, what, began)
    return result


def _done(say: Say, what: str, began: float) -> None:
    say(f"✓ {what} ({time.monotonic() - began:.1f} s)")


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
