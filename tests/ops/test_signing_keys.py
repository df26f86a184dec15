"""Keys that requests are signed with, from the command line: the secret is shown once, a revoked one is gone."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ops.cli import app
from shared.database import Database

CREATE = ["client", "create", "zto", "--kind", "carrier", "--carrier", "ZTO", "--scope", "carrier:exchange"]


@pytest.fixture(autouse=True)
def _connected(tmp_path: Path, key_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHENSU_MODE", raising=False)
    monkeypatch.setenv("SHENSU_HOME", str(tmp_path))
    monkeypatch.setenv("SHENSU_KEY_FILE", str(key_path))
    monkeypatch.setenv("DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    assert app.main(CREATE) == 0


def test_a_secret_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
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
