"""Bindings of clients: each is bound to an enterprise, a bureau or a region that exists."""

from collections.abc import Callable
from typing import Any

import pytest

from services.access import clients
from shared.database import Database
from shared.errors import InvalidInputError
from shared.privacy.keyring import KeyFile

Run = Callable[[Any], Any]
Ask = Callable[..., list[Any]]


@pytest.mark.parametrize(
    ("kind", "scope", "bound", "advice"),
    [
        ("carrier", "carrier:exchange", {"carrier_code": "NOPE"}, r"no enterprise NOPE; there are .*ZTO"),
        ("bureau", "desk:work", {"bureau_code": "C999999"}, "no bureau C999999; GET /v1/reference/bureaus"),
        (
            "portal",
            "hotline:exchange",
            {"region_code": "999999"},
            "no region 999999; GET /v1/reference/regions",
        ),
    ],
)
def test_a_client_of_what_does_not_exist_gets_no_key(
    kind: str,
    scope: str,
    bound: dict[str, Any],
    advice: str,
    db: Database,
    run: Run,
    key_file: KeyFile,
    ask: Ask,
) -> None:
    with pytest.raises(InvalidInputError, match=advice):
        run(
            clients.create(db, name="x", kind=kind, scopes=[scope], key_file=key_file, actor="tests", **bound)
        )
    assert ask("SELECT 1 FROM client WHERE name = 'x'") == []


@pytest.mark.parametrize(
    ("kind", "scope", "bound"),
    [
        ("carrier", "carrier:exchange", {"carrier_code": "ZTO"}),
        ("bureau", "desk:work", {"bureau_code": "C330100"}),
        ("portal", "hotline:exchange", {"region_code": "330100"}),
    ],
)
def test_a_client_is_made_for_what_exists(
    kind: str, scope: str, bound: dict[str, Any], db: Database, run: Run, key_file: KeyFile
) -> None:
    new = run(
        clients.create(db, name="y", kind=kind, scopes=[scope], key_file=key_file, actor="tests", **bound)
    )
    assert new.key.startswith("sk_test_")
