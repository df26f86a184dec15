"""The bureau desk: one address a verb, one case a call, or many at once. Reading stands in `intake_api.desk.reading`."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response
from pydantic import Field, JsonValue

from intake_api.http import app_state, bodies
from intake_api.http.describing import body_of, problems_of
from intake_api.http.raw import RawRoute
from services.access.officers import IDENTIFIER
from services.cases.changes import KeyedContext
from services.casework.forms import Number
from services.casework.session import DeskSession
from services.desk import perform
from services.desk.perform import Call, Outcome
from services.desk.verbs import VERBS
from services.fields import Form
from services.requests import parsing
from services.tasks.queue import FORWARD
from shared import problems, serialisation
from shared.errors import FieldError, InvalidInputError, ShensuError

router = APIRouter(prefix="/v1/desk", tags=["desk"], route_class=RawRoute)
WORK = "desk:work"
MOST_AT_ONCE = 100
_ETAG = re.compile(r'"(\d{1,9})"', re.ASCII)
_HEADERS: list[dict[str, Any]] = [
    {
        "name": "X-Operator-Id",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "maxLength": 40},
        "description": "The officer who acts, as registered for the bureau of the key.",
    },
    {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": 'The case\'s version as it was read, as in "7" (the ETag of the case).',
    },
]

OPERATOR = _HEADERS[:1]
"""The header by which a call that only reads names its officer."""


class OperatorMissingError(ShensuError):
    """The call does not name the officer who acts."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "operator-missing"
    title: ClassVar[str] = "The operator is not named"


class VersionRequiredError(ShensuError):
    """The request does not say which version of the case it was decided on."""

    status: ClassVar[int] = 428
    code: ClassVar[str] = "version-required"
    title: ClassVar[str] = "The version of the case is required"


class BulkAct(Form):
    """The same verb for many cases, each with its version; every item gets its own result."""

    verb: str = Field(description="One of the verbs of the desk.", json_schema_extra={"enum": list(VERBS)})
    form: dict[str, JsonValue] = Field(
        default_factory=dict, description="The form of the verb, for all of them."
    )
    items: list["BulkItem"] = Field(min_length=1, max_length=MOST_AT_ONCE)


class BulkItem(Form):
    """One case of a bulk action."""

    number: Number
    version: int = Field(ge=1, lt=10**9)


async def context(request: Request) -> KeyedContext:
    """Return what the changes of a request are written with."""
    held = app_state.of(request)
    return KeyedContext(await held.reference(), await held.keys.ring())


async def desk(request: Request, given: KeyedContext) -> DeskSession:
    """Return the desk of a request. Raises the errors of the key, of the bureau, and of the officer who is not named."""
    held = app_state.of(request)
    caller = await held.door.caller(request, WORK)
    await held.door.admit(caller)
    operator = request.headers.get("x-operator-id", "")
    if not IDENTIFIER.fullmatch(operator):
        raise OperatorMissingError(
            "Name the officer who acts in the header X-Operator-Id (letters, digits, . _ @ -, up to 40)."
        )
    return await perform.desk_of(held.db, caller, operator, given)


def version_of(request: Request) -> int:
    """Return the version that a change was decided on. Raises VersionRequiredError where If-Match does not name one."""
    given = request.headers.get("if-match", "")
    match = _ETAG.fullmatch(given.strip())
    if match is None:
        raise VersionRequiredError(
            'Send the header If-Match with the ETag of the case as you read it, as in If-Match: "7".'
        )
    return int(match[1])


def _endpoint(verb: str) -> Callable[[Request], Awaitable[Response]]:
    act = VERBS[verb]

    async def _perform(request: Request) -> Response:
        given = await context(request)
        who = await desk(request, given)
        version = version_of(request)
        bodies.media_type(request, [bodies.JSON])
        form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), act.form)
        call = Call(request.path_params["number"], version, act, verb, form)
        held = app_state.of(request)
        outcome = await perform.perform(held.db, call, who, given)
        held.bell.ring(FORWARD)
        return answer(outcome)

    _perform.__name__ = f"{verb.replace('-', '_')}_case"
    _perform.__doc__ = (act.step.__doc__ or act.summary) + (
        "\n\nAnswers with the case as it now stands, its new version (also as ETag), and the verbs that are allowed next."
    )
    return _perform


def answer(outcome: Outcome) -> Response:
    """Return the answer of an act: the case as it now stands, its version as ETag."""
    body = serialisation.to_bytes(outcome.body)
    return Response(body, headers={"ETag": f'"{outcome.version}"'}, media_type=bodies.JSON)


for _verb, _act in VERBS.items():
    router.add_api_route(
        f"/cases/{{number}}/{_verb}",
        _endpoint(_verb),
        methods=["POST"],
        summary=_act.summary,
        responses=problems_of(
            _400="not JSON, or no operator named",
            _401="no valid key",
            _403="not an officer, or not this bureau's case",
            _404="no such case within the bureau's sight",
            _409="the state, a condition or another officer is in the way",
            _412="the case was changed meanwhile",
            _422="faults of the form",
            _428="If-Match is missing",
        ),
        openapi_extra={
            "parameters": [
                {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}},
                *_HEADERS,
            ],
            "requestBody": body_of({"$ref": f"#/components/schemas/{_act.form.__name__}"}, bodies.JSON),
        },
    )


@router.post(
    "/bulk",
    summary="Do the same for many cases",
    responses=problems_of(_400="not JSON", _403="not an officer of this bureau", _422="faults of the form"),
    openapi_extra={
        "parameters": OPERATOR,
        "requestBody": body_of({"$ref": "#/components/schemas/BulkAct"}, bodies.JSON),
    },
)
async def act_on_many(request: Request) -> Response:
    """Do one verb for up to 100 cases, each with its own version and its own result; one that fails never harms another."""
    held, given = app_state.of(request), await context(request)
    who = await desk(request, given)
    bodies.media_type(request, [bodies.JSON])
    asked = parsing.read_one(await bodies.read(request, bodies.MANIFEST_LIMIT), BulkAct)
    act = VERBS.get(asked.verb)
    if act is None:
        fault = FieldError("/verb", "unknown-verb", f"send one of {', '.join(VERBS)}")
        raise InvalidInputError("There is no verb of this name; see errors.", [fault])
    await held.door.admit(who.caller, cost=len(asked.items))
    form = parsing.read_one(serialisation.to_bytes(asked.form), act.form, prefix="/form")
    calls = [Call(item.number, item.version, act, asked.verb, form) for item in asked.items]
    answers = await perform.perform_many(held.db, calls, who, given)
    held.bell.ring(FORWARD)
    results = [_result(call, one) for call, one in zip(calls, answers, strict=True)]
    done = sum(isinstance(one, Outcome) for one in answers)
    content = {"done": done, "refused": len(answers) - done, "results": results}
    return Response(serialisation.to_bytes(content), media_type=bodies.JSON)


def _result(call: Call, one: Outcome | ShensuError) -> dict[str, Any]:
    if isinstance(one, Outcome):
        return {"number": call.number, "status": 200, "case": one.body}
    return {"number": call.number, "status": one.status, "problem": problems.body(one, None)}
