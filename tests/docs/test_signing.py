"""The example that signs a request does so: it runs as it stands on the page, with a key of the test stack."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from ops import migrate
from services import keys, signing_keys
from services.signing_keys import NewSigningKey
from shared.database import Database
from shared.privacy import keyring
from tests.running import Stack

PAGE = Path(__file__).parents[2] / "docs" / "integrators" / "carriers.md"


def test_the_example_signs(stack: Stack) -> None:
    async def _key() -> NewSigningKey:
        db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=1)
        try:
            ring = await keys.ring(db, keyring.read(stack.home / "keys.json"))
            return await signing_keys.add(
                db, "carrier-zto", algorithm="hmac-sha256", ring=ring, actor="tests"
            )
        finally:
            await db.close()

    new = asyncio.run(_key())
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    [script] = [block for block in blocks if "KEY_ID, SECRET" in block]
    for written, meant in (
        ("http://127.0.0.1:8001", stack.intake),
        ("sk-0123456789abcdef", new.key_id),
        ("c2VjcmV0", new.secret or ""),
    ):
        assert written in script
        script = script.replace(written, meant)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    # taken as signed: what it tells of is an item without a case
    assert '"code":"no-case"' in ran.stdout
