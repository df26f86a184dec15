"""The analytics application over the test database, under its own role, asked in process."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from analytics_api.app import create_app
from services.access import clients
from shared.database import Database
from shared.privacy.keyring import KeyFile
from shared.settings import Settings
from tests.asgi import serving

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Get = Callable[..., httpx.Response]


@pytest.fixture
def key(db: Database, run: Run, key_file: KeyFile) -> str:
    """Return the key of a client that may read figures."""
    new = run(
        clients.create(
            db,
            name="dashboard",
            kind="dashboard",
            scopes=["analytics:read"],
            key_file=key_file,
            actor="tests",
        )
    )
    return str(new.key)


@pytest.fixture
def get(database_url: str, key_path: Path, key: str, run: Run) -> Iterator[Get]:
    """Return a function that asks the application, with the key unless other headers are given."""
    settings = Settings(
        database_url=database_url,
        SHENSU_KEY_FILE=key_path,
    )
    with serving(create_app(settings), run) as ask:
        yield lambda path, **headers: ask(path, **({"authorization": f"Bearer {key}"} | headers))
