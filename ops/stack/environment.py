"""Settings of the stack: those that are needed before `shared.settings` has a database address."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from ops.stack import processes
from ops.stack.servers import POSTGRES_PORT_VARIABLE, VALKEY_PORT_VARIABLE, Addresses
from shared.database import OVERFLOW
from shared.privacy import keyring
from shared.privacy.keyring import KeyFile
from shared.settings import DEVELOPMENT_MARK, SECRETS_FOLDER, Mode


class StackSettings(BaseSettings):
    """Variables of the stack. Those that `shared.settings` also has mean the same there."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True, secrets_dir=SECRETS_FOLDER)

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    mode: Mode = Field(default=Mode.DEVELOPMENT, validation_alias="SHENSU_MODE")
    home: Path = Field(default=Path(".local"), validation_alias="SHENSU_HOME")
    named_key_file: Path | None = Field(default=None, validation_alias="SHENSU_KEY_FILE")
    host: str = Field(default="127.0.0.1", validation_alias="SHENSU_HOST")
    intake_port: int = Field(default=8001, validation_alias="SHENSU_INTAKE_PORT")
    analytics_port: int = Field(default=8002, validation_alias="SHENSU_ANALYTICS_PORT")
    worker_port: int = Field(default=8003, validation_alias="SHENSU_WORKER_PORT")
    intake_processes: int = Field(default=1, validation_alias="SHENSU_INTAKE_PROCESSES")
    worker_processes: int = Field(default=1, validation_alias="SHENSU_WORKER_PROCESSES")
    pool_size: int = Field(default=10, validation_alias="SHENSU_POOL_SIZE")
    postgres_port: int = Field(default=55432, validation_alias=POSTGRES_PORT_VARIABLE)
    valkey_port: int = Field(default=56379, validation_alias=VALKEY_PORT_VARIABLE)

    @classmethod
    def apart(cls, home: Path) -> "StackSettings":
        """Return settings of an isolated stack: embedded servers in `home`, free ports, development mode."""
        home.mkdir(parents=True, exist_ok=True)
        ports = ("SHENSU_INTAKE_PORT", "SHENSU_ANALYTICS_PORT", "SHENSU_WORKER_PORT")
        values: dict[str, Any] = {
            "database_url": None,
            "redis_url": None,
            "SHENSU_MODE": Mode.DEVELOPMENT,
            "SHENSU_HOME": home,
            "SHENSU_KEY_FILE": None,
            "SHENSU_HOST": "127.0.0.1",
            POSTGRES_PORT_VARIABLE: 0,
            VALKEY_PORT_VARIABLE: 0,
        }
        values |= {name: processes.free_port() for name in ports}
        return cls(**values)

    @property
    def key_file(self) -> Path:
        """The key file: the configured one, else the one in the home."""
        return self.named_key_file or self.home / "keys.json"

    @property
    def connections(self) -> int:
        """How many connections to the database the processes of this machine may open."""
        processes = self.intake_processes + self.worker_processes + 1
        return processes * (self.pool_size + OVERFLOW)

    @property
    def development_keys(self) -> Path:
        """The file of the keys of the development clients."""
        return self.home / "development-keys.json"

    def read_key_file(self) -> KeyFile:
        """Read the key file. Raises KeyFileError for development keys in production."""
        key_file = keyring.read(self.key_file)
        if self.mode is Mode.PRODUCTION and key_file.purpose == DEVELOPMENT_MARK:
            raise keyring.KeyFileError(
                f"{self.key_file} holds development keys; make others with `python -m ops keys create --production`"
            )
        return key_file

    def url(self, port: int) -> str:
        """Return the address of a service of this stack, as seen from this machine."""
        return f"http://{'127.0.0.1' if self.host in {'0.0.0.0', '::'} else self.host}:{port}"  # noqa: S104 -- compared, not bound

    def child_environment(self, addresses: Addresses) -> dict[str, str]:
        """Return the environment of a service: the caller's, with the addresses of this stack."""
        return {
            **os.environ,  # noqa: TID251 -- handed on whole to a child, no variable is read here
            "DATABASE_URL": addresses.database_url,
            "REDIS_URL": addresses.redis_url,
            "SHENSU_MODE": self.mode.value,
            "SHENSU_HOME": str(self.home.absolute()),
            "SHENSU_KEY_FILE": str(self.key_file.absolute()),
            "SHENSU_HOST": self.host,
            "SHENSU_INTAKE_PORT": str(self.intake_port),
            "SHENSU_ANALYTICS_PORT": str(self.analytics_port),
            "SHENSU_WORKER_PORT": str(self.worker_port),
            "PYTHONUNBUFFERED": "1",
        }
