"""Commands for the exchange: addresses of carriers and hotlines, deliveries, feeds."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, rows
from ops.stack.environment import StackSettings
from ops.stack.run import actor
from services.access import data_keys
from services.delivery import delivery_log, dispatch, endpoints, feeds
from services.delivery.delivery_log import DeliveryCriteria, DeliveryPage, DeliveryState
from services.delivery.endpoints import NewSecret
from services.delivery.http_sender import Sender, WebhookResponse
from services.delivery.retries import Verdict, verdict
from shared import clock
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError
from shared.privacy.keyring import KeyRing
from shared.settings import Mode

ResultT = TypeVar("ResultT")
endpoint = typer.Typer(no_args_is_help=True, help="Addresses of carriers and hotlines, and their secrets.")
delivery = typer.Typer(no_args_is_help=True, help="Deliveries to carriers and hotlines.")
feed = typer.Typer(no_args_is_help=True, help="The feeds that carriers and hotlines pull.")
_ENDPOINT_COLUMNS = (
    "audience",
    "url",
    "state",
    "waiting",
    "oldest",
    "failures",
    "open_until",
    "previous_until",
    "disabled_reason",
)
_DELIVERY_COLUMNS = (
    "id",
    "number",
    "type",
    "state",
    "attempts",
    "last_status",
    "last_error",
    "tried_at",
    "next_try_at",
)
AudienceArgument = Annotated[str, typer.Argument(help="carrier:CODE or hotline:REGION, as in carrier:ZTO.")]
Url = Annotated[str, typer.Argument(help="An https:// address in the public network.")]


def _with_keys(use: Callable[[Database, KeyRing], Awaitable[ResultT]]) -> ResultT:
    settings = StackSettings()
    key_file = settings.read_key_file()

    async def _use(db: Database) -> ResultT:
        return await use(db, await data_keys.ring(db, key_file))

    return with_database(_use, settings)


def _is_development() -> bool:
    return StackSettings().mode is Mode.DEVELOPMENT


def _show(new: NewSecret, what: str, *, as_json: bool) -> None:
    value = {"audience": new.audience, "endpoint": str(new.endpoint_id), "secret": new.secret}
    answer(value, f"{new.audience}: {what}; its secret, shown only now:\n{new.secret}", as_json=as_json)


@endpoint.command()
def register(audience: AudienceArgument, url: Url, *, as_json: AsJson = False) -> None:
    """Register the address of a carrier or hotline; its secret is shown only now."""
    new = _with_keys(
        lambda db, ring: endpoints.register(
            db, ring, audience=audience, url=url, development=_is_development(), actor=actor()
        )
    )
    _show(new, "registered", as_json=as_json)


@endpoint.command()
def move(audience: AudienceArgument, url: Url, *, as_json: AsJson = False) -> None:
    """Change the address; waiting messages go to the new one."""
    with_database(
        lambda db: endpoints.move(
            db, audience=audience, url=url, development=_is_development(), actor=actor()
        )
    )
    answer({"audience": audience, "url": url}, f"{audience} is notified at {url}", as_json=as_json)


@endpoint.command()
def rotate(
    audience: AudienceArgument,
    *,
    hours: Annotated[
        float, typer.Option(min=0, max=24 * 30, help="How many hours the previous secret signs, too.")
    ] = endpoints.OVERLAP.total_seconds() / 3600,
    as_json: AsJson = False,
) -> None:
    """Create a new secret; the previous one also signs for a day, so that the receiver can change."""
    new = _with_keys(
        lambda db, ring: endpoints.rotate(
            db, ring, audience=audience, actor=actor(), overlap=timedelta(hours=hours)
        )
    )
    _show(new, "rotated", as_json=as_json)


@endpoint.command()
def disable(
    audience: AudienceArgument,
    *,
    reason: Annotated[str, typer.Option(help="Why; shown by `list`.")] = "by an operator",
    as_json: AsJson = False,
) -> None:
    """Stop deliveries; the feed continues."""
    with_database(lambda db: endpoints.disable(db, audience=audience, reason=reason, actor=actor()))
    answer({"audience": audience, "state": endpoints.DISABLED}, f"{audience} is disabled", as_json=as_json)


@endpoint.command()
def enable(audience: AudienceArgument, *, as_json: AsJson = False) -> None:
    """Resume deliveries, waiting messages first; messages of the meantime are in the feed only."""
    with_database(lambda db: endpoints.enable(db, audience=audience, actor=actor()))
    answer({"audience": audience, "state": endpoints.ACTIVE}, f"{audience} is enabled", as_json=as_json)


@endpoint.command("list")
def list_endpoints(*, as_json: AsJson = False) -> None:
    """List the addresses with their waiting messages."""
    rows(with_database(endpoints.list_endpoints), _ENDPOINT_COLUMNS, as_json=as_json)


@endpoint.command("test")
def try_out(audience: AudienceArgument, *, as_json: AsJson = False) -> None:
    """Send one message of the type shensu.ping; exit 1 if it is not accepted."""

    async def _ping(db: Database, ring: KeyRing) -> WebhookResponse:
        sender = Sender(development=_is_development())
        try:
            return await dispatch.ping_audience(db, ring, sender, audience)
        finally:
            await sender.close()

    response = _with_keys(_ping)
    accepted = verdict(response.status) is Verdict.DELIVERED
    value = {"audience": audience, "taken": accepted, "status": response.status, "error": response.error}
    text = f"{audience} {'accepted' if accepted else 'did not accept'} it: {response.error or f'status {response.status}'}"
    answer(value, text, as_json=as_json)
    if not accepted:
        raise typer.Exit(1)


@delivery.command("list")
def list_deliveries(
    audience: AudienceArgument,
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those of this state.")] = None,
    number: Annotated[str | None, typer.Option(help="Only those about this case.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the deliveries to an audience, newest first."""
    criteria = DeliveryCriteria(state=state, number=number, limit=limit)
    page = with_database(lambda db: _page(db, audience, criteria))
    rows(page["items"], _DELIVERY_COLUMNS, as_json=as_json)


