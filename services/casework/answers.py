"""What the desk answers to a verb: the case as it now stands, and what the step itself has to say."""

from pydantic import Field

from services.fields import CivilTime, View
from services.rules.states.verbs import Verb
from shared.vocabulary import Level, Status


class CaseState(View):
    """The case as it now stands, with the moves that the officer may make next."""

    number: str
    status: Status
    level: Level
    version: int = Field(description="The version that If-Match asks for; also in ETag.")
    handling_bureau: str
    claimed_by: str | None
    next_due_at: CivilTime | None
    allowed: list[Verb] = Field(description="Moves of the workflow that this officer may make now.")


class MergedCase(CaseState):
    """The merged case, and the number of the case that goes on."""

    merged_into: str


class VisitedCase(CaseState):
    """The case, and the number of its new return visit."""

    visit: int


class ReassignedCase(CaseState):
    """The case, and the bureau that handles it now."""

    assigned_to: str


class CaseWithRemedy(CaseState):
    """The case, the number of the new entry of its ledger, and the new sum."""

    entry: int
    recovered_fen: int


class ReviewedCase(CaseState):
    """The case, and the number of the review of its finding."""

    review: int
