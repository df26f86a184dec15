"""Does one run for many in one transaction; where it fails, the one at fault is found by halving, and fails alone."""

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
    """Do the run of many together; call `at_fault` for each that fails alone.

    `together` opens its own transaction. Raises what the driver raises when the database is away: nobody is at fault.
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
