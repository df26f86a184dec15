"""From a hotline's order to rows: its complaint, prepared like any other, with the order and its deadlines."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from services.cases import events, stored_deadlines, words
from services.cases.new_case import NewCase
from services.hotline import filing
from services.hotline.answers import HotlineDeadline
from services.hotline.filing import CitedCases
from services.hotline.forms import WorkOrder
from services.intake import preparation
from services.intake.checks import CLOCKS_DIFFER, Faults
from services.intake.notices import Notice
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.reference.labels import CodeName
from services.rules import hotline
from services.rules.deadlines.schedule import FIXED
from services.rules.hotline import DEMANDS, OWN_RULE, SIGN, FixedDeadline, OrderMarks, StartedOrderDeadline
from shared import bulk, clock, ids
from shared.errors import FieldError, InvalidInputError
from shared.models.work_orders import hotline_order
from shared.vocabulary import DeadlineKind, Status

_SPACE = uuid.UUID("5b6f6c2e-9f0e-5b0a-8f0d-12345f5e1d2a")
LONGEST = timedelta(days=366)
"""No hotline gives more time; a later deadline is a wrong year."""


def region_id(region: str) -> uuid.UUID:
    """Return the identity under which a region's requests are known, whichever of its clients sends them."""
    return uuid.uuid5(_SPACE, region)


def bucket_of(region: str, order_no: str) -> int:
    """Return where an order lies: the bucket of the request that brought it."""
    return ids.bucket_of(region_id(region), f"ref:{order_no}")


def prepare(order: WorkOrder, region: str, context: IntakeContext, cited_cases: CitedCases) -> Prepared:
    """Check, normalise and seal one order; `known` are the cases that it may cite.

    Raises InvalidInputError with every fault found, named by the order's own fields.
    """
    ours = replace(context, caller=replace(context.caller, client_id=region_id(region)))
    started_at = order.dispatched_at or context.now
    faults = _faults(order, started_at, context.now)
    try:
        prepared = preparation.prepare(filing.filing_of(order, region, context.reference, cited_cases), ours)
    except InvalidInputError as error:
        faults += [replace(fault, pointer=filing.renamed(fault.pointer)) for fault in error.errors]
    if faults:
        raise InvalidInputError("The order does not have the required form; see errors.", faults)
    return _with_order(prepared, order, region, context, started_at)


def _faults(order: WorkOrder, started_at: datetime, now: datetime) -> list[FieldError]:
    faults = Faults()
    if order.received_at is not None and order.received_at > started_at + CLOCKS_DIFFER:
        faults.add("/received_at", "out-of-order", "the call cannot have come later than the order was sent")
    if order.due_at is not None and not _is_plausible(order.due_at, order.dispatched_at, now):
        faults.add(
            "/due_at", "out-of-order", "the deadline lies after the dispatch, and within a year of now"
        )
    return faults.faults


def _is_plausible(due_at: datetime, dispatched_at: datetime | None, now: datetime) -> bool:
    # one that has run out by now is taken: the order may be late, or be sent again long after
    return abs(due_at - now) <= LONGEST and (dispatched_at is None or due_at > dispatched_at)


def _with_order(
    prepared: Prepared, order: WorkOrder, region: str, context: IntakeContext, started_at: datetime
) -> Prepared:
    deadlines = _deadlines(order, region, context.reference, started_at)
    rows = [
        stored_deadlines.row(prepared.bucket, prepared.complaint_id, deadline.started)
        for deadline in deadlines.values()
    ]
    due_times = [deadline.started.due_at for deadline in deadlines.values()]
    if (earliest := prepared.complaint["next_due_at"]) is not None:
        due_times.append(earliest)
    columns: NewCase = {
        "client_id": context.caller.client_id,
        "level": hotline.LEVELS[order.urgency],
        "confidential": order.confidential,
        "hotline_orders": 1,
        "next_due_at": min(due_times),
    }
    if order.kind not in DEMANDS:
        # the enterprise need not do anything: an officer decides what it is, and the platform accepts nothing automatically
        columns["elements_complete"] = False
    texts = {
        "title": order.title,
        "category_name": order.category_name,
        "company_name": order.company_name,
        "dispatch_advice": order.dispatch_advice,
    }
    opened = replace(
        prepared.opened,
        data={**prepared.opened.data, "order": _codes(order, region)},
        by=f"hotline:{region}",
        sealed=events.seal_words(words.make(texts, context.ring), complaint_id=prepared.complaint_id, seq=1),
    )
    return replace(
        prepared,
        fingerprint=preparation.fingerprint(order),
        complaint={**prepared.complaint, **columns},
        opened=opened,
        deadlines=(*prepared.deadlines, *rows),
        notices=_notices(prepared, order),
        also=((_ORDER, _row(prepared, order, region, deadlines, started_at)),),
        answer=_receipt(order, region, deadlines),
    )


