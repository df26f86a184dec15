"""The command that simulates a carrier, for integrators and for people who try the platform."""

import contextlib
import time
from typing import Annotated, NoReturn

import httpx
import typer

from ops.cli.connection import with_database
from ops.cli.output import say
from ops.sandbox.api import ApiKey, CarrierApi
from ops.sandbox.behaviours import Behaviour
from ops.sandbox.carrier import Sandbox
from ops.sandbox.signing import Signed
from ops.sandbox.traces import Way
from ops.stack import development
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.run import actor
from services.access import data_keys
from services.cases import outbox
from services.delivery import endpoints
from shared.database import Database
from shared.errors import ConflictError
from shared.settings import Mode

KEY, SECRET, SIGN = "SHENSU_SANDBOX_KEY", "SHENSU_SANDBOX_SECRET", "SHENSU_SANDBOX_SIGN"
"""Variables that keep secrets off the command line."""


def carrier_sandbox(
    *,
    carrier: Annotated[str, typer.Option(help="Carrier code.")] = "ZTO",
    behaviour: Annotated[Behaviour, typer.Option(help="Behaviour of the carrier.")] = Behaviour.PROMPT,
    trace: Annotated[
        Way | None, typer.Option(help="Push scans of the item, too, when a case arrives.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for webhooks and commands.")] = 8100,
    intake: Annotated[
        str | None, typer.Option(help="Address of the intake API; default: the stack here.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar=KEY, help="API key; default: the development client's.")
    ] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option(envvar=SECRET, help="Secret of the webhooks; may be repeated."),
    ] = None,
    sign: Annotated[
        str | None,
        typer.Option(
            envvar=SIGN,
            metavar="KEY_ID:SECRET",
            help="Sign requests (RFC 9421) instead of sending an API key.",
        ),
    ] = None,
    register: Annotated[
        bool,
        typer.Option("--register", help="Register the address with the stack here, and use its secret."),
    ] = False,
    poll: Annotated[
        float | None, typer.Option(min=0.1, help="Seconds between two reads of the feed.")
    ] = None,
) -> None:
    """Simulate a carrier until Ctrl-C: receive webhooks or read the feed, verify, and answer by a behaviour."""
    settings = StackSettings()
    address = intake or settings.url(settings.intake_port)
    with CarrierApi(address, _auth(carrier, key, sign, settings)) as api:
        sandbox = Sandbox(api, behaviour=behaviour, secrets=secret or (), way=trace, port=port, say=say)
        if register:
            sandbox.secrets.append(_register_address(carrier, sandbox.url, settings))
        with contextlib.suppress(KeyboardInterrupt), sandbox:
            say(f"{carrier} behaves {behaviour}; webhooks: {sandbox.url}, commands: {sandbox.control_url}")
            _go_on(sandbox, poll)


def _auth(carrier: str, key: str | None, sign: str | None, settings: StackSettings) -> httpx.Auth:
    if sign is not None:
        key_id, _, secret = sign.partition(":")
        return Signed.with_secret(key_id, secret)
    api_key = key or development.read_keys(settings.development_keys).get(f"carrier-{carrier.lower()}")
    if api_key is None:
        raise StackError(
            f"no key for {carrier}: give --key, or {KEY}; `ops client create --kind carrier` makes a client"
        )
    return ApiKey(api_key)


def _register_address(carrier: str, url: str, settings: StackSettings) -> str:
    """Register the address of the sandbox, or change the carrier's address to it; return the secret."""
    key_file = settings.read_key_file()
    audience = outbox.audience(outbox.CARRIER, carrier)
    is_development = settings.mode is Mode.DEVELOPMENT

    async def _register(db: Database) -> str:
        ring = await data_keys.ring(db, key_file)
        try:
            new = await endpoints.register(
                db, ring, audience=audience, url=url, development=is_development, actor=actor()
            )
        except ConflictError:
            await endpoints.move(db, audience=audience, url=url, development=is_development, actor=actor())
            new = await endpoints.rotate(db, ring, audience=audience, actor=actor())
        return new.secret

    return with_database(_register, settings)


def _go_on(sandbox: Sandbox, poll: float | None) -> NoReturn:
    while True:
        time.sleep(poll or 1.0)
        if poll is not None:
            _poll(sandbox)


def _poll(sandbox: Sandbox) -> None:
    try:
        sandbox.poll()
    except httpx.HTTPError as error:
        # the platform may be unreachable for a while: the cursor stays unchanged
        say(f"the feed cannot be read now: {type(error).__name__}")
