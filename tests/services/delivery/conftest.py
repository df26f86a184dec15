"""The exchange in tests: cases with messages to somebody outside, and a recipient that is registered for them."""

import uuid
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, NamedTuple

import pytest

from services.cases import outbox
from services.cases import words as words_of
from services.cases.outbox import OutboxEntry
from services.delivery import dispatch, endpoints
from services.delivery.endpoints import NewSecret
from services.delivery.http_sender import Sender
from services.intake.preparation import IntakeContext, Prepared
from shared.database import Database
from shared.privacy.keyring import KeyRing
from tests.receiver import Receiver

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ZTO = "carrier:ZTO"


class Case(NamedTuple):
    """A case, as far as messages need it."""

    bucket: int
    id: uuid.UUID
    number: str


@pytest.fixture
def ring(intake_context: IntakeContext) -> KeyRing:
    """Return the key ring."""
    return intake_context.ring


@pytest.fixture
def cases(
    prepare: Callable[..., Prepared], store: Callable[[Sequence[Prepared]], list[str]]
) -> Callable[[int], list[Case]]:
    """Return a function that files so many complaints."""

    def _cases(count: int) -> list[Case]:
        prepared = [prepare() for _ in range(count)]
        numbers = store(prepared)
        return [
            Case(filing.bucket, filing.complaint_id, number)
            for filing, number in zip(prepared, numbers, strict=True)
        ]

    return _cases


@pytest.fixture
def tell(db: Database, run: Run, ring: KeyRing) -> Callable[..., None]:
    """Return a function that tells an audience of events of a case, by their numbers, in one transaction."""

    def _tell(case: Case, *seqs: int, to: str = ZTO, type_: str = "case.follow_up", **words: str) -> None:
        text = words_of.make(words, ring)
        entries = [
            OutboxEntry(
                case.bucket, case.id, to, seq, type_, {"number": case.number, "status": "FORWARDED"}, text
            )
            for seq in seqs
        ]

        async def _go() -> None:
            async with db.transaction() as connection:
                await outbox.publish(connection, entries)

        run(_go())

    return _tell


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that listens and takes everything."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def register(db: Database, run: Run, ring: KeyRing) -> Callable[..., NewSecret]:
    """Return a function that registers an address, as in development."""

    def _register(url: str, audience: str = ZTO) -> NewSecret:
        secret: NewSecret = run(
            endpoints.register(db, ring, audience=audience, url=url, development=True, actor="tests")
        )
        return secret

    return _register


@pytest.fixture
def sender(run: Run) -> Iterator[Sender]:
    """Return a sender, as in development."""
    sender = Sender(development=True)
    yield sender
    run(sender.close())


@pytest.fixture
def deliver(db: Database, run: Run, ring: KeyRing, sender: Sender) -> Callable[..., int]:
    """Return a function that delivers one batch to an endpoint, or all that is due; returns how many were tried."""

    def _deliver(endpoint: NewSecret, *, once: bool = False, **options: Any) -> int:
        async def _go() -> int:
            tried = 0
            while count := await dispatch.deliver_batch(db, ring, sender, endpoint.endpoint_id, **options):
                tried += count
                if once:
                    break
            return tried

        tried: int = run(_go())
        return tried

    return _deliver


@pytest.fixture
def deliveries(ask: Callable[..., list[Any]]) -> Callable[[], list[Any]]:
    """Return a function that reads all deliveries, in the order of their cases and numbers."""
    return lambda: ask(
        "SELECT *, next_at - clock_timestamp() AS wait FROM delivery ORDER BY complaint_id, seq"
    )


@pytest.fixture
def endpoint_row(ask: Callable[..., list[Any]]) -> Callable[[], Any]:
    """Return a function that reads the one endpoint."""
    return lambda: ask("SELECT *, open_until - clock_timestamp() AS pause FROM endpoint")[0]