def _codes(order: WorkOrder, region: str) -> dict[str, object]:
    """Return the content of the first event about the order: codes and times, no words."""
    return {
        "region": region,
        "order_no": order.order_no,
        "parent_order_no": order.parent_order_no,
        "kind": order.kind,
        "source": order.source,
        "category_code": order.category_code,
        "urgency": order.urgency,
        "called_at": order.received_at,
        "dispatched_at": order.dispatched_at,
    }


OrderDeadlines = Mapping[DeadlineKind, StartedOrderDeadline]


def _deadlines(
    order: WorkOrder, region: str, reference: ReferenceData, started_at: datetime
) -> OrderDeadlines:
    """Return the hotline's deadlines: to sign by the table, to answer by the order itself, else by the table."""
    own = None
    if order.due_at is not None:
        own = FixedDeadline(OWN_RULE, 0, FIXED, order.due_at)
    elif order.handle_days is not None:
        own = FixedDeadline(OWN_RULE, order.handle_days, order.handle_unit)
    rules = {
        DeadlineKind.HOTLINE_SIGN: hotline.deadline_for(
            region, SIGN, reference.hotline_deadlines, reference.regions
        ),
        DeadlineKind.HOTLINE_ANSWER: own
        or hotline.deadline_for(region, order.kind, reference.hotline_deadlines, reference.regions),
    }
    timetable = reference.timetable(None)
    return {
        key: hotline.begin(key, rule, started_at, timetable)
        for key, rule in rules.items()
        if rule is not None
    }


_ORDER = bulk.into(
    hotline_order,
    (
        "bucket",
        "region",
        "order_no",
        "parent_order_no",
        "kind",
        "complaint_bucket",
        "complaint_id",
        "case_bucket",
        "case_id",
        "received_at",
        "due_at",
        "interim_due_at",
        "supervised_at",
    ),
)


def _row(
    prepared: Prepared, order: WorkOrder, region: str, deadlines: OrderDeadlines, started_at: datetime
) -> dict[str, object]:
    answer = deadlines.get(DeadlineKind.HOTLINE_ANSWER)
    return {
        "complaint_bucket": prepared.bucket,
        "complaint_id": prepared.complaint_id,
        "case_bucket": prepared.bucket,
        "case_id": prepared.complaint_id,
        "bucket": prepared.bucket,
        "region": region,
        "order_no": order.order_no,
        "parent_order_no": order.parent_order_no,
        "kind": order.kind,
        "received_at": started_at,
        "due_at": answer.started.due_at if answer else None,
        "interim_due_at": answer.interim_at if answer else None,
        "supervised_at": started_at if order.supervised else None,
    }


def _notices(prepared: Prepared, order: WorkOrder) -> tuple[Notice, ...]:
    notices = [replace(notice, pointer=filing.renamed(notice.pointer)) for notice in prepared.notices]
    if not prepared.complaint["carrier_code"]:
        message = "the enterprise is not certain: an officer of ours names it"
        pointer = "/company_name" if order.company_name else "/carrier_code"
        notices.append(Notice("company-unknown", pointer, message))
    return tuple(notices)


def _receipt(order: WorkOrder, region: str, deadlines: OrderDeadlines) -> dict[str, object]:
    """Return the additional content of the receipt: the order's number, how it stands, and the hotline's own deadlines."""
    unsigned = OrderMarks(signed=False, returned=False, finished=False, withdrawn=False, redone=False)
    state = hotline.state_of(Status.RECEIVED, unsigned)
    return {
        "order_no": order.order_no,
        "region": region,
        "state": named_state(state),
        "hotline_deadlines": [_deadline(key, deadline) for key, deadline in deadlines.items()],
        "links": {"self": f"/v1/hotline/orders/{order.order_no}"},
    }


def named_state(state: hotline.OrderState) -> CodeName:
    """Return a state with its name in the hotline's words."""
    return {"code": state, "name": hotline.NAMES[state]}


def _deadline(key: DeadlineKind, deadline: StartedOrderDeadline) -> HotlineDeadline:
    started = deadline.started
    return {
        "key": key,
        "rule": started.rule,
        "due_at": started.due_at.astimezone(clock.SHANGHAI),
        "provisional": started.provisional,
    }
