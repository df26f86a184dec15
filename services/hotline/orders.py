"""Taking orders in: one, or many, each once for its region and number, whichever of the region's clients sends it.

An order becomes a complaint through `services.intake.accept` like any other, with its row of the number map in the same
transaction. What it cites is looked up first: an earlier order of the region is replaced by the case that answers it.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from services.access.clients import Caller
from services.hotline import filing, order_rows
from services.hotline.filing import Cited, CitedCases
from services.hotline.forms import WorkOrder
from services.intake import bulk_filing
from services.intake.bulk_filing import PreparedRows
from services.intake.preparation import IntakeContext, Prepared
from services.requests import parsing
from services.requests.answers import Accepted, Answer, KeyReusedError
from shared import ids
from shared.database import Database
from shared.errors import ShensuError

Store = Callable[[Prepared], Awaitable[Accepted]]


class NoRegionError(ShensuError):
    """The key is bound to no region, and so to no hotline."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "no-region"
    title: ClassVar[str] = "The key belongs to no hotline"


class OrderReusedError(KeyReusedError):
    """The order came before with other content."""

    code: ClassVar[str] = "order-number-reused"
    title: ClassVar[str] = "The order came before with other content"


def region_of(caller: Caller) -> str:
    """Return the region whose hotline a key belongs to. Raises NoRegionError if there is none."""
    if caller.region_code is None:
        raise NoRegionError("This operation needs a key that is bound to a region; ask the operator for one.")
    return caller.region_code


async def take(db: Database, order: WorkOrder, context: IntakeContext, store: Store) -> Accepted:
    """Take one order; `store` is the way in that the process keeps open.

    Raises InvalidInputError with its faults, OrderReusedError where its number came before with other content.
    """
    region = region_of(context.caller)
    prepared = order_rows.prepare(order, region, context, await _cited(db, region, [order]))
    try:
        return await store(prepared)
    except KeyReusedError as error:
        raise _reused() from error


async def prepare_rows(db: Database, rows: Sequence[bytes], context: IntakeContext) -> PreparedRows:
    """Prepare the orders of a batch, each for itself."""
    region = region_of(context.caller)
    read = [_read(row) for row in rows]
    cited_cases = await _cited(db, region, [item for item in read if isinstance(item, WorkOrder)])

    def _one(_place: int, order: WorkOrder | ShensuError) -> Prepared:
        if isinstance(order, ShensuError):
            raise order
        return order_rows.prepare(order, region, context, cited_cases)

    return await bulk_filing.prepare_each(read, _one)


def answers_of_orders(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers of a batch in the words of orders."""
    return [_reused() if isinstance(answer, KeyReusedError) else answer for answer in answers]


def _read(row: bytes) -> WorkOrder | ShensuError:
    try:
        return parsing.read_one(row, WorkOrder)
    except ShensuError as error:
        return error


def _reused() -> OrderReusedError:
    return OrderReusedError(
        "An order of this region and number came before with other content. Send it as it was; what is new goes to its "
        "/supplement, and another matter under a number of its own."
    )


_CITED = """
    SELECT u.order_no AS cited, c.number, c.issue_code
    FROM unnest($2::smallint[], $3::text[]) AS u(bucket, order_no)
    JOIN hotline_order o ON o.bucket = u.bucket AND o.region = $1 AND o.order_no = u.order_no
    JOIN complaint c ON c.bucket = o.case_bucket AND c.id = o.case_id
    UNION ALL
    SELECT u.number, coalesce(into_it.number, c.number), c.issue_code
    FROM unnest($4::smallint[], $5::text[]) AS u(bucket, number)
    JOIN complaint c ON c.bucket = u.bucket AND c.number = u.number
    LEFT JOIN complaint into_it ON into_it.bucket = c.merged_into_bucket AND into_it.id = c.merged_into
"""


async def _cited(db: Database, region: str, orders: Iterable[WorkOrder]) -> CitedCases:
    """Return the earlier cases that these orders cite; those that are not known are left out. One statement, or none."""
    named = {name for order in orders if (name := filing.cites_of(order)) is not None}
    if not named:
        return {}
    numbers = sorted(name for name in named if ids.is_complaint_number(name))
    # an order's number may look like one of ours
    order_nos = sorted(named)
    keys = (
        region,
        [order_rows.bucket_of(region, order_no) for order_no in order_nos],
        order_nos,
        [ids.bucket_of_number(number) for number in numbers],
        numbers,
    )
    async with db.transaction() as connection:
        rows = await connection.exec_driver_sql(_CITED, keys)
        return {row.cited: Cited(row.number, row.issue_code) for row in rows}
