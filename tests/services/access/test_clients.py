"""Clients and their keys: shown once, stored as a hash, checked at every request, revoked within it."""

import zlib
from collections.abc import Callable
from typing import Any

import pytest

from services.access import clients
from services.access.clients import Caller, NewKey
from services.access.scopes import Scope
from shared.database import Database
from shared.errors import ConflictError, InvalidInputError, NotFoundError
from shared.privacy.keyring import KeyFile

Run = Callable[[Any], Any]
Ask = Callable[..., list[Any]]


@pytest.fixture
def create(db: Database, run: Run, key_file: KeyFile) -> Callable[..., NewKey]:
    """Return a function that makes a client of a call centre, unless it is told otherwise."""

    def _create(name: str = "hangzhou", **changes: Any) -> NewKey:
        plain: dict[str, Any] = {"kind": "call_centre", "scopes": ["complaint:write"], "actor": "anna"}
        made: NewKey = run(clients.create(db, name=name, key_file=key_file, **(plain | changes)))
        return made

    return _create


@pytest.fixture
def caller_of(db: Database, run: Run, key_file: KeyFile) -> Callable[..., Caller | None]:
    """Return a function that tells who is behind a key."""

    def _caller(key: str, *, live_only: bool = False) -> Caller | None:
        caller: Caller | None = run(clients.authenticate(db, key, key_file.pepper, live_only=live_only))
        return caller

    return _caller


def _with_checksum(body: str) -> str:
    return f"{body}_{zlib.crc32(body.encode()):08x}"


def test_a_key_leads_to_its_client_until_it_is_revoked(
    create: Callable[..., NewKey], caller_of: Callable[..., Caller | None], db: Database, run: Run
) -> None:
    made = create(kind="carrier", scopes=["carrier:exchange"], carrier_code="ZTO", per_minute=7)
    caller = caller_of(made.key)
    assert caller is not None
    assert (caller.client_id, caller.name, caller.kind) == (made.client_id, "hangzhou", "carrier")
    assert caller.scopes == {Scope.CARRIER_EXCHANGE}
    assert (caller.carrier_code, caller.bureau_code, caller.per_minute) == ("ZTO", None, 7)
    run(clients.revoke(db, made.key_id, actor="anna"))
    assert caller_of(made.key) is None
    with pytest.raises(NotFoundError):
        run(clients.revoke(db, made.key_id, actor="anna"))


def test_only_a_hash_is_stored_and_each_key_is_its_own(
    create: Callable[..., NewKey],
    caller_of: Callable[..., Caller | None],
    db: Database,
    run: Run,
    key_file: KeyFile,
    ask: Ask,
) -> None:
    first = create()
    second = run(clients.add_key(db, "hangzhou", key_file=key_file, actor="anna"))
    secret = first.key.split("_")[3]
    assert secret not in str(ask("SELECT * FROM api_key")) + str(ask("SELECT * FROM audit_entry"))
    run(clients.revoke(db, first.key_id, actor="anna"))
    assert caller_of(second.key) is not None
    with pytest.raises(NotFoundError):
        run(clients.add_key(db, "nobody", key_file=key_file, actor="anna"))


def test_whatever_is_no_key_of_ours_is_nobodys(
    create: Callable[..., NewKey], caller_of: Callable[..., Caller | None], statements: Callable[[], Any]
) -> None:
    made = create()
    _, mode, key_id, secret, checksum = made.key.split("_")
    wrong = _with_checksum(f"sk_{mode}_{key_id}_{'0' * len(secret)}")
    unknown = _with_checksum(f"sk_{mode}_{'0' * 12}_{secret}")
    assert (caller_of(wrong), caller_of(unknown)) == (None, None)
    # a mistyped key costs no look-up
    mistyped = [made.key[:-1] + ("0" if checksum[-1] != "0" else "1"), made.key.upper(), made.key + "_", ""]
    with statements() as sent:
        assert [caller_of(key) for key in (*mistyped, "钥匙", "sk_live_a_b", "pk" + made.key[2:])] == [
            None
        ] * 7
    assert sent == []


@pytest.mark.parametrize(("live", "prefix"), [(True, "sk_live_"), (False, "sk_test_")])
def test_production_takes_keys_that_were_made_for_it_only(
    live: bool,  # noqa: FBT001 - a parameter of pytest
    prefix: str,
    create: Callable[..., NewKey],
    caller_of: Callable[..., Caller | None],
) -> None:
    key = create(live=live).key
    assert key.startswith(prefix)
    assert (caller_of(key, live_only=True) is not None) is live
    assert caller_of(key) is not None


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"scopes": ["complaint:eat"]}, InvalidInputError, "unknown scopes: complaint:eat"),
        ({"kind": "stranger"}, InvalidInputError, "not stranger"),
        ({"kind": "carrier"}, InvalidInputError, "carrier code"),
        ({"carrier_code": "ZTO"}, InvalidInputError, "carrier code"),
        ({"scopes": ["desk:work"]}, InvalidInputError, "bureau code"),
        ({"scopes": ["hotline:exchange"]}, InvalidInputError, "region code"),
        ({"scopes": ["carrier:exchange"]}, InvalidInputError, "carrier code"),
        ({"name": "taken"}, ConflictError, "exists already"),
    ],
)
def test_a_client_that_could_not_work_is_not_made(
    changes: dict[str, Any], error: type[Exception], message: str, create: Callable[..., NewKey], ask: Ask
) -> None:
    create("taken")
    with pytest.raises(error, match=message):
        create(**changes)
    assert [row.name for row in ask("SELECT name FROM client")] == ["taken"]


def test_operators_see_clients_with_all_their_keys_and_each_act_is_audited(
    create: Callable[..., NewKey], db: Database, run: Run, key_file: KeyFile, ask: Ask
) -> None:
    made = create(bureau_code="C330100", scopes=["desk:work"])
    run(clients.add_key(db, "hangzhou", key_file=key_file, actor="bert"))
    run(clients.revoke(db, made.key_id, actor="bert"))
    shown = run(clients.list_clients(db))
    assert [(row["name"], row["bureau_code"], row["revoked_at"] is not None) for row in shown] == [
        ("hangzhou", "C330100", True),
        ("hangzhou", "C330100", False),
    ]
    assert "secret_hash" not in shown[0]
    assert [tuple(row) for row in ask("SELECT actor, act, subject FROM audit_entry ORDER BY id")] == [
        ("anna", "client.create", "hangzhou"),
        ("bert", "client.key", "hangzhou"),
        ("bert", "client.revoke", made.key_id),
    ]
