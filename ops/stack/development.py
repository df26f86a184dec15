"""The clients of a development stack, and the file of their keys."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from services.access import clients, officers
from services.access.scopes import Scope
from shared.database import Database
from shared.privacy.keyring import KeyFile

_UNLIMITED = 600_000


@dataclass(frozen=True, slots=True)
class ClientSpec:
    """One development client."""

    name: str
    kind: str
    scopes: tuple[str, ...]
    carrier_code: str | None = None
    bureau_code: str | None = None
    region_code: str | None = None
    per_minute: int = _UNLIMITED


CLIENTS = (
    ClientSpec(
        "call-centre",
        "call_centre",
        (Scope.COMPLAINT_WRITE, Scope.COMPLAINT_READ, Scope.COMPLAINT_READ_ALL, Scope.REFERENCE_READ),
    ),
    ClientSpec("web-form", "web_form", (Scope.COMPLAINT_WRITE, Scope.COMPLAINT_READ, Scope.REFERENCE_READ)),
    ClientSpec(
        "carrier-zto",
        "carrier",
        (Scope.COMPLAINT_WRITE, Scope.COMPLAINT_READ, Scope.CARRIER_EXCHANGE, Scope.REFERENCE_READ),
        carrier_code="ZTO",
    ),
    ClientSpec(
        "carrier-yto",
        "carrier",
        (Scope.COMPLAINT_WRITE, Scope.COMPLAINT_READ, Scope.CARRIER_EXCHANGE, Scope.REFERENCE_READ),
        carrier_code="YTO",
    ),
    ClientSpec("legacy-import", "legacy", (Scope.IMPORT_WRITE, Scope.COMPLAINT_READ)),
    ClientSpec("dashboard", "dashboard", (Scope.ANALYTICS_READ,)),
    ClientSpec("bureau-desk", "bureau", (Scope.COMPLAINT_READ_ALL, Scope.REFERENCE_READ)),
    ClientSpec(
        "desk-hangzhou",
        "bureau",
        (Scope.DESK_WORK, Scope.DESK_UNMASK, Scope.REFERENCE_READ),
        bureau_code="C330100",
    ),
    ClientSpec(
        "desk-zhejiang",
        "bureau",
        (Scope.DESK_WORK, Scope.DESK_UNMASK, Scope.REFERENCE_READ),
        bureau_code="P330000",
    ),
    ClientSpec(
        "desk-national",
        "bureau",
        (Scope.DESK_WORK, Scope.DESK_UNMASK, Scope.REFERENCE_READ),
        bureau_code="N000000",
    ),
    ClientSpec(
        "hotline-hangzhou", "portal", (Scope.HOTLINE_EXCHANGE, Scope.REFERENCE_READ), region_code="330100"
    ),
)

OFFICERS = tuple(
    (bureau, officer, name, role)
    for bureau in ("C330100", "P330000", "N000000")
    for officer, name, role in (
        ("li.na", "李娜", officers.OFFICER),
        ("wang.wei", "王伟", officers.OFFICER),
        ("chen.jie", "陈洁", officers.SUPERVISOR),
    )
)
"""Fictitious: two officers and a supervisor for each development desk."""


@dataclass(frozen=True, slots=True)
class PreparedClient:
    """The keys by client, with the created and the renewed ones."""

    keys: dict[str, str]
    created: tuple[str, ...]
    renewed: tuple[str, ...]


def read_keys(path: Path) -> dict[str, str]:
    """Return the keys of the development clients by name; none if the file is missing or damaged."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(key) for name, key in stored.items()} if isinstance(stored, dict) else {}


async def prepare(db: Database, path: Path, key_file: KeyFile, *, actor: str) -> PreparedClient:
    """Create missing clients, and a new key for each client whose key is lost or no longer valid."""
    names = {row["name"] for row in await clients.list_clients(db)}
    keys = read_keys(path)
    created, renewed = [], []
    for client in CLIENTS:
        key = keys.get(client.name)
        if client.name not in names:
            new = await clients.create(
                db,
                name=client.name,
                kind=client.kind,
                scopes=client.scopes,
                key_file=key_file,
                actor=actor,
                carrier_code=client.carrier_code,
                bureau_code=client.bureau_code,
                region_code=client.region_code,
                per_minute=client.per_minute,
            )
            keys[client.name] = new.key
            created.append(client.name)
        elif key is None or await clients.authenticate(db, key, key_file.pepper) is None:
            keys[client.name] = (await clients.add_key(db, client.name, key_file=key_file, actor=actor)).key
            renewed.append(client.name)
    if created:
        for bureau, officer_id, name, role in OFFICERS:
            await officers.put(
                db, bureau=bureau, officer_id=officer_id, name=name, role=role, active=True, actor=actor
            )
    if created or renewed:
        _write(path, {client.name: keys[client.name] for client in CLIENTS})
    return PreparedClient(keys, tuple(created), tuple(renewed))


def _write(path: Path, keys: dict[str, str]) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(json.dumps(keys, indent=2) + "\n")
    draft.replace(path)
