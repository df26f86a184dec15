"""What tests of the parts of the intake process share: the application served in process, by settings of the test."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from intake_api.app import create_app
from ops.stack.servers import Addresses
from shared.settings import Settings
from tests.asgi import Ask, Run, serving

Serve = Callable[..., AbstractContextManager[Ask]]


@pytest.fixture
def serve(database_url: str, addresses: Addresses, key_path: Path, run: Run) -> Serve:
    """Return a function that serves the intake application; variables of the environment change its settings."""

    def _serve(**variables: object) -> AbstractContextManager[Ask]:
        values = {
            "DATABASE_URL": database_url,
            "REDIS_URL": addresses.redis_url,
            "SHENSU_KEY_FILE": key_path,
        }
        return serving(create_app(Settings.model_validate(values | variables)), run)

    return _serve
