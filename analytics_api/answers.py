"""Answers that a dashboard may keep: an ETag of the facts' version and the question; 304 if unchanged."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from services.figures import state
from shared import serialisation
from shared.database import Database

KEEP = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""A private copy may be kept, but asked for again each time: no figure is shown older than it is."""


def etag(version: int, question: object) -> str:
    """Return the tag of an answer; weak, because names of codes may be corrected without a new count."""
    digest = hashlib.sha256(serialisation.canonical(question)).hexdigest()[:16]
    return f'W/"{version}-{digest}"'


def is_known(header: str, tag: str) -> bool:
    """Tell whether an If-None-Match header names a tag (weak comparison, RFC 9110 section 13.1.2)."""
    opaque = tag.removeprefix("W/")
    return any(part.strip() == "*" or part.strip().removeprefix("W/") == opaque for part in header.split(","))


async def kept(
    request: Request,
    db: Database,
    question: object,
    answer: Callable[[], Awaitable[dict[str, Any]]],
) -> Response:
    """Answer a question, or say that the caller's copy still holds."""
    held = request.headers.get("if-none-match")
    if held is not None:
        tag = etag((await state.current(db)).version, question)
        if is_known(held, tag):
            return Response(status_code=304, headers={"ETag": tag, **KEEP})
    found = await answer()
    headers = {"ETag": etag(found["version"], question), **KEEP}
    return Response(serialisation.to_bytes(found), media_type="application/json", headers=headers)
