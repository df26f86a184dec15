"""The analytics application over the test database, under its own role, asked in process."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from analytics_api.app import create_app
from services.access import clients
from shared.database import Database
from shared.http.middleware import Middleware
from shared.privacy.keyring import KeyFile
from shared.settings import Settings

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
    app = create_app(settings)
    lifespan = app.router.lifespan_context(app)
    run(lifespan.__aenter__())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(Middleware(app)), base_url="http://analytics")

    def ask(path: str, *, method: str = "GET", **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("authorization", f"Bearer {key}")
        response: httpx.Response = run(client.request(method, path, headers=sent))
        return response

    yield ask
    run(client.aclose())
    run(lifespan.__aexit__(None, None, None))
