"""Answers that a dashboard may keep: an ETag of the facts' version and the question; 304 if unchanged."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Response

from services.figures import state
from services.figures.definitions import FigureEnvelope
from shared import serialisation
from shared.database import Database

EnvelopeT = TypeVar("EnvelopeT", bound=FigureEnvelope)
KEEP = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""A private copy may be kept, but its validity is checked each time: no figure is shown older than it is."""


def etag(version: int, question: object) -> str:
    """Return the tag of an answer; weak, because names of codes may be corrected without a new count."""
    digest = hashlib.sha256(serialisation.canonical(question)).hexdigest()[:16]
    return f'W/"{version}-{digest}"'


def names_tag(header: str, tag: str) -> bool:
    """Tell whether an If-None-Match header names a tag (weak comparison, RFC 9110 section 13.1.2)."""
    opaque = tag.removeprefix("W/")
    return any(part.strip() == "*" or part.strip().removeprefix("W/") == opaque for part in header.split(","))


async def cached(
    db: Database,
    question: object,
    compute: Callable[[], Awaitable[EnvelopeT]],
    *,
    if_none_match: str | None,
    response: Response,
) -> EnvelopeT | Response:
    """Answer a question, or say that the caller's copy still holds. The headers go into `response`."""
    if if_none_match is not None:
        tag = etag((await state.current(db)).version, question)
        if names_tag(if_none_match, tag):
            return Response(status_code=304, headers={"ETag": tag, **KEEP})
    answer = await compute()
    response.headers.update({"ETag": etag(answer.version, question), **KEEP})
    return answer
