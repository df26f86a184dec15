"""The desk in tests: a routed case, officers of three bureaus, and one function that performs an act as one of them."""

import dataclasses
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.access import officers
from services.access.clients import Caller
from services.access.officers import Officer
from services.access.scopes import Scope
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.desk import perform
from services.desk.perform import VerbCall, VerbOutcome
from services.desk.verbs import VERBS
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.routing import admit, forward, route
from shared import ids, serialisation
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
HOUR = timedelta(hours=1)


@pytest.fixture
def context(intake_context: IntakeContext, reference: ReferenceData) -> KeyedContext:
    """Return what changes are written with."""
    return KeyedContext(reference, intake_context.ring)


@pytest.fixture
def desk(reference: ReferenceData, db: Database, run: Run) -> Callable[..., DeskSession]:
    """Return a function that makes the desk of a bureau, by an officer or a supervisor who is registered."""

    def _desk(bureau: str = "C330100", officer: str = "li.na", *, supervisor: bool = False) -> DeskSession:
        role = officers.SUPERVISOR if supervisor else officers.OFFICER
        run(
            officers.put(
                db, bureau=bureau, officer_id=officer, name=officer, role=role, active=True, actor="tests"
            )
        )
        caller = Caller(
            ids.uuid7(), f"desk-{bureau}", "bureau", frozenset({Scope.DESK_WORK}), None, bureau, None, 6_000
        )
        return DeskSession(caller, reference.jurisdictions.bureaus[bureau], Officer(officer, officer, role))

    return _desk


@pytest.fixture
def work(db: Database, run: Run, reference: ReferenceData) -> Callable[[], None]:
    """Return a function that does what the worker does until nothing is due: route, weigh anew, forward."""

    def _work() -> None:
        for batch in (route.route_batch, admit.admit_batch, forward.forward_batch):
            while run(batch(db, reference, size=500, lease=5 * HOUR)):
                pass

    return _work


@pytest.fixture
def case_of(ask: Callable[..., list[Any]]) -> Callable[[str], Any]:
    """Return a function that reads the row of a case."""

    def _case(number: str) -> Any:
        [row] = ask("SELECT * FROM complaint WHERE number = :number", number=number)
        return row

    return _case


@pytest.fixture
def cautious(reference: ReferenceData) -> ReferenceData:
    """Return reference data by which Hangzhou sees its cases before they are taken up."""
    bureaus = dict(reference.jurisdictions.bureaus)
    bureaus["C330100"] = dataclasses.replace(bureaus["C330100"], auto_admit=False)
    return dataclasses.replace(
        reference, jurisdictions=dataclasses.replace(reference.jurisdictions, bureaus=bureaus)
    )


@pytest.fixture
def received(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    db: Database,
    run: Run,
    cautious: ReferenceData,
) -> Callable[..., str]:
    """Return a function that files a complaint and leaves it with Hangzhou, not yet taken up; returns its number."""

    def _received(**changes: Any) -> str:
        [number] = store([prepare(**changes)])
        run(route.route_batch(db, cautious, size=500, lease=5 * HOUR))
        return number

    return _received


@pytest.fixture
def forwarded(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
) -> Callable[..., str]:
    """Return a function that files a complaint which passes every check and goes to the enterprise."""

    def _forwarded(**changes: Any) -> str:
        [number] = store([prepare(**changes)])
        work()
        return number

    return _forwarded


@pytest.fixture
def act(
    db: Database,
    run: Run,
    context: KeyedContext,
    desk: Callable[..., DeskSession],
    case_of: Callable[[str], Any],
) -> Callable[..., VerbOutcome]:
    """Return a function that performs a verb on a case in its present version; `by` is a desk, by default Hangzhou's."""

    def _act(
        number: str, verb: str, *, by: DeskSession | None = None, version: int | None = None, **form: Any
    ) -> VerbOutcome:
        spec = VERBS[verb]
        read = spec.form.model_validate_json(serialisation.to_bytes(form))
        call = VerbCall(number, version or case_of(number).version, spec, verb, read)
        outcome: VerbOutcome = run(perform.perform(db, call, by or desk(), context))
        return outcome

    return _act


@pytest.fixture
def replied(forwarded: Callable[..., str], put_reply: Callable[..., None]) -> Callable[..., str]:
    """Return a function that makes a case to which the enterprise replied."""

    def _replied(**changes: Any) -> str:
        number = forwarded(**changes)
        put_reply(number)
        return number

    return _replied


@pytest.fixture
def put_reply(ask: Callable[..., list[Any]]) -> Callable[..., None]:
    """Return a function that stores a complete reply past the carrier's interface, which has tests of its own."""

    def _put(number: str) -> None:
        ask(
            "WITH c AS (UPDATE complaint SET status = 'REPLIED', reply_seq = reply_seq + 1, replied_at = clock_timestamp(), "
            "version = version + 1 WHERE number = :number RETURNING *), "
            "e AS (INSERT INTO case_event (bucket, complaint_id, seq, kind, actor, data) "
            "SELECT bucket, id, version, 'REPLIED', 'ENTERPRISE', '{}' FROM c) "
            "INSERT INTO reply (bucket, complaint_id, seq, reply_ref, fingerprint, by, complete, missing, late, sealed) "
            "SELECT bucket, id, reply_seq, 'r' || reply_seq, '', 'carrier:ZTO', true, '{}', false, '' FROM c",
            number=number,
        )

    return _put


@pytest.fixture
def events_of(ask: Callable[..., list[Any]]) -> Callable[[str], list[Any]]:
    """Return a function that reads the events of a case, oldest first."""

    def _events(number: str) -> list[Any]:
        return ask(
            "SELECT e.* FROM case_event e JOIN complaint c ON c.bucket = e.bucket AND c.id = e.complaint_id "
            "WHERE c.number = :number ORDER BY e.seq",
            number=number,
        )

    return _events


@pytest.fixture
def deadlines_of(ask: Callable[..., list[Any]]) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads the latest round of each deadline of a case, by its key."""

    def _clocks(number: str) -> dict[str, Any]:
        rows = ask(
            "SELECT k.* FROM case_deadline k JOIN complaint c ON c.bucket = k.bucket AND c.id = k.complaint_id "
            "WHERE c.number = :number ORDER BY k.round",
            number=number,
        )
        return {row.key: row for row in rows}

    return _clocks
