"""One verb for many cases in one request: each has its own version and its own result."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, JsonValue

from intake_api.desk import describing, verb_examples
from intake_api.desk.dependencies import OPERATOR, Desk
from intake_api.http import bodies
from intake_api.http.dependencies import Context, State, form_of
from intake_api.http.describing import answers, form_body
from services.casework.answers import (
    CaseState,
    CaseWithRemedy,
    MergedCase,
    ReassignedCase,
    ReviewedCase,
    VisitedCase,
)
from services.casework.forms import Number
from services.desk import perform
from services.desk.perform import VerbCall, VerbOutcome
from services.desk.verbs import VERBS
from services.fields import Form, View
from services.requests import parsing
from services.tasks.queue import FORWARD
from shared import problems, serialisation
from shared.errors import FieldError, InvalidInputError, ShensuError

router = APIRouter(prefix="/v1/desk", tags=["desk"])
MOST_AT_ONCE = 100
AnyCaseState = MergedCase | VisitedCase | ReassignedCase | CaseWithRemedy | ReviewedCase | CaseState


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


class BulkResult(View):
    """What became of one case: its new state, or the problem."""

    number: str
    status: int = Field(description="As of a single request: 200, or the status of the problem.")
    case: AnyCaseState | None = None
    problem: dict[str, JsonValue] | None = Field(default=None, description="The problem (RFC 9457).")


class BulkResults(View):
    """The results, in the order of the items."""

    done: int
    refused: int
    results: list[BulkResult]


@router.post(
    "/bulk",
    operation_id="actOnCases",
    summary="Apply one verb to many cases",
    response_model_exclude_unset=True,
    responses=answers(describing.BULK, verb_examples.BULK_RESULTS),
    openapi_extra={
        "parameters": [OPERATOR],
        "requestBody": form_body(BulkAct, verb_examples.BULK),
    },
)
async def act_on_cases(
    desk: Desk,
    context: Context,
    state: State,
    act: Annotated[BulkAct, Depends(form_of(BulkAct, bodies.MANIFEST_LIMIT))],
) -> BulkResults:
    """Apply one verb to up to 100 cases, each with its own version and result; one that fails never harms another."""
    spec = VERBS.get(act.verb)
    if spec is None:
        fault = FieldError("/verb", "unknown-verb", f"send one of {', '.join(VERBS)}")
        raise InvalidInputError("There is no verb of this name; see errors.", [fault])
    if len(act.items) > 1:
        # the request itself was counted with the key: one act of it is paid
        await state.rate_limiter.check(desk.caller, cost=len(act.items) - 1)
    form = parsing.read_one(serialisation.to_bytes(act.form), spec.form, prefix="/form")
    calls = [VerbCall(item.number, item.version, spec, act.verb, form) for item in act.items]
    outcomes = await perform.perform_many(state.db, calls, desk, context)
    state.bell.ring(FORWARD)
    return _results(calls, outcomes)


def _results(calls: Sequence[VerbCall], outcomes: Sequence[VerbOutcome | ShensuError]) -> BulkResults:
    done = sum(isinstance(outcome, VerbOutcome) for outcome in outcomes)
    return BulkResults(
        done=done,
        refused=len(outcomes) - done,
        results=[_result(call, outcome) for call, outcome in zip(calls, outcomes, strict=True)],
    )


def _result(call: VerbCall, outcome: VerbOutcome | ShensuError) -> BulkResult:
    if isinstance(outcome, VerbOutcome):
        return BulkResult(number=call.number, status=200, case=outcome.answer)
    problem = problems.body(outcome, None)
    return BulkResult(number=call.number, status=outcome.status, problem=problem)
