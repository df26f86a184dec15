"""Real servers for tests: one embedded Postgres and one Valkey a session, one migrated database, emptied for each test."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from ops import migrate
from ops.stack.servers import Addresses, Servers
from services.access import data_keys
from services.reference import loader
from shared.database import Database
from shared.privacy import keyring
from shared.privacy.keyring import KeyFile
from tests.running import Stack, running

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, T]], T]

_KEPT = (
    "region",
    "region_succession",
    "region_alias",
    "bureau",
    "carrier",
    "waybill_pattern",
    "issue",
    "code_entry",
    "deadline_rule",
    "hotline_deadline",
    "policy",
    "workday",
    "reference_state",
    "data_key",
    "alembic_version",
)
_EMPTY = text(
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
    "WHERE schemaname = 'public' AND tablename <> ALL(:kept)"
)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Start Postgres and Valkey of this session on free ports; without fsync, which only a power cut would miss."""
    found = Servers(tmp_path_factory.mktemp("servers"), durable=False)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def addresses(servers: Servers) -> Addresses:
    """Return where the session's servers are."""
    assert servers.postgres is not None
    assert servers.valkey is not None
    return Addresses(servers.postgres.url, servers.valkey.url)


@pytest.fixture(scope="session")
def run() -> Iterator[Run[Any]]:
    """Return a function that runs a coroutine on the session's one event loop."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="session")
def key_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a key file made for this session."""
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    keyring.create(path, purpose="test")
    return path


@pytest.fixture(scope="session")
def key_file(key_path: Path) -> KeyFile:
    """Return the session's key file."""
    return keyring.read(key_path)


@pytest.fixture(scope="session")
def database_url(addresses: Addresses, key_file: KeyFile, run: Run[Any]) -> str:
    """Return the address of a database with schema, reference data and data key."""
    migrate.upgrade(addresses.database_url)

    async def _fill() -> None:
        db = Database.connect(migrate.asyncpg_url(addresses.database_url))
        await loader.load(db, actor="tests")
        await data_keys.ensure(db, key_file, actor="tests")
        await db.close()

    run(_fill())
    return migrate.asyncpg_url(addresses.database_url)


@pytest.fixture(scope="session")
def _connected(database_url: str, run: Run[Any]) -> Iterator[Database]:
    db = Database.connect(database_url)
    yield db
    run(db.close())


@pytest.fixture
def db(_connected: Database, run: Run[Any]) -> Database:
    """Return the database, with reference data and nothing else in it."""

    async def _empty() -> None:
        async with _connected.transaction() as connection:
            tables = await connection.scalar(_EMPTY, {"kept": list(_KEPT)})
            await connection.execute(text(f"TRUNCATE {tables}"))

    run(_empty())
    return _connected


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run the whole stack once for all tests that speak to it; each makes its own complaints."""
    with running(tmp_path_factory.mktemp("stack"), durable=False) as found:
        yield found


@pytest.fixture(scope="session")
def filing() -> Callable[..., dict[str, Any]]:
    """Return a factory of a small good filing; a change of None leaves the field out."""

    def build(**changes: Any) -> dict[str, Any]:
        plain = {
            "channel": "PHONE_12305",
            "business": "EXPRESS",
            "carrier_code": "ZTO",
            "issue_code": "DELIVERY_SERVICE",
            "complainant": {"name": "王小明", "phone": "13800138000", "role": "ADDRESSEE"},
            "addressee": {"region_code": "330106"},
            "cause": "快件显示已签收，本人并未收到。",
            "request": "请企业赔偿并道歉。",
            "enterprise_complaint": {"outcome": "DISSATISFIED"},
        }
        return {name: value for name, value in (plain | changes).items() if value is not None}

    return build
