"""Persons of a case in clear, for the officer who must reach or recognise them: for a stated purpose, each time noted.

PIPL art. 6 asks for the smallest scope that the purpose needs: one names the fields, and gets no others.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import Field

from services import audit
from services.access.scopes import Scope
from services.cases import lookup, parties
from services.cases.case_row import CaseRow
from services.cases.changes import KeyedContext
from services.cases.parties import PersonField, SealedRecord
from services.casework import session
from services.casework.session import DeskSession, NotYourCaseError
from services.fields import Form, View
from services.reference.data import ReferenceData
from shared.database import Database
from shared.errors import ShensuError

UNMASK = Scope.DESK_UNMASK


class Purpose(StrEnum):
    """What clear data is needed for."""

    CONTACT = "CONTACT"
    IDENTIFY = "IDENTIFY"
    LOCATE = "LOCATE"
    LEGAL_REQUEST = "LEGAL_REQUEST"


class ClearField(StrEnum):
    """A field that can be shown in clear."""

    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    IDENTITY_CARD = "identity_card"
    WAYBILL = "waybill"


_PERSON_FIELDS: Mapping[ClearField, tuple[PersonField, ...]] = MappingProxyType(
    {
        ClearField.NAME: ("name",),
        # the second number of a hotline's caller: an officer who may see the first may see both
        ClearField.PHONE: ("phone", "other_phone"),
        ClearField.ADDRESS: ("address",),
        ClearField.IDENTITY_CARD: ("identity_card",),
        ClearField.WAYBILL: (),
    }
)


class Unmask(Form):
    """The fields that are needed in clear, and the purpose."""

    purpose: Purpose = Field(
        description="CONTACT: call or write to them; IDENTIFY: match them with their papers or item; LOCATE: find the "
        "place; LEGAL_REQUEST: an authority that may ask by law did."
    )
    fields: Annotated[list[ClearField], Field(min_length=1, max_length=len(ClearField))]


class ClearPerson(View):
    """The fields of a person, in clear."""

    name: str | None = None
    phone: str | None = None
    other_phone: str | None = None
    address: str | None = None
    identity_card: str | None = None


class ClearPersons(View):
    """The persons of a case that have one of the fields."""

    complainant: ClearPerson | None = None
    agent: ClearPerson | None = None
    sender: ClearPerson | None = None
    addressee: ClearPerson | None = None


class Unmasked(View):
    """The fields that the request names, in clear; others are absent."""

    number: str
    persons: ClearPersons
    waybill: str | None = None
    other_waybills: list[str] | None = None


class UnmaskingRefusedError(ShensuError):
    """The key, or the officer, may not see persons in clear."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "unmasking-refused"
    title: ClassVar[str] = "Persons are not shown in clear to you"


async def unmask(
    db: Database, number: str, form: Unmask, *, desk: DeskSession, context: KeyedContext
) -> Unmasked:
    """Return fields of a case in clear, and record who saw which of them for what.

    Raises NotFoundError, UnmaskingRefusedError, or NotYourCaseError for a bureau that only has a copy.
    """
    if UNMASK not in desk.caller.scopes:
        raise UnmaskingRefusedError(f"This needs a key with the scope {UNMASK}; ask the operator for one.")
    fields = list(dict.fromkeys(form.fields))
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, lookup.of_bureau(desk.bureau))
        _check(case, desk, context.reference)
        content = await parties.read(connection, case, context.ring)
        data = {"key": desk.caller.name, "purpose": form.purpose, "fields": fields}
        await audit.record(connection, actor=desk.by, act="desk.unmask", subject=number, data=data)
    unmasked = Unmasked(number=number, persons=_persons(content, fields))
    if ClearField.WAYBILL not in fields:
        return unmasked
    item = {"waybill": content.get("waybill"), "other_waybills": content.get("other_waybills")}
    return unmasked.model_copy(update={name: value for name, value in item.items() if value})


def _check(case: CaseRow, desk: DeskSession, reference: ReferenceData) -> None:
    if case.handling_bureau != desk.bureau.code and not session.is_above(desk.bureau, case, reference):
        raise NotYourCaseError(f"{case.handling_bureau} handles the case; this bureau has a copy, masked.")
    if case.confidential and not desk.officer.is_supervisor:
        raise UnmaskingRefusedError("The user asked for confidentiality: only a supervisor sees who it is.")


def _persons(content: SealedRecord, fields: list[ClearField]) -> ClearPersons:
    names = [name for field in fields for name in _PERSON_FIELDS[field]]
    persons = {
        role: {name: text for name in names if (text := person.get(name))}
        for role, person in parties.persons(content).items()
    }
    return ClearPersons.model_validate({role: person for role, person in persons.items() if person})
