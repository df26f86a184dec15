"""What a hotline may do with an order: a table of its steps, and the one transaction in which each is done once.

A step is repeated under its request key, by whichever client of the region, and answered as the first time.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import lookup, writer
from services.cases.changes import KeyedContext
from services.casework.forms import Reason, Supplement
from services.casework.steps import StepResult
from services.hotline import forms, locked_order, order_rows, steps
from services.hotline.answers import OrderStepAnswer
from services.hotline.locked_order import LockedOrder
from services.requests import idempotency
from services.requests.idempotency import Result, StoredAnswer
from services.rules.hotline import RedoRefusal
from shared import serialisation
from shared.database import Database
from shared.errors import ConflictError
from shared.vocabulary import Level, Status


class RedoRefusedError(ConflictError):
    """The case is not done again: its answer stands."""

    code: ClassVar[str] = "redo-refused"
    title: ClassVar[str] = "The answer stands"


class OrderVerbSpec(NamedTuple):
    """A step of the hotline: the form of its request, what it changes, and what it is in a sentence."""

    form: type[BaseModel]
    step: Callable[[LockedOrder, Any], Awaitable[StepResult]]
    summary: str


VERBS: Mapping[str, OrderVerbSpec] = MappingProxyType(
    {
        "urge": OrderVerbSpec(forms.OrderNote, steps.urge, "Urge an order (催办)"),
        "supervise": OrderVerbSpec(forms.OrderNote, steps.supervise, "Put an order under supervision (督办)"),
        "supplement": OrderVerbSpec(Supplement, steps.supplement, "Pass on what the caller supplied"),
        "withdraw": OrderVerbSpec(Reason, steps.withdraw, "Take an order back (撤单)"),
        "extension": OrderVerbSpec(
            forms.ExtensionDecision, steps.decide_extension, "Decide on more time (延期)"
        ),
        "visit": OrderVerbSpec(forms.HotlineVisit, steps.visit, "Report a return visit (回访)"),
        "redo": OrderVerbSpec(forms.Redo, steps.redo, "Have an answered order done again, once (重新办理)"),
        "finish": OrderVerbSpec(
            forms.OrderNote, steps.finish, "Close the order on the hotline's side (办结)"
        ),
    }
)


class Call(NamedTuple):
    """One step that is asked for: the order within its region, the verb, the form, and the request's key."""

    region: str
    order_no: str
    verb: str
    form: BaseModel
    key: str


async def perform(db: Database, call: Call, context: KeyedContext) -> StoredAnswer:
    """Do one step, once for its key.

    Raises NotFoundError for an order of another region, RedoRefusedError where the refusal was kept, and whatever the
    step refuses.
    """
    locked_order.check_number(call.order_no)

    async def _do(connection: AsyncConnection) -> Result:
        locked = await locked_order.lock_order(connection, call.region, call.order_no, context)
        result = await VERBS[call.verb].step(locked, call.form)
        await writer.apply(connection, result.changes, context, also=result.also)
        answer = {**await _order_state(connection, locked), **result.answer}
        return Result(locked.case.bucket, locked.case.id, serialisation.to_bytes(answer))

    key = f"{call.verb}:{call.order_no}:{call.key}"
    fingerprint = hashlib.sha256(call.form.model_dump_json(exclude_defaults=True).encode()).digest()
    stored_answer = await idempotency.run_once(db, order_rows.region_id(call.region), key, fingerprint, _do)
    _raise_if_refused(serialisation.from_text(stored_answer.receipt))
    return stored_answer


async def _order_state(connection: AsyncConnection, locked: LockedOrder) -> OrderStepAnswer:
    order = await locked_order.find(connection, locked.order.region, locked.order.order_no)
    case = await lookup.by_id(connection, locked.case.bucket, locked.case.id)
    state = locked_order.state_of(order, Status(case.status))
    return {
        "order_no": order.order_no,
        "region": order.region,
        "state": order_rows.named_state(state),
        "number": case.number,
        "status": Status(case.status),
        "level": Level(case.level),
    }


def _raise_if_refused(answer: Mapping[str, Any]) -> None:
    """Raise RedoRefusedError for a refusal that was kept: it is an answer, and no fault of the transaction."""
    if "refused" not in answer:
        return
    refused = RedoRefusal(answer["refused"])
    raise RedoRefusedError(
        f"The case is not done again ({refused}): its answer stands. {steps.WHY[refused]}",
        members={"reason_code": refused, "state": answer["state"]["code"], "case_status": answer["status"]},
    )
