"""What the client that filed a complaint sends afterwards: supplements, and the wish to take it back."""

from fastapi import APIRouter, Request, Response

from intake_api.complaints.filing import WRITE
from intake_api.desk.dependencies import write_context
from intake_api.http import app_state, bodies
from intake_api.http.describing import KEY, body_of, problems_of
from services.casework import forms
from services.intake import filer_steps
from services.requests import parsing
from services.requests.answers import RequestKeyMissingError
from services.tasks.queue import ADMIT
from shared import serialisation

router = APIRouter(prefix="/v1/complaints", tags=["filing"])


@router.post(
    "/{number}/supplements",
    summary="Supply what is missing, or new",
    responses=problems_of(
        _400="not JSON, or no Idempotency-Key",
        _404="not a complaint of this client",
        _409="the case has ended",
        _422="faults of the form, or a key used twice",
    ),
    openapi_extra={
        "parameters": [KEY],
        "requestBody": body_of({"$ref": "#/components/schemas/Supplement"}, bodies.JSON),
    },
)
async def supplement_complaint(request: Request, number: str) -> Response:
    """Supply what the user was asked for, or what is new. Only what is given changes the case.

    A case that waited for it is weighed anew, and taken up by itself where every condition is now met. What comes for a
    complaint that was merged goes to the case that goes on. Send the same again after any doubt, under the same key.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, WRITE)
    await state.rate_limiter.check(caller)
    key = bodies.request_key(request)
    if key is None:
        raise RequestKeyMissingError(
            "Send the header `Idempotency-Key` (up to 255 visible ASCII characters, a new one for each supplement)."
        )
    bodies.media_type(request, [bodies.JSON])
    form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), forms.Supplement)
    answered = await filer_steps.supplement(
        state.db, number, form, key, caller=caller, context=await write_context(app_state.of(request))
    )
    state.bell.ring(ADMIT)
    headers = {"Idempotent-Replayed": "true"} if answered.replayed else {}
    return Response(answered.receipt, headers=headers, media_type=bodies.JSON)


@router.post(
    "/{number}/withdraw",
    summary="Take a complaint back",
    responses=problems_of(
        _400="not JSON",
        _404="not a complaint of this client",
        _409="the case has ended or was merged, or others wait for its answer too (`others-wait`)",
        _422="faults of the form",
    ),
    openapi_extra={
        "requestBody": body_of({"$ref": "#/components/schemas/Reason"}, bodies.JSON),
    },
)
async def withdraw_complaint(request: Request, number: str) -> Response:
    """Take a complaint back at the user's wish; `reason` says how the user wished it. May be repeated.

    A case that another complaint was merged into goes on for whoever filed that: 409 `others-wait`.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, WRITE)
    await state.rate_limiter.check(caller)
    bodies.media_type(request, [bodies.JSON])
    form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), forms.Reason)
    told = await filer_steps.withdraw(
        state.db, number, form, caller=caller, context=await write_context(app_state.of(request))
    )
    return Response(serialisation.to_bytes(told), media_type=bodies.JSON)
