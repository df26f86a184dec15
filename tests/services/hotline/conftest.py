"""Hotlines in tests: orders that come in, what follows them, and what their region was told."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases import outbox
from services.cases.changes import KeyedContext
from services.hotline import interim, orders, verbs
from services.hotline.forms import WorkOrder
from services.hotline.verbs import Call
from services.intake import accept
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.requests.answers import Accepted
from services.views import work_order
from shared import ids, serialisation
from shared.database import Database
from shared.errors import ShensuError
from tests.services.reference.conftest import packaged

__all__ = ["packaged"]

Run = Callable[[Coroutine[Any, Any, Any]], Any]
HANGZHOU, GUANGZHOU = "330100", "440100"
CALLER = {"name": "王小明", "phone": "13800138000", "role": "ADDRESSEE"}


@pytest.fixture(scope="session")
def order() -> Callable[..., dict[str, Any]]:
    """Return a factory of a good order that passes every check; a change of None leaves the field out."""

    def _order(order_no: str = "HZ-1", **changes: Any) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "order_no": order_no,
            "kind": "COMPLAIN",
            "title": "快递未送达",
            "content": "快件显示已签收，本人并未收到。",
            "request": "请企业赔偿并道歉。",
            "caller": CALLER,
            "company_name": "杭州中通快递有限公司",
            "issue_code": "DELIVERY_SERVICE",
            "waybill": "75312345678901",
            "place": {"region_code": "330106"},
            "enterprise_complaint": {"outcome": "DISSATISFIED"},
        }
        return {name: value for name, value in (plain | changes).items() if value is not None}

    return _order


@pytest.fixture
def platform(intake_context: IntakeContext) -> Callable[..., IntakeContext]:
    """Return a function that gives what the orders of a client of a region are prepared with."""

    def _platform(region: str | None = HANGZHOU) -> IntakeContext:
        scopes = frozenset({Scope.HOTLINE_EXCHANGE})
        caller = Caller(ids.uuid7(), f"hotline {region}", "portal", scopes, None, None, region, 6_000)
        return replace(intake_context, caller=caller)

    return _platform


@pytest.fixture
def take(
    db: Database, run: Run, order: Callable[..., dict[str, Any]], platform: Callable[..., IntakeContext]
) -> Callable[..., dict[str, Any]]:
    """Return a function that takes one order in by its region's platform, and returns its receipt."""

    async def _store(prepared: Prepared) -> Accepted:
        [answer] = await accept.accept_many(db, [prepared])
        if isinstance(answer, ShensuError):
            raise answer
        return answer

    def _take(order_no: str = "HZ-1", *, region: str = HANGZHOU, **changes: Any) -> dict[str, Any]:
        read = WorkOrder.model_validate_json(serialisation.to_bytes(order(order_no, **changes)))
        accepted = run(orders.take(db, read, platform(region), _store))
        receipt: dict[str, Any] = serialisation.from_text(accepted.receipt)
        return receipt

    return _take


@pytest.fixture
def tell(db: Database, run: Run, context: KeyedContext) -> Callable[..., dict[str, Any]]:
    """Return a function by which a hotline does a step with an order; each call is a new one unless it has a key."""
    made = iter(range(1_000_000))

    def _tell(
        order_no: str, verb: str, *, region: str = HANGZHOU, key: str | None = None, **form: Any
    ) -> dict[str, Any]:
        read = verbs.VERBS[verb].form.model_validate_json(serialisation.to_bytes(form))
        call = Call(region, order_no, verb, read, key or f"k{next(made)}")
        answered = run(verbs.perform(db, call, context))
        receipt: dict[str, Any] = serialisation.from_text(answered.receipt)
        return receipt | {"replayed": answered.replayed}

    return _tell


