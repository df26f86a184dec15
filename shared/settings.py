"""Settings of every process from the environment. Refuses unsafe settings in production.

Only `ops.stack.environment` reads other variables: those that are needed before there is a database.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_MARK = "development"
"""The mark of key files for development; a production process refuses such a file."""


_SECRETS = Path("/run/secrets")
SECRETS_FOLDER = _SECRETS if _SECRETS.is_dir() else None
"""The folder in which containers mount secret files, one per variable; environment variables take precedence."""


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


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("SHENSU_PUBLIC_URL must be the http(s) address that clients use")
    return url.rstrip("/")


class EvidenceSettings(BaseSettings):
    """The store of evidence files: a folder of the home, or an S3-compatible store."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True, secrets_dir=SECRETS_FOLDER)

    home: Path = Field(default=Path(".local"), validation_alias="SHENSU_HOME")
    evidence_url: str | None = Field(
        default=None,
        validation_alias="SHENSU_EVIDENCE_URL",
        pattern=r"^s3://[a-z0-9.-]{3,63}(/[A-Za-z0-9._/-]*)?$",
    )
    evidence_endpoint: str | None = Field(default=None, validation_alias="SHENSU_EVIDENCE_ENDPOINT")
    evidence_region: str = Field(default="us-east-1", validation_alias="SHENSU_EVIDENCE_REGION")
    evidence_access_key: SecretStr | None = Field(default=None, validation_alias="SHENSU_EVIDENCE_ACCESS_KEY")
    evidence_secret_key: SecretStr | None = Field(default=None, validation_alias="SHENSU_EVIDENCE_SECRET_KEY")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.evidence_url is not None and not (self.evidence_access_key and self.evidence_secret_key):
            raise ValueError(
                "SHENSU_EVIDENCE_URL needs SHENSU_EVIDENCE_ACCESS_KEY and SHENSU_EVIDENCE_SECRET_KEY"
            )
        return self


class Settings(EvidenceSettings):
    """Settings from the environment and from secret files (one per variable)."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True, secrets_dir=SECRETS_FOLDER)

    database_url: Annotated[SecretStr, AfterValidator(_asyncpg)]
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:56379/0")
    mode: Mode = Field(default=Mode.DEVELOPMENT, validation_alias="SHENSU_MODE")
    key_file: Path = Field(default=Path(".local/keys.json"), validation_alias="SHENSU_KEY_FILE")
    host: str = Field(default="127.0.0.1", validation_alias="SHENSU_HOST")
    intake_port: int = Field(default=8001, validation_alias="SHENSU_INTAKE_PORT")
    analytics_port: int = Field(default=8002, validation_alias="SHENSU_ANALYTICS_PORT")
    worker_port: int = Field(default=8003, validation_alias="SHENSU_WORKER_PORT")
    intake_processes: int = Field(default=1, validation_alias="SHENSU_INTAKE_PROCESSES", ge=1, le=64)
    worker_processes: int = Field(default=1, validation_alias="SHENSU_WORKER_PROCESSES", ge=1, le=64)
    public_url: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, validation_alias="SHENSU_PUBLIC_URL"
    )
    fast_path: bool = Field(default=True, validation_alias="SHENSU_FAST_PATH")
    pool_size: int = Field(default=10, validation_alias="SHENSU_POOL_SIZE", ge=1, le=200)
    sweep_seconds: float = Field(default=2.0, validation_alias="SHENSU_SWEEP_SECONDS", gt=0, le=60)
    watchdog_seconds: float = Field(default=60.0, validation_alias="SHENSU_WATCHDOG_SECONDS", gt=0, le=3600)
    surge_seconds: float = Field(default=300.0, validation_alias="SHENSU_SURGE_SECONDS", gt=0, le=86400)
    interim_seconds: float = Field(default=20.0, validation_alias="SHENSU_INTERIM_SECONDS", gt=0, le=600)
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
