"""Clients and their keys by the command line: a secret is shown once, a revoked key is gone."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ops.cli import app

CREATE = ["client", "create", "zto", "--kind", "carrier", "--carrier", "ZTO", "--scope", "carrier:exchange"]


@pytest.mark.usefixtures("connected")
def test_client_is_created_listed_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    create = ["client", "create", "desk", "--kind", "portal", "--scope", "reference:read", "--json"]
    assert app.main(create) == 0
    made = json.loads(capsys.readouterr().out)
    assert app.main(["client", "list", "--json"]) == 0
    shown = capsys.readouterr().out
    assert [row["key_id"] for row in json.loads(shown) if row["name"] == "desk"] == [made["key_id"]]
    assert made["key"] not in shown
    assert app.main(["client", "revoke", made["key_id"]]) == 0
    assert app.main(["client", "revoke", made["key_id"]]) == 1, "revoked already"


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    "fault", [["--scope", "everything"], ["--scope", "reference:read", "--kind", "alien"]]
)
def test_client_with_a_fault_is_refused(fault: list[str]) -> None:
    assert app.main(["client", "create", "desk", "--kind", "portal", *fault]) == 1


@pytest.fixture
def carrier(connected: Path) -> None:
    """Make a client that may sign its requests."""
    assert connected.is_dir()
    assert app.main(CREATE) == 0


@pytest.mark.usefixtures("carrier")
def test_a_secret_of_signatures_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert app.main(["client", "add-signing-key", "zto", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["algorithm"], len(made["secret"])) == ("hmac-sha256", 44)
    assert app.main(["client", "signing-keys", "--json"]) == 0
    shown = capsys.readouterr().out
    [row] = json.loads(shown)
    assert (row["name"], row["key_id"], row["revoked_at"]) == ("zto", made["key_id"], None)
    assert made["secret"] not in shown
    assert app.main(["client", "revoke-signing-key", made["key_id"]]) == 0
    assert app.main(["client", "revoke-signing-key", made["key_id"]]) == 1, "revoked already"


@pytest.mark.usefixtures("carrier")
def test_a_pair_stays_with_its_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    pem = (
        Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (tmp_path / "ours.pem").write_bytes(pem)
    add = ["client", "add-signing-key", "zto", "--algorithm", "ed25519"]
    assert app.main([*add, "--public-key", str(tmp_path / "ours.pem"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["secret"] is None
    assert app.main(add) == 1
    assert "needs the public key" in capsys.readouterr().err
