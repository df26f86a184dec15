"""What we sign is verified by the npm package `standardwebhooks`, the reference of those who receive; altered, it is not."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from services.delivery import webhook_signatures
from shared import clock

pytestmark = pytest.mark.slow
PACKAGE = "standardwebhooks@1.0.0"
_SCRIPT = """
const { Webhook } = require("standardwebhooks");
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = given.map(({ secret, body, headers }) => {
  try { return new Webhook(secret).verify(body, headers); } catch (error) { return error.constructor.name; }
});
process.stdout.write(JSON.stringify(said));
"""


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    """Install the package once into the cache of the tests; without node or a registry there is nothing to test with."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    place: Path = request.config.cache.mkdir("npm-standardwebhooks")
    if not (place / "node_modules" / "standardwebhooks" / "package.json").exists():
        command = [
            "npm",
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(place),
            PACKAGE,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot install {PACKAGE}: no registry is reached")
    return place


def test_the_reference_verifies_ours_and_refuses_what_was_altered(folder: Path) -> None:
    old, new, stranger = (webhook_signatures.new_secret() for _ in range(3))
    event_id = "20261123021234567:carrier:ZTO:7"
    event = {"id": event_id, "data": {"words": {"instruction": "请核实签收人。"}}}
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = webhook_signatures.headers([new, old], event_id, body, clock.now())
    good = {"secret": new, "body": body.decode(), "headers": headers}
    asked = [
        good,
        good | {"secret": old},
        good | {"secret": stranger},
        good | {"body": body.decode().replace("核实", "核对")},
        good | {"headers": headers | {"webhook-id": "another"}},
        good | {"headers": headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}},
    ]
    done = subprocess.run(
        ["node", "-e", _SCRIPT],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [event, event, *["WebhookVerificationError"] * 4]
