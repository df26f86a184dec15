"""The fast path in tests: on reference data that a test names."""

import dataclasses
from collections.abc import Sequence
from typing import Any, cast

from services.cases.new_case import NewCase
from services.intake.fast_path import FastPath
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.requests.answers import Accepted, Answer
from shared import serialisation
from shared.database import Database


def fast_path(db: Database, reference: ReferenceData) -> FastPath:
    """Return the fast path of a process that has this reference data."""

    async def _reference() -> ReferenceData:
        return reference

    return FastPath(db, _reference)


def numbers_of(answers: Sequence[Answer]) -> list[str]:
    """Return the public numbers of answers, which all accept."""
    assert all(isinstance(answer, Accepted) for answer in answers), answers
    return [
        serialisation.from_text(answer.receipt)["number"]
        for answer in answers
        if isinstance(answer, Accepted)
    ]


TABLES = ("complaint", "complaint_party", "case_event", "request_key", "task")
"""The tables in which every live filing of the regular path has one row."""


def impossible(filing: Prepared, **columns: Any) -> Prepared:
    """Return a filing that the database refuses."""
    return dataclasses.replace(filing, complaint=cast("NewCase", {**filing.complaint, **columns}))
