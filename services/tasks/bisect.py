"""Works many items in one transaction; after a failure, bisection finds the faulty item, and it fails alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from shared import database
from shared.errors import ShensuError

FAULTS_OF_ONE = (
    SQLAlchemyError,
    ShensuError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
)
One = TypeVar("One")


async def run(
    together: Callable[[Sequence[One]], Awaitable[None]],
    many: Sequence[One],
    at_fault: Callable[[One, Exception], Awaitable[None]],
) -> None:
    """Work all items together; call `at_fault` for each item that fails alone.

    `together` opens its own transaction. Raises the driver's error if the database is unreachable: then no item is faulty.
    """
    try:
        await together(many)
    except FAULTS_OF_ONE as error:
        if database.is_transient(error):
            raise
        if len(many) == 1:
            await at_fault(many[0], error)
            return
        middle = len(many) // 2
        await run(together, many[:middle], at_fault)
        await run(together, many[middle:], at_fault)
