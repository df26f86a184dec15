"""Embedded servers for tests of the stack: of their own, stopped with the test."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ops.stack.servers import Servers


def query(url: str, statement: str) -> Any:
    """Return the value of a statement, asked over a connection of its own."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(ask())


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """Return servers in a home of their own, not started yet."""
    servers = Servers(tmp_path / "home")
    yield servers
    servers.stop()
