"""Later requests of the client that filed a complaint: supplements and withdrawals."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, Security

from intake_api.complaints import describing, examples
from intake_api.http import bodies
from intake_api.http.dependencies import CaseNumber, Context, RequestKey, State, form_of, rate_limited
from intake_api.http.describing import KEY, answers, form_body
from services.access.clients import Caller
from services.access.scopes import Scope
from services.casework import forms
from services.intake import filer_steps
from services.intake.filer_steps import FiledCase
from services.tasks.queue import ADMIT

router = APIRouter(prefix="/v1/complaints", tags=["filing"])
Writer = Annotated[Caller, Security(rate_limited, scopes=[Scope.COMPLAINT_WRITE])]


@router.post(
    "/{number}/supplements",
    summary="Supply what is missing, or new",
    response_model=FiledCase,
    responses=answers(describing.SUPPLEMENT, examples.FILED_CASE),
    openapi_extra={"parameters": [KEY], "requestBody": form_body(forms.Supplement, examples.SUPPLEMENT)},
)
async def supplement_complaint(
    number: CaseNumber,
    caller: Writer,
    key: RequestKey,
    form: Annotated[forms.Supplement, Depends(form_of(forms.Supplement))],
    context: Context,
    state: State,
) -> Response:
    """Supply what the user was asked for, or what is new. Only what is sent changes the case.

    A case that waited for it is re-evaluated, and accepted by the machine where every condition is now met. What comes
    for a complaint that was merged goes to the surviving case. Send the same again after any doubt, under the same key.
    """
    answer = await filer_steps.supplement(state.db, number, form, key, caller=caller, context=context)
    state.bell.ring(ADMIT)
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    return Response(answer.receipt, headers=headers, media_type=bodies.JSON)


@router.post(
    "/{number}/withdraw",
    summary="Withdraw a complaint",
    responses=answers(describing.WITHDRAWAL, examples.FILED_CASE),
    openapi_extra={"requestBody": form_body(forms.Reason, examples.WITHDRAWAL)},
)
async def withdraw_complaint(
    number: CaseNumber,
    caller: Writer,
    form: Annotated[forms.Reason, Depends(form_of(forms.Reason))],
    context: Context,
    state: State,
) -> FiledCase:
    """Withdraw a complaint at the user's request; `reason` says how the user requested it. May be repeated.

    A case that another complaint was merged into continues for that complainant: 409 `others-wait`.
    """
    return await filer_steps.withdraw(state.db, number, form, caller=caller, context=context)
