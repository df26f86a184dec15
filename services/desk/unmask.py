"""Persons of a case in clear, for the officer who must reach or recognise them: for a stated purpose, each time noted.

PIPL art. 6 asks for the smallest scope that the purpose needs: one names the fields, and gets no others.
"""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from services import audit
from services.cases import lookup, parties
from services.cases.case_row import CaseRow
from services.cases.changes import KeyedContext
from services.casework import session
from services.casework.session import DeskSession, NotYourCaseError
from services.fields import Form
from services.reference.data import ReferenceData
from shared.database import Database
from shared.errors import ShensuError

UNMASK = "desk:unmask"
_PEOPLE = ("complainant", "agent", "sender", "addressee")
_OTHER_PHONE = "other_phone"
"""The second number of a hotline's caller: whoever may see the first may see both."""


class Purpose(StrEnum):
    """What clear data is needed for."""

    CONTACT = "CONTACT"
    IDENTIFY = "IDENTIFY"
    LOCATE = "LOCATE"
    LEGAL_REQUEST = "LEGAL_REQUEST"


class Shown(StrEnum):
    """What can be shown in clear."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    IDENTITY_CARD = "identity_card"
    WAYBILL = "waybill"


class Unmask(Form):
    """Which fields are needed in clear, and what for."""

    purpose: Purpose = Field(
        description="CONTACT: call or write to them; IDENTIFY: match them with their papers or item; LOCATE: find the "
        "place; LEGAL_REQUEST: an authority that may ask by law did."
    )
    fields: Annotated[list[Shown], Field(min_length=1, max_length=len(Shown))]


class UnmaskingRefusedError(ShensuError):
    """The key, or the officer, may not see persons in clear."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "unmasking-refused"
    title: ClassVar[str] = "Persons are not shown in clear to you"


async def unmask(
    db: Database, number: str, wanted: Unmask, *, desk: DeskSession, context: KeyedContext
) -> dict[str, Any]:
    """Return the wanted fields of a case in clear, and write down who saw which of them for what.

    Raises NotFoundError, UnmaskingRefusedError, or NotYourCaseError for a bureau that only has a copy.
    """
    if UNMASK not in desk.caller.scopes:
        raise UnmaskingRefusedError(f"This needs a key with the scope {UNMASK}; ask the operator for one.")
    fields = list(dict.fromkeys(wanted.fields))
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, lookup.of_bureau(desk.bureau))
        _check(case, desk, context.reference)
        content = await parties.read(connection, case, context.ring)
        data = {"key": desk.caller.name, "purpose": wanted.purpose, "fields": fields}
        await audit.record(connection, actor=desk.by, act="desk.unmask", subject=number, data=data)
    shown: dict[str, Any] = {"number": number, "persons": _persons(content, fields)}
    if Shown.WAYBILL in fields:
        shown |= {name: content[name] for name in ("waybill", "other_waybills") if content.get(name)}
    return shown


def _check(case: CaseRow, desk: DeskSession, reference: ReferenceData) -> None:
    if case.handling_bureau != desk.bureau.code and not session.is_above(desk.bureau, case, reference):
        raise NotYourCaseError(f"{case.handling_bureau} handles the case; this bureau has a copy, masked.")
    if case.confidential and not desk.officer.is_supervisor:
        raise UnmaskingRefusedError("The user asked for confidentiality: only a supervisor sees who it is.")


def _persons(content: dict[str, Any], fields: list[Shown]) -> dict[str, dict[str, str]]:
    people = {who: content[who] for who in _PEOPLE if content.get(who)}
    wanted = [*fields, *([_OTHER_PHONE] if Shown.PHONE in fields else [])]
    clear = {who: {str(name): one[name] for name in wanted if one.get(name)} for who, one in people.items()}
    return {who: one for who, one in clear.items() if one}
