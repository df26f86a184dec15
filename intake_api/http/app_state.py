"""Resources of one intake process: connection pool, keys, reference data, authentication, doorbell, group commit."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI, Request

from intake_api.http import bodies
from intake_api.http.group_commit import GroupCommit
from services.access import clients, signing_keys
from services.access.clients import Caller
from services.access.data_keys import Keys
from services.intake.fast_path import FastPath
from services.intake.preparation import IntakeContext
from services.reference.cache import ReferenceCache
from services.reference.data import ReferenceData
from services.requests.answers import Accepted, Answer
from shared import clock
from shared.allowances import Allowances
from shared.database import Database
from shared.http.auth import Authenticator
from shared.http.rate_limits import RateLimiter
from shared.http.signatures import Signatures
from shared.privacy import keyring
from shared.settings import Mode, Settings
from shared.signing import SigningKey
from shared.storage import Storage
from shared.wakeup import Doorbell

ROLE = "shensu_intake"
BULK_AT_ONCE = 2
FILES_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class AppState:
    """Resources that live from the start of the process to its end."""

    db: Database
    reference_cache: ReferenceCache
    keys: Keys
    authenticator: Authenticator[Caller]
    rate_limiter: RateLimiter
    bell: Doorbell
    fast_path: FastPath | None
    """None: the worker decides every complaint."""
    group_commit: GroupCommit
    bulk: asyncio.Semaphore
    """Limits concurrent bulk requests: a thousand rows need a tenth of a second of the processor and some megabytes."""
    storage: Storage
    files: asyncio.Semaphore
    """Limits concurrent files: each is whole in memory, in clear and sealed, while it is stored or read."""

    async def context(self, caller: Caller) -> IntakeContext:
        """Return the context in which the filings of one request are prepared."""
        return IntakeContext(
            caller, await self.reference_cache.reference(), await self.keys.ring(), clock.now()
        )

    async def reference(self) -> ReferenceData:
        """Return the reference data in force."""
        return await self.reference_cache.reference()


@contextlib.asynccontextmanager
async def opened(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """Open all resources; close them in reverse order: accepted requests are answered before the pool closes."""
    key_file = keyring.read(settings.key_file)
    db = Database.connect(settings.database_url.get_secret_value(), role=ROLE, pool_size=settings.pool_size)
    bell = Doorbell(settings.redis_url.get_secret_value())
    bell.start()
    allowances = Allowances(settings.redis_url.get_secret_value())
    live_only = settings.mode is Mode.PRODUCTION
    reference_cache = ReferenceCache(db)
    fast_path = FastPath(db, reference_cache.reference) if settings.fast_path else None
    group_commit = GroupCommit(db, fast_path=fast_path, on_commit=partial(ring_for, bell))
    group_commit.start()
    data_keys = Keys(db, lambda: key_file)
    app.state.resources = AppState(
        db=db,
        reference_cache=reference_cache,
        keys=data_keys,
        rate_limiter=RateLimiter(allowances, processes=settings.intake_processes),
        authenticator=Authenticator(
            lambda key: clients.authenticate(db, key, key_file.pepper, live_only=live_only),
            _signatures(db, data_keys, settings),
        ),
        bell=bell,
        fast_path=fast_path,
        group_commit=group_commit,
        bulk=asyncio.Semaphore(BULK_AT_ONCE),
        storage=Storage.of(settings),
        files=asyncio.Semaphore(FILES_AT_ONCE),
    )
    try:
        yield
    finally:
        await group_commit.close()
        await bell.close()
        await allowances.close()
        await db.close()


def ring_for(bell: Doorbell, answers: Iterable[Answer]) -> None:
    """Ring the doorbell once for each kind of work that stored filings leave to the worker."""
    for kind in {
        answer.work for answer in answers if isinstance(answer, Accepted) and answer.work is not None
    }:
        bell.ring(kind)


def _signatures(db: Database, data_keys: Keys, settings: Settings) -> Signatures[Caller]:
    async def _look_up(key_id: str) -> SigningKey[Caller] | None:
        return await signing_keys.find(db, key_id, await data_keys.ring())

    nonces = signing_keys.Nonces(db)
    return Signatures(_look_up, nonces.remember, bodies.hold, public_url=settings.public_url)


def of(request: Request) -> AppState:
    """Return the resources of the process that serves a request."""
    resources: AppState = request.app.state.resources
    return resources
