"""Secrets and signatures of webhooks: what we sign, the reference of those who receive verifies; altered, it does not."""

import base64
import json
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.delivery import webhook_signatures
from shared import clock
from shared.privacy.keyring import KeyRing
from shared.privacy.sealing import SealBrokenError

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


@pytest.mark.slow
def test_the_reference_verifies_ours_and_refuses_what_was_altered(folder: Path) -> None:
    old, new, stranger = (webhook_signatures.new_secret() for _ in range(3))
    event_id = "20261123021234567:carrier:ZTO:7"
    event = {"id": event_id, "data": {"texts": {"instruction": "请核实签收人。"}}}
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = webhook_signatures.headers([new, old], event_id, body, clock.now())
    good = {"secret": new, "body": body.decode(), "headers": headers}
    processes = [
        good,
        good | {"secret": old},
        good | {"secret": stranger},
        good | {"body": body.decode().replace("核实", "核对")},
        good | {"headers": headers | {"webhook-id": "another"}},
        good | {"headers": headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}},
    ]
    done = subprocess.run(
        ["node", "-e", _SCRIPT],
        input=json.dumps(processes),
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [event, event, *["WebhookVerificationError"] * 4]


def test_a_secret_is_one_that_libraries_take_and_opens_for_its_own_endpoint_only(ring: KeyRing) -> None:
    first, second = webhook_signatures.new_secret(), webhook_signatures.new_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    mine, other = uuid.UUID(int=1), uuid.UUID(int=2)
    sealed = webhook_signatures.seal(first, ring, mine)
    assert webhook_signatures.unseal(sealed, ring, mine) == first
    with pytest.raises(SealBrokenError):
        webhook_signatures.unseal(sealed, ring, other)


def test_each_attempt_is_signed_for_its_own_moment_by_every_secret() -> None:
    secrets = [webhook_signatures.new_secret() for _ in range(2)]
    body, at = '{"text":"请核实"}'.encode(), clock.now()
    headers = webhook_signatures.headers(secrets, "m1", body, at)
    assert headers["webhook-timestamp"] == str(int(at.timestamp()))
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in secrets:
        Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secrets[0]).verify(body, headers | {"webhook-id": "m2"})
