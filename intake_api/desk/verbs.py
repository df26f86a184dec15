"""The verbs of the desk: one address each, with the form and the answer of its own."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from intake_api.desk import describing, verb_examples
from intake_api.desk.dependencies import IF_MATCH, OPERATOR, Desk, Version, etag
from intake_api.http.dependencies import CaseNumber, Context, State, form_of
from intake_api.http.describing import answers, form_body
from services.casework.answers import CaseState
from services.desk import perform
from services.desk.perform import VerbCall
from services.desk.verbs import VERBS
from services.tasks.queue import FORWARD

router = APIRouter(prefix="/v1/desk/cases", tags=["desk"])


def _endpoint(verb: str) -> Callable[..., Awaitable[CaseState]]:
    spec = VERBS[verb]

    async def perform_verb(
        number: CaseNumber,
        desk: Desk,
        context: Context,
        state: State,
        version: Version,
        form: Annotated[BaseModel, Depends(form_of(spec.form))],
        response: Response,
    ) -> CaseState:
        outcome = await perform.perform(state.db, VerbCall(number, version, spec, verb, form), desk, context)
        state.bell.ring(FORWARD)
        response.headers.update(etag(outcome.version))
        return outcome.answer

    return perform_verb


for _verb, _spec in VERBS.items():
    router.add_api_route(
        f"/{{number}}/{_verb}",
        _endpoint(_verb),
        methods=["POST"],
        operation_id=_spec.operation,
        summary=_spec.summary,
        description=f"{_spec.step.__doc__}\n\n"
        "Answers with the case as it now stands, its new version (also as ETag), and the moves that are allowed next.",
        response_model=_spec.answer,
        responses=answers(
            describing.changing(_verb, claims=_spec.claims),
            verb_examples.answer(_verb),
            headers=describing.ETAG,
        ),
        openapi_extra={
            "parameters": [OPERATOR, IF_MATCH],
            "requestBody": form_body(_spec.form, verb_examples.FORMS[_verb]),
        },
    )
