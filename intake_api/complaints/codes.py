"""The codes of answers by REST: problems, faults, notices, events and `what_next`, each with its text in two languages."""

from typing import Annotated

from fastapi import APIRouter, Security

from intake_api.http.dependencies import rate_limited
from intake_api.http.describing import answers
from services.access.clients import Caller
from services.access.scopes import Scope
from services.reference import code_texts
from services.reference.code_texts import CodeLists

router = APIRouter(prefix="/v1/reference", tags=["reference"])
EXAMPLE = {
    "problems": [{"code": "not-found", "en": "Not found", "zh": "未找到"}],
    "faults": [{"code": "too-long", "en": "The text is too long", "zh": "文本过长"}],
    "notices": [
        {
            "code": "region-mapped",
            "en": "The region code is abolished: its successor is used",
            "zh": "区划代码已撤销，使用现行代码",
        }
    ],
    "events": [{"code": "ACCEPTED", "en": "Accepted", "zh": "已受理"}],
    "what_next": [{"code": "FORWARD", "en": "Forward to the enterprise", "zh": "转办企业"}],
}


@router.get("/codes", summary="List the codes of answers", responses=answers((), EXAMPLE))
async def list_codes(
    _caller: Annotated[Caller, Security(rate_limited, scopes=[Scope.REFERENCE_READ])],
) -> CodeLists:
    """List the codes that answers carry, each with its text in English and Chinese. Programs decide by the code."""
    return code_texts.lists()
