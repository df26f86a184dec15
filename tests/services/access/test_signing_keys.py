"""Signing keys as they are stored, and nonces: each is new once for its key, and forgotten when its time is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.access import clients, signing_keys
from services.access.signing_keys import Nonces
from services.intake.preparation import IntakeContext
from shared import clock
from shared.database import Database
from shared.privacy.keyring import KeyFile
from shared.privacy.sealing import SealBrokenError

Run = Callable[[Any], Any]
Ask = Callable[..., list[Any]]


@pytest.fixture(autouse=True)
def _client(db: Database, run: Run, key_file: KeyFile) -> None:
    run(
        clients.create(
            db,
            name="zto",
            kind="carrier",
            scopes=["carrier:exchange"],
            carrier_code="ZTO",
            key_file=key_file,
            actor="x",
        )
    )


def test_a_key_leads_to_its_client_until_it_is_revoked(
    db: Database, run: Run, intake_context: IntakeContext
) -> None:
    new = run(signing_keys.add(db, "zto", algorithm="hmac-sha256", ring=intake_context.ring, actor="x"))
    key = run(signing_keys.find(db, new.key_id, intake_context.ring))
    assert (key.caller.name, key.caller.carrier_code, len(key.material)) == ("zto", "ZTO", 32)
    run(signing_keys.revoke(db, new.key_id, actor="x"))
    assert run(signing_keys.find(db, new.key_id, intake_context.ring)) is None
    assert run(signing_keys.find(db, "sk-unknown", intake_context.ring)) is None


def test_a_secret_opens_for_its_own_key_only(
    db: Database, run: Run, intake_context: IntakeContext, ask: Ask
) -> None:
    first, other = (
        run(signing_keys.add(db, "zto", algorithm="hmac-sha256", ring=intake_context.ring, actor="x"))
        for _ in range(2)
    )
    ask(
        "UPDATE signing_key SET sealed_secret = (SELECT sealed_secret FROM signing_key WHERE id = :other) WHERE id = :first",
        first=first.key_id,
        other=other.key_id,
    )
    with pytest.raises(SealBrokenError):
        run(signing_keys.find(db, first.key_id, intake_context.ring))


def test_a_nonce_is_new_once_for_each_key_and_forgotten_in_time(db: Database, run: Run, ask: Ask) -> None:
    until = clock.now() + timedelta(minutes=10)
    nonces = Nonces(db)
    assert [run(nonces.remember(key, "n", until)) for key in ("a", "a", "b")] == [True, False, True]
    run(nonces.remember("a", "old", clock.now() - timedelta(seconds=1)))
    # a process that begins looks what is over; so does each, once in a minute
    assert run(Nonces(db).remember("a", "n", until)) is False
    assert {tuple(row) for row in ask("SELECT key_id, nonce FROM signature_nonce")} == {
        ("a", "n"),
        ("b", "n"),
    }
