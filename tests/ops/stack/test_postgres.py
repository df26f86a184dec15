"""Embedded PostgreSQL: durable, behind a password, and back after any crash with what was committed."""

import os

import asyncpg
import pytest

from ops.stack.servers import Servers
from tests.ops.stack.conftest import query


def test_postgres_is_durable_checked_and_speaks_utf8(servers: Servers) -> None:
    url = servers.start().database_url
    settings = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "server_encoding")
    values = {name: query(url, f"SHOW {name}") for name in settings}
    assert values == dict.fromkeys(settings[:-1], "on") | {"server_encoding": "UTF8"}
    assert query(url, "SELECT lower('ÄÖ') = 'äö'"), "the collation knows more than ASCII"


def test_nobody_enters_without_the_password(servers: Servers) -> None:
    url = servers.start().database_url
    with pytest.raises(asyncpg.InvalidPasswordError):
        query(url.replace(":", ":x", 2).replace("postgresql:x//", "postgresql://"), "SELECT 1")
    secrets = [path for path in servers.home.iterdir() if path.name.endswith(".password")]
    assert [path.stat().st_mode & 0o077 for path in secrets] == [0, 0]


@pytest.mark.parametrize("hard", [False, True], ids=["immediate stop", "kill -9"])
def test_committed_rows_survive_a_crash(servers: Servers, *, hard: bool) -> None:
    url = servers.start().database_url
    query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.kill_postgres(hard=hard)
    servers.start_postgres()
    assert query(url, "SELECT answer FROM kept") == 42


def test_half_made_data_directory_is_made_anew(servers: Servers) -> None:
    for folder in ("postgres", "postgres.new"):
        (servers.home / folder / "base").mkdir(parents=True)
    assert query(servers.start().database_url, "SELECT 1") == 1


def test_lock_left_by_another_program_s_process_number_is_forgotten(servers: Servers) -> None:
    addresses = servers.start()
    servers.kill_postgres(hard=True)
    lock = servers.home / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
    servers.start_postgres()
    assert query(addresses.database_url, "SELECT 1") == 1


def test_lost_password_file_gets_a_new_password(servers: Servers) -> None:
    servers.start()
    servers.stop()
    (servers.home / "postgres.password").unlink()
    assert query(servers.start().database_url, "SELECT 1") == 1