@pytest.fixture
def see(db: Database, run: Run, context: KeyedContext) -> Callable[..., dict[str, Any]]:
    """Return a function that reads an order as its hotline does."""

    def _see(order_no: str = "HZ-1", *, region: str = HANGZHOU) -> dict[str, Any]:
        order = run(work_order.find(db, region, order_no, reference=context.reference, ring=context.ring))
        # as it is sent
        shown: dict[str, Any] = serialisation.from_text(serialisation.to_bytes(order))
        return shown

    return _see


@pytest.fixture
def row_of(ask: Callable[..., list[Any]]) -> Callable[..., Any]:
    """Return a function that reads the row of an order."""

    def _row(order_no: str = "HZ-1", *, region: str = HANGZHOU) -> Any:
        [row] = ask("SELECT * FROM hotline_order WHERE region = :r AND order_no = :n", r=region, n=order_no)
        return row

    return _row


@pytest.fixture
def heard(ask: Callable[..., list[Any]], context: KeyedContext) -> Callable[..., list[tuple[str, Any, Any]]]:
    """Return a function that reads what a region was told, oldest first: type, data, words."""

    def _heard(region: str = HANGZHOU) -> list[tuple[str, Any, Any]]:
        rows = ask(
            "SELECT * FROM feed_entry WHERE audience = :audience ORDER BY at, seq",
            audience=f"hotline:{region}",
        )
        return [(row.type, row.data, outbox.words_of(row, context.ring)) for row in rows]

    return _heard


@pytest.fixture
def answer_meanwhile(
    db: Database, run: Run, reference: ReferenceData, intake_context: IntakeContext
) -> Callable[..., int]:
    """Return a function that does what the worker does about interim answers, until nothing is due; returns how many."""

    def _answer(size: int = 500) -> int:
        total = 0
        while done := run(interim.answer_batch(db, reference, intake_context.ring, size=size)):
            total += done
        return total

    return _answer


@pytest.fixture
def waiting(take: Callable[..., dict[str, Any]], work: Callable[[], None]) -> Callable[..., str]:
    """Return a function that takes an order in which an officer has to decide on; returns the case's number."""

    def _waiting(order_no: str = "HZ-1", **changes: Any) -> str:
        number: str = take(order_no, **({"enterprise_complaint": None} | changes))["number"]
        work()
        return number

    return _waiting


@pytest.fixture
def answered(
    work: Callable[[], None],
    act: Callable[..., Any],
    put_reply: Callable[..., None],
    take: Callable[..., dict[str, Any]],
) -> Callable[..., str]:
    """Return a function that takes an order in and closes its case with an answer; returns the case's number."""

    def _answered(order_no: str = "HZ-1", **changes: Any) -> str:
        number: str = take(order_no, **changes)["number"]
        work()
        close(number, act, put_reply)
        return number

    return _answered


def close(number: str, act: Callable[..., Any], put_reply: Callable[..., None]) -> None:
    """Bring a forwarded case to its end: the enterprise replied, the user confirms, the enterprise was at fault."""
    put_reply(number)
    act(number, "visit", reached=True, account_matches=True)
    act(
        number,
        "close",
        close_reason="SETTLED",
        responsibility="ENTERPRISE",
        responsible_unit="西湖网点",
        settlement_lawful=True,
        answer="企业已赔偿并道歉。",
    )


@pytest.fixture
def pass_time(ask: Callable[..., list[Any]]) -> Callable[..., None]:
    """Return a function that moves an order's deadline, until so long after its last morning."""

    def _pass(order_no: str = "HZ-1", *, after: timedelta = timedelta(0)) -> None:
        [row] = ask(
            "UPDATE hotline_order SET due_at = due_at - (interim_due_at - clock_timestamp()) - CAST(:after AS interval), "
            "interim_due_at = clock_timestamp() - CAST(:after AS interval) WHERE order_no = :n RETURNING due_at, case_id",
            n=order_no,
            after=after,
        )
        ask(
            "UPDATE case_deadline SET due_at = :due WHERE complaint_id = :id AND key = 'hotline_answer'",
            due=row.due_at,
            id=row.case_id,
        )

    return _pass
