"""What the operations of the desk take from a request: the officer's desk, the version of the case, the form."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from intake_api.http.dependencies import Context, State
from intake_api.http.desk_headers import OperatorMissingError, VersionRequiredError
from services.access.officers import IDENTIFIER
from services.access.scopes import Scope
from services.casework.session import DeskSession
from services.desk import perform
from shared.http.document import OpenApiDocument

WORK = Scope.DESK_WORK
_ETAG = re.compile(r'"(\d{1,9})"', re.ASCII)
OPERATOR: OpenApiDocument = {
    "name": "X-Operator-Id",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": 40},
    "description": "The officer who acts, as registered for the bureau of the key.",
    "example": "li.na",
}
IF_MATCH: OpenApiDocument = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": 'The version of the case as it was read, as in "7" (the ETag of the case).',
    "example": '"7"',
}
"""Both are described by hand: a request without them has its own refusal, and not that of the framework."""


async def desk_session(
    request: Request,
    state: State,
    context: Context,
    x_operator_id: Annotated[str, Header(include_in_schema=False)] = "",
) -> DeskSession:
    """Return the desk of a request. Raises the errors of the key, of the bureau, and of the officer who is not named."""
    caller = await state.authenticator.authenticate(request, WORK)
    await state.rate_limiter.check(caller)
    if not IDENTIFIER.fullmatch(x_operator_id):
        raise OperatorMissingError(
            "Name the officer who acts in the header X-Operator-Id (letters, digits, . _ @ -, up to 40)."
        )
    return await perform.desk_of(state.db, caller, x_operator_id, context)


Desk = Annotated[DeskSession, Depends(desk_session)]


def case_version(if_match: Annotated[str, Header(include_in_schema=False)] = "") -> int:
    """Return the version that a change was decided on. Raises VersionRequiredError where If-Match does not name one."""
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise VersionRequiredError(
            'Send the header If-Match with the ETag of the case as you read it, as in If-Match: "7".'
        )
    return int(match[1])


Version = Annotated[int, Depends(case_version)]


def etag(version: int) -> dict[str, str]:
    """Return the header that carries the version of a case."""
    return {"ETag": f'"{version}"'}
