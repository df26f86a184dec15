"""A stack put together on servers that are named: schema, keys and clients are ready, and nothing goes with wrong keys."""

from pathlib import Path

import pytest

from ops.stack import assembly
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.servers import Addresses, is_running
from shared.privacy import keyring
from shared.privacy.keyring import KeyFileError
from tests.running import Stack


def _settings(addresses: Addresses, home: Path, key_file: Path, mode: str = "development") -> StackSettings:
    return StackSettings.model_validate(
        {
            "DATABASE_URL": addresses.database_url,
            "REDIS_URL": addresses.redis_url,
            "SHENSU_HOME": home,
            "SHENSU_KEY_FILE": key_file,
            "SHENSU_MODE": mode,
        }
    )


def test_everything_is_ready_before_the_services_and_taken_down_after_them(
    addresses: Addresses, key_path: Path, tmp_path: Path
) -> None:
    lines: list[str] = []
    ends: list[bool] = []
    settings = _settings(addresses, tmp_path, key_path)
    with assembly.assembled(
        settings,
        actor="tests",
        say=lines.append,
        names=(),
        on_end=lambda: ends.append(is_running(tmp_path)),
    ) as stack:
        assert is_running(tmp_path)
        assert stack.addresses == addresses
        assert {"call-centre", "desk-hangzhou", "carrier-zto"} <= stack.keys.keys()
    assert ends == [True]
    assert not is_running(tmp_path)
    steps = [line.split()[1] for line in lines if line.startswith("✓")]
    assert steps == ["servers", "schema", "key", "reference", "development", "services"]


def test_production_has_no_development_clients(addresses: Addresses, key_path: Path, tmp_path: Path) -> None:
    settings = _settings(addresses, tmp_path, key_path, "production")
    with assembly.assembled(settings, actor="tests", names=()) as stack:
        assert stack.keys == {}


def test_keys_of_another_deployment_are_refused_and_the_home_is_free_again(
    addresses: Addresses, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    keyring.create(other, purpose="test")
    settings = _settings(addresses, tmp_path, other)
    with (
        pytest.raises(StackError, match="restore the right one"),
        assembly.assembled(settings, actor="tests", names=()),
    ):
        pass
    assert not is_running(tmp_path)


def test_lost_keys_are_never_replaced_where_something_is_sealed(addresses: Addresses, tmp_path: Path) -> None:
    settings = _settings(addresses, tmp_path, tmp_path / "none.json")
    with pytest.raises(KeyFileError), assembly.assembled(settings, actor="tests", names=()):
        pass
    assert not (tmp_path / "none.json").exists()


def test_who_takes_requests_is_stopped_before_the_worker(stack: Stack) -> None:
    stops = {service.name: service.stops for service in stack.supervisor.services}
    assert stops.keys() == set(assembly.SERVICES)
    assert max(stops["intake_api"], stops["analytics_api"]) < stops["routing_worker"]
