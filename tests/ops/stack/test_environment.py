"""The settings of a stack: what it is told, what it tells its services, and the keys that it refuses."""

from pathlib import Path

import pytest

from ops.stack.environment import StackSettings
from ops.stack.servers import Addresses
from shared.privacy import keyring
from shared.privacy.keyring import KeyFileError
from shared.settings import DEVELOPMENT_MARK, Mode, Settings


def test_a_stack_apart_meets_no_other_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    monkeypatch.setenv("SHENSU_MODE", "production")
    monkeypatch.setenv("SHENSU_INTAKE_PORT", "1")
    settings = StackSettings.apart(tmp_path / "home")
    assert (settings.database_url, settings.mode, settings.postgres_port) == (None, Mode.DEVELOPMENT, 0)
    ports = {settings.intake_port, settings.analytics_port, settings.worker_port}
    assert len(ports) == 3
    assert min(ports) > 1024
    assert settings.home.is_dir()


def test_a_service_reads_what_its_stack_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = StackSettings.apart(tmp_path)
    addresses = Addresses("postgresql://a:b@h/d", "redis://h/1")
    environment = settings.child_environment(addresses)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    service = Settings()
    assert service.database_url.get_secret_value() == "postgresql+asyncpg://a:b@h/d"
    assert service.redis_url.get_secret_value() == "redis://h/1"
    assert (service.intake_port, service.worker_port) == (settings.intake_port, settings.worker_port)
    assert (service.key_file, service.mode) == (settings.key_file.absolute(), Mode.DEVELOPMENT)


@pytest.mark.parametrize(
    ("host", "seen"), [("127.0.0.1", "127.0.0.1"), ("::", "127.0.0.1"), ("10.0.0.7", "10.0.0.7")]
)
def test_a_service_is_reached_from_this_machine(host: str, seen: str, tmp_path: Path) -> None:
    settings = StackSettings.model_validate({"SHENSU_HOME": tmp_path, "SHENSU_HOST": host})
    assert settings.url(8001) == f"http://{seen}:8001"


def test_the_key_file_is_that_of_the_home_unless_another_is_named(tmp_path: Path) -> None:
    assert StackSettings.model_validate({"SHENSU_HOME": tmp_path}).key_file == tmp_path / "keys.json"
    other = {"SHENSU_HOME": tmp_path, "SHENSU_KEY_FILE": tmp_path / "other.json"}
    assert StackSettings.model_validate(other).key_file == tmp_path / "other.json"


def test_production_refuses_keys_of_development(tmp_path: Path) -> None:
    keyring.create(tmp_path / "keys.json", purpose=DEVELOPMENT_MARK)
    development = StackSettings.model_validate({"SHENSU_HOME": tmp_path})
    assert development.read_key_file().purpose == DEVELOPMENT_MARK
    production = StackSettings.model_validate({"SHENSU_HOME": tmp_path, "SHENSU_MODE": "production"})
    with pytest.raises(KeyFileError, match="holds development keys"):
        production.read_key_file()


def test_the_connections_of_a_stack_are_those_of_all_its_processes() -> None:
    several = StackSettings(SHENSU_INTAKE_PROCESSES=4, SHENSU_WORKER_PROCESSES=2, SHENSU_POOL_SIZE=8)
    assert several.connections == (4 + 2 + 1) * (8 + 5)
