"""Real servers for tests: one embedded Postgres and one Valkey a run, a database a process, emptied for each test."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ops import migrate
from ops.stack.servers import Addresses
from shared.database import Database
from shared.privacy import keyring
from shared.privacy.keyring import KeyFile
from tests import emptying, servers
from tests.running import Stack, running
from tests.servers import TestServers

T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, T]], T]

_EXIT = pytest.StashKey[contextlib.ExitStack]()
_SERVERS = pytest.StashKey[TestServers]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Run the servers in the controller of several test processes, and tell each process where they are."""
    stash = node.config.stash
    if _SERVERS not in stash:
        stash[_EXIT] = contextlib.ExitStack()
        stash[_SERVERS] = stash[_EXIT].enter_context(servers.started())
    node.workerinput["servers"] = stash[_SERVERS].as_input()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers that the controller runs."""
    if _EXIT in config.stash:
        config.stash[_EXIT].close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def own_servers(pytestconfig: pytest.Config) -> Iterator[TestServers]:
    """Return the servers of this run: those of the controller, or some of our own if there is but one process."""
    if (shared := _worker_input(pytestconfig).get("servers")) is not None:
        yield TestServers.from_input(shared)
        return
    with servers.started() as own:
        yield own


@pytest.fixture(scope="session")
def addresses(own_servers: TestServers, pytestconfig: pytest.Config) -> Addresses:
    """Return the database of this process, filled with reference data and a data key, and its part of Valkey."""
    worker = _worker_input(pytestconfig).get("workerid", "gw0")
    return own_servers.process(int(worker.removeprefix("gw")))


def _worker_input(config: pytest.Config) -> dict[str, Any]:
    """Return what the controller tells this process; nothing if there is no controller."""
    return getattr(config, "workerinput", {})


@pytest.fixture(scope="session")
def run() -> Iterator[Run[Any]]:
    """Return a function that runs a coroutine on the session's one event loop."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="session")
def key_path(own_servers: TestServers) -> Path:
    """Return the path of the run's key file."""
    return own_servers.key_path


@pytest.fixture(scope="session")
def key_file(key_path: Path) -> KeyFile:
    """Return the run's key file."""
    return keyring.read(key_path)


@pytest.fixture(scope="session")
def database_url(addresses: Addresses) -> str:
    """Return the address of a database with schema, reference data and data key."""
    return migrate.asyncpg_url(addresses.database_url)


@pytest.fixture(scope="session")
def _connected(database_url: str, run: Run[Any]) -> Iterator[Database]:
    db = Database.connect(database_url)
    yield db
    run(db.close())


@pytest.fixture
def db(_connected: Database, run: Run[Any]) -> Database:
    """Return the database, with reference data and nothing else in it."""
    run(emptying.empty(_connected))
    return _connected


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run the whole stack once for all tests that speak to it; each makes its own complaints."""
    with running(tmp_path_factory.mktemp("stack"), durable=False) as stack:
        yield stack


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
