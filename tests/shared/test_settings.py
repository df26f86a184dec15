"""Settings: what is unsafe or cannot be meant is refused by the name of its variable, and secrets show nowhere."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.privacy import keyring
from shared.settings import DEVELOPMENT_MARK, Mode, Settings

URL = "postgresql://postgres:secret-canary@127.0.0.1:5432/shensu"


def _settings(**values: Any) -> Settings:
    return Settings.model_validate({"DATABASE_URL": URL} | values)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_the_address_of_the_database_names_the_driver(scheme: str) -> None:
    settings = _settings(DATABASE_URL=URL.replace("postgresql", scheme))
    assert settings.database_url.get_secret_value() == URL.replace("postgresql", "postgresql+asyncpg")
    assert "secret-canary" not in repr(settings)


@pytest.mark.parametrize("url", ["", "127.0.0.1:5432/shensu", "mysql://127.0.0.1/shensu"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="DATABASE_URL"):
        _settings(DATABASE_URL=url)


@pytest.mark.parametrize(
    "url", ["shensu.example.cn", "ftp://a.example.cn", "https://a.example.cn/?q=1", "https://"]
)
def test_a_public_address_is_one(url: str) -> None:
    with pytest.raises(ValidationError, match="SHENSU_PUBLIC_URL"):
        _settings(SHENSU_PUBLIC_URL=url)


def test_a_public_address_has_no_slash_at_its_end() -> None:
    settings = _settings(SHENSU_PUBLIC_URL="https://a.example.cn/api/")
    assert settings.public_url == "https://a.example.cn/api"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHENSU_MODE", "staging"),
        ("SHENSU_POOL_SIZE", 0),
        ("SHENSU_SWEEP_SECONDS", 0),
        ("SHENSU_LEASE_SECONDS", 601),
        ("SHENSU_EVIDENCE_URL", "https://shensu.example.cn"),
    ],
)
def test_a_value_outside_its_range_is_refused(variable: str, value: object) -> None:
    with pytest.raises(ValidationError, match=variable):
        _settings(**{variable: value})


def test_production_needs_keys_that_were_made_for_it(tmp_path: Path) -> None:
    development, production = tmp_path / "development.json", tmp_path / "production.json"
    keyring.create(development, purpose=DEVELOPMENT_MARK)
    keyring.create(production, purpose="production")
    for path, advice in ((tmp_path / "none.json", "needs a key file"), (development, "development keys")):
        assert _settings(SHENSU_KEY_FILE=path).mode is Mode.DEVELOPMENT
        with pytest.raises(ValidationError, match=advice):
            _settings(SHENSU_KEY_FILE=path, SHENSU_MODE="production")
    assert _settings(SHENSU_KEY_FILE=production, SHENSU_MODE="production").mode is Mode.PRODUCTION