async def _page(db: Database, audience: str, criteria: DeliveryCriteria) -> DeliveryPage:
    page = await delivery_log.page(db, audience, criteria)
    audiences = {recipient["audience"] for recipient in await endpoints.list_endpoints(db)}
    if not page["items"] and audience not in audiences:
        raise NotFoundError(
            f"no address is registered for {audience}; `python -m ops endpoint list` shows them"
        )
    return page


Ids = Annotated[list[uuid.UUID] | None, typer.Argument(help="As `delivery list` shows them.")]


@delivery.command()
def replay(
    ids: Ids = None,
    *,
    dead_of: Annotated[str | None, typer.Option(help="All dead deliveries of this audience.")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="Of those, the ones created since then (Shanghai time).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Replay deliveries from the first attempt: by their ids, or all dead ones."""
    if bool(ids) == (dead_of is not None):
        raise InvalidInputError("name deliveries by their ids, or an audience by --dead-of")
    selection: dict[str, Any] = {"chosen": ids} if ids else {"audience": dead_of, "since": _since(since)}
    count = with_database(lambda db: delivery_log.replay(db, actor=actor(), **selection))
    answer({"replayed": count}, f"{count} are sent again", as_json=as_json)


def _since(moment: datetime | None) -> datetime:
    return (moment or datetime(2000, 1, 1)).replace(tzinfo=clock.SHANGHAI)  # noqa: DTZ001 - the zone is given beside it


@delivery.command()
def cancel(
    ids: Annotated[list[uuid.UUID], typer.Argument(help="As `delivery list` shows them.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Cancel unsent deliveries permanently; their messages stay in the feed."""
    count = with_database(lambda db: delivery_log.cancel(db, actor=actor(), chosen=ids))
    answer({"cancelled": count}, f"{count} are cancelled", as_json=as_json)


@feed.command()
def rebase(*, as_json: AsJson = False) -> None:
    """Continue the feeds after a dump was restored into another server; does nothing if nothing is wrong."""
    ahead = with_database(lambda db: feeds.rebase(db, actor=actor()))
    text = (
        f"{ahead} entries were ahead; readers continue from their cursors" if ahead else "nothing lies ahead"
    )
    answer({"ahead": ahead}, text, as_json=as_json)
