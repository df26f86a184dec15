"""Letting the enterprise see a file: a photograph of the damage says more than a letter. An officer decides each time."""

import uuid

from sqlalchemy import select, update

from services.cases.changes import NewEvent
from services.casework.steps import StepContext, StepResult, change
from services.evidence import holdings
from services.fields import Form
from shared.errors import NotFoundError
from shared.event_kinds import EventKind
from shared.models.evidence import evidence

_E = evidence.c


class ShareEvidence(Form):
    """Which file the enterprise may see."""

    evidence: uuid.UUID


async def share(step: StepContext, form: ShareEvidence) -> StepResult:
    """Show a file of the case to the enterprise. A repetition changes nothing."""
    keys = await holdings.keys_of(step.connection, step.case)
    statement = select(evidence.c.bucket, evidence.c.complaint_id, evidence.c.shared).where(
        holdings.within(keys), _E.id == form.evidence
    )
    row = (await step.connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError("The case has no such file; `evidence` of the case lists those it has.")
    if row.shared:
        return StepResult([])
    here = (_E.bucket == row.bucket, _E.complaint_id == row.complaint_id, _E.id == form.evidence)
    await step.connection.execute(update(evidence).where(*here).values(shared=True))
    return StepResult([change(step, NewEvent(EventKind.EVIDENCE_SHARED, {"evidence": str(form.evidence)}))])
