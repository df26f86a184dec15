"""Who acts on which case: the desk of a call, the case that it has locked, and whether it may."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from services.access.clients import Caller
from services.access.officers import Officer
from services.cases.case_row import CaseHead
from services.reference.data import ReferenceData
from services.rules.facts import Bureau
from services.rules.states.verbs import Actor
from shared.errors import ConflictError, ShensuError
from shared.vocabulary import BureauLevel


class NotYourCaseError(ShensuError):
    """The case can be seen, but this bureau does not handle it."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "not-your-case"
    title: ClassVar[str] = "Another bureau handles this case"


class ClaimedByAnotherError(ConflictError):
    """Another officer works this case; it has to be released first, or a supervisor steps in."""

    code: ClassVar[str] = "claimed-by-another"
    title: ClassVar[str] = "Another officer works this case"


class NoDeskError(ShensuError):
    """The key belongs to no bureau, and so to no desk."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "no-desk"
    title: ClassVar[str] = "The key belongs to no bureau"


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A bureau's desk in one call: its key, its bureau, and the officer who was named."""

    caller: Caller
    bureau: Bureau
    officer: Officer

    @property
    def actor(self) -> Actor:
        """As whom the officer moves cases."""
        return Actor.SUPERVISOR if self.officer.is_supervisor else Actor.REVIEWER

    @property
    def by(self) -> str:
        """Who it was, for events and the audit trail."""
        return f"{self.bureau.code}/{self.officer.id}"


def bureau_of(caller: Caller, reference: ReferenceData) -> Bureau:
    """Return the bureau that a key belongs to. Raises NoDeskError if there is none."""
    bureau = reference.jurisdictions.bureaus.get(caller.bureau_code or "")
    if bureau is None:
        raise NoDeskError("This operation needs a key that is bound to a bureau; ask the operator for one.")
    return bureau


class AllowedBureau(StrEnum):
    """Which bureaus may do something with a case."""

    HANDLER = "HANDLER"
    SUPERIOR = "SUPERIOR"
    EITHER = "EITHER"


def is_above(bureau: Bureau, case: CaseHead, reference: ReferenceData) -> bool:
    """Tell whether a bureau is a superior of the one that handles a case, or supervises it."""
    if case.handling_bureau == bureau.code:
        return False
    if bureau.level is BureauLevel.NATIONAL or case.supervising_bureau == bureau.code:
        return True
    handling = reference.jurisdictions.bureaus.get(case.handling_bureau or "")
    return handling is not None and handling.parent == bureau.code
