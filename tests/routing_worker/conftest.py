"""What tests of the worker share: the settings of a worker of this session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ops.stack.servers import Addresses
from shared.settings import Settings


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep logs without printing them: the library's own way of printing tracebacks takes seconds."""
    with capture_logs():
        yield


@pytest.fixture
def settings_of(database_url: str, addresses: Addresses, key_path: Path) -> Callable[..., Settings]:
    """Return a function that gives the settings of a worker; variables of the environment change them."""

    def _settings(**variables: object) -> Settings:
        values = {
            "DATABASE_URL": database_url,
            "REDIS_URL": addresses.redis_url,
            "SHENSU_KEY_FILE": key_path,
        }
        return Settings.model_validate(values | variables)

    return _settings
