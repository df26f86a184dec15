"""A server of its own for tests of the feed: any open transaction on a server, in any database, holds its feeds back."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ops import migrate
from services.reference.cache import ReferenceCache
from shared.database import Database
from tests import servers

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(scope="module")
def _connected(key_path: Path, run: Run) -> Iterator[Database]:
    """Return the one database of a server to which no other test process speaks."""
    with servers.started(key_path) as own:
        db = Database.connect(migrate.asyncpg_url(own.process(0).database_url))
        yield db
        run(db.close())


@pytest.fixture(scope="module")
def reference_cache(_connected: Database) -> ReferenceCache:
    """Return a cache that reads the data again only where a test loaded another."""
    return ReferenceCache(_connected, max_age=timedelta(0))
