"""What holds the feeds back: the oldest transaction that writes, and for how long the horizon has stood still."""

from sqlalchemy import text

from services.delivery import snapshot_horizon
from shared.database import Database
from tests.services.delivery.alone import _connected, reference_cache  # noqa: F401 - fixtures of this module
from tests.services.delivery.conftest import Run


def test_the_watch_counts_while_one_transaction_stays_open(db: Database, run: Run) -> None:
    watch = snapshot_horizon.Watch()

    async def _watch() -> tuple[float, float, float]:
        async with db.transaction() as connection:
            await connection.execute(text("SELECT pg_current_xact_id()"))
            await watch.seconds(db)
            begun = watch._since
            # others come and go meanwhile
            async with db.transaction() as other:
                await other.execute(text("SELECT pg_current_xact_id()"))
            seconds = await watch.seconds(db)
            assert watch._since == begun
        return seconds, await watch.seconds(db), watch._since - begun

    seconds, after, moved = run(_watch())
    assert seconds > 0
    assert after < 0.01
    assert moved > 0
