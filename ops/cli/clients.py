"""Commands for the clients of the platform, their API keys, and their signing keys."""

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, rows
from ops.stack.environment import StackSettings
from ops.stack.run import actor
from services.access import clients, data_keys, scopes, signing_keys
from services.access.signing_keys import NewSigningKey
from shared.database import Database
from shared.signing import ALGORITHMS

app = typer.Typer(no_args_is_help=True, help="Clients of the platform and their keys.")
_COLUMNS = (
    "name",
    "kind",
    "scopes",
    "carrier_code",
    "bureau_code",
    "region_code",
    "per_minute",
    "key_id",
    "live",
    "revoked_at",
)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="A new, unused name.")],
    *,
    kind: Annotated[
        str, typer.Option(help="call_centre, web_form, carrier, portal, bureau, dashboard, legacy")
    ],
    scope: Annotated[list[str], typer.Option(help=f"Any of: {', '.join(scopes.MEANINGS)}; may be repeated.")],
    carrier: Annotated[str | None, typer.Option(help="Carrier code, for kind carrier.")] = None,
    bureau: Annotated[str | None, typer.Option(help="Bureau code, for kind bureau.")] = None,
    region: Annotated[
        str | None, typer.Option(help="Region code, for the 12345 hotline of a region.")
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, help="Complaints per minute.")] = 600,
    live: Annotated[bool, typer.Option("--live", help="A key for production.")] = False,
    as_json: AsJson = False,
) -> None:
    """Create a client and its first key; the key is shown only now."""
    settings = StackSettings()
    key_file = settings.read_key_file()
    new = with_database(
        lambda db: clients.create(
            db,
            name=name,
            kind=kind,
            scopes=scope,
            key_file=key_file,
            actor=actor(),
            carrier_code=carrier,
            bureau_code=bureau,
            region_code=region,
            per_minute=per_minute,
            live=live,
        ),
        settings,
    )
    value = {"name": name, "client_id": str(new.client_id), "key_id": new.key_id, "key": new.key}
    answer(value, f"{name}: key {new.key_id}, shown only now:\n{new.key}", as_json=as_json)


@app.command("add-key")
def add_key(
    name: Annotated[str, typer.Argument(help="As `client list` shows it.")],
    *,
    live: Annotated[bool, typer.Option("--live", help="A key for production.")] = False,
    as_json: AsJson = False,
) -> None:
    """Create another key for a client; revoke the old key when the client uses the new one."""
    settings = StackSettings()
    key_file = settings.read_key_file()
    new = with_database(
        lambda db: clients.add_key(db, name, key_file=key_file, actor=actor(), live=live), settings
    )
    value = {"name": name, "key_id": new.key_id, "key": new.key}
    answer(value, f"{name}: key {new.key_id}, shown only now:\n{new.key}", as_json=as_json)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List clients and keys; the secrets are not stored and cannot be shown."""
    rows(with_database(clients.list_clients), _COLUMNS, as_json=as_json)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="As `client list` shows it.")], *, as_json: AsJson = False
) -> None:
    """Revoke a key; within a few seconds no process accepts it."""
    when = with_database(lambda db: clients.revoke(db, key_id, actor=actor()))
    answer({"key_id": key_id, "revoked_at": when}, f"key {key_id} is revoked", as_json=as_json)


@app.command("add-signing-key")
def add_signing_key(
    name: Annotated[
        str, typer.Argument(help="A client of kind carrier or portal, as `client list` shows it.")
    ],
    *,
    algorithm: Annotated[str, typer.Option(help=f"Any of: {', '.join(ALGORITHMS)}.")] = signing_keys.HMAC,
    public_key: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="File with the public key (PEM), for ed25519."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Create a signing key for a client (RFC 9421); a shared secret is shown only now, in base64."""
    settings = StackSettings()
    key_file = settings.read_key_file()
    pem = public_key.read_bytes() if public_key is not None else None

    async def _add(db: Database) -> NewSigningKey:
        ring = await data_keys.ring(db, key_file)
        return await signing_keys.add(db, name, algorithm=algorithm, ring=ring, actor=actor(), public_key=pem)

    new = with_database(_add, settings)
    value = {"name": name, "key_id": new.key_id, "algorithm": new.algorithm, "secret": new.secret}
    shown = f", its secret is shown only now:\n{new.secret}" if new.secret is not None else ""
    answer(value, f"{name}: signing key {new.key_id} ({new.algorithm}){shown}", as_json=as_json)


@app.command("signing-keys")
def signing_keys_(*, as_json: AsJson = False) -> None:
    """List the signing keys of clients."""
    columns = ("name", "key_id", "algorithm", "created_at", "revoked_at")
    rows(with_database(signing_keys.listed), columns, as_json=as_json)


@app.command("revoke-signing-key")
def revoke_signing_key(
    key_id: Annotated[str, typer.Argument(help="As `client signing-keys` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Revoke a signing key; within a few seconds no process accepts it."""
    when = with_database(lambda db: signing_keys.revoke(db, key_id, actor=actor()))
    answer({"key_id": key_id, "revoked_at": when}, f"signing key {key_id} is revoked", as_json=as_json)
