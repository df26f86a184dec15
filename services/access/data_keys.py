"""The data keys of a deployment: stored wrapped, unwrapped with the key file, created at the first start."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services import audit
from shared.database import Database
from shared.models.access import data_key
from shared.privacy import keyring
from shared.privacy.blind_index import BlindIndex
from shared.privacy.keyring import KeyFile, KeyRing

FIRST = 1
ACTIVE = "active"


async def ensure(db: Database, key_file: KeyFile, *, actor: str) -> bool:
    """Create the first data key if there is none; return whether one was created."""
    key = keyring.new_data_key(FIRST)
    row = {"id": key.number, "suite": key.suite, "wrapped": key_file.wrap(key)}
    async with db.transaction() as connection:
        if await connection.scalar(select(data_key.c.id).limit(1)) is not None:
            return False
        made = await connection.scalar(
            insert(data_key).values(row).on_conflict_do_nothing().returning(data_key.c.id)
        )
        if made is None:
            return False
        await audit.record(
            connection, actor=actor, act="data_key.create", subject=str(made), data={"suite": key.suite}
        )
    return True


async def ring(db: Database, key_file: KeyFile) -> KeyRing:
    """Unwrap the data keys. Raises KeyFileError if there is none, SealBrokenError if another key file wrapped them."""
    async with db.transaction() as connection:
        rows = await _rows(connection)
    if not rows:
        raise keyring.KeyFileError(
            "the database holds no data key; `python -m ops migrate` makes the first one"
        )
    keys = {number: key_file.unwrap(number, suite, wrapped) for number, suite, wrapped, _ in rows}
    active = max(number for number, _, _, state in rows if state == ACTIVE)
    return KeyRing(keys, active, BlindIndex(key_file.index_key))


async def _rows(connection: AsyncConnection) -> list[tuple[int, str, bytes, str]]:
    columns = (data_key.c.id, data_key.c.suite, data_key.c.wrapped, data_key.c.state)
    return [
        (row.id, row.suite, bytes(row.wrapped), row.state)
        for row in await connection.execute(select(*columns))
    ]


class Keys:
    """The key ring of a process, loaded at its first use: the process may start before the database."""

    def __init__(self, db: Database, read: Callable[[], KeyFile]) -> None:
        self._db = db
        self._read = read
        self._ring: KeyRing | None = None

    async def ring(self) -> KeyRing:
        """Return the key ring. Raises KeyFileError or SealBrokenError like `ring`."""
        if self._ring is None:
            self._ring = await ring(self._db, self._read())
        return self._ring
