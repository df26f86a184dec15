"""Settings of every process from the environment, and the refusal to run unsafely.

Of the rest of the tree only `ops.stack.environment` reads variables: those that exist before there is a database.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_MARK = "development"
"""Written into key files that `ops` makes for development; a production process refuses such a file."""


_SECRETS = Path("/run/secrets")
SECRETS_FOLDER = _SECRETS if _SECRETS.is_dir() else None
"""Where containers mount secret files, one a variable; a variable of the environment goes before its file."""


class Mode(StrEnum):
    """Whether development conveniences are allowed."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _asyncpg(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+asyncpg"}:
        raise ValueError("DATABASE_URL must be a postgresql:// address")
    return SecretStr(f"postgresql+asyncpg://{rest}")


class Settings(BaseSettings):
    """Settings from the environment, and from secret files (one a variable)."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True, secrets_dir=SECRETS_FOLDER)

    database_url: Annotated[SecretStr, AfterValidator(_asyncpg)]
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:56379/0")
    mode: Mode = Field(default=Mode.DEVELOPMENT, validation_alias="SHENSU_MODE")
    key_file: Path = Field(default=Path(".local/keys.json"), validation_alias="SHENSU_KEY_FILE")
    home: Path = Field(default=Path(".local"), validation_alias="SHENSU_HOME")
    host: str = Field(default="127.0.0.1", validation_alias="SHENSU_HOST")
    intake_port: int = Field(default=8001, validation_alias="SHENSU_INTAKE_PORT")
    analytics_port: int = Field(default=8002, validation_alias="SHENSU_ANALYTICS_PORT")
    worker_port: int = Field(default=8003, validation_alias="SHENSU_WORKER_PORT")
    pool_size: int = Field(default=10, validation_alias="SHENSU_POOL_SIZE", ge=1, le=200)
    sweep_seconds: float = Field(default=2.0, validation_alias="SHENSU_SWEEP_SECONDS", gt=0, le=60)
    lease_seconds: float = Field(default=30.0, validation_alias="SHENSU_LEASE_SECONDS", gt=0, le=600)
    log_level: str = Field(default="INFO", validation_alias="SHENSU_LOG_LEVEL")

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.mode is not Mode.PRODUCTION:
            return self
        if not self.key_file.is_file():
            raise ValueError(f"production needs a key file; SHENSU_KEY_FILE={self.key_file} is not a file")
        if f'"{DEVELOPMENT_MARK}"' in self.key_file.read_text(encoding="utf-8"):
            raise ValueError(
                f"{self.key_file} holds development keys; make production keys with "
                "`python -m ops keys create --production` and set SHENSU_KEY_FILE",
            )
        return self


@lru_cache(maxsize=1)
def load() -> Settings:
    """Read the settings once. Raises pydantic.ValidationError naming the variable that is missing or wrong."""
    return Settings()
