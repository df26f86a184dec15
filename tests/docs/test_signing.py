"""The example that signs a request does so: it runs as it stands on the page, with a key of the test stack."""

import re
import subprocess
import sys
from pathlib import Path

from services.access import signing_keys
from tests.running import Stack

PAGE = Path(__file__).parents[2] / "docs" / "integrators" / "carriers.md"


def test_the_example_signs(stack: Stack) -> None:
    new = stack.use_keys(
        lambda db, ring: signing_keys.add(
            db, "carrier-zto", algorithm="hmac-sha256", ring=ring, actor="tests"
        )
    )
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
