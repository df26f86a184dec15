"""What people at the telephone search by: a strict form, normalised, and the index that a search is driven by.

Whatever names a person is looked up by its keyed blind index, and is never repeated: not in a fault, not in the audit.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, literal_column

from services.access.clients import Caller
from services.cases.lookup import Visibility
from services.casework.session import DeskSession
from services.fields import EARLIEST_YEAR, LATEST_YEAR, Code, Day, Form, Phone, Reference, text
from services.reference.data import ReferenceData
from services.requests import cursors
from shared import clock, identifiers, ids, text_forms
from shared.errors import FieldError, InvalidInputError
from shared.models.cases import IS_OPEN, IS_UNANSWERED, complaint, complaint_party
from shared.privacy.blind_index import BlindIndex
from shared.vocabulary import OPEN, Channel, Level, Status

_C, _P = complaint.c, complaint_party.c
MOST = 50
ONE_DAY = timedelta(days=1)
Clauses = tuple[ColumnElement[bool], ...]
Sought = Annotated[str, text(100, least=2)]


class Search(Form):
    """The criteria of a search; a case matches if all criteria match. At least one criterion is required."""

    number: Annotated[str, Field(pattern=text_forms.CASE_NUMBER.pattern)] | None = None
    external_ref: Reference | None = Field(default=None, description="The sender's own number.")
    waybill: Annotated[str, text(60)] | None = None
    phone: Phone | None = Field(default=None, description="Telephone number of the complainant.")
    identity_card: Annotated[str, text(40)] | None = None
    carrier_code: Code | None = None
    bureau: Code | None = Field(default=None, description="Code of the handling bureau.")
    status: Status | None = None
    level: Level | None = None
    channel: Channel | None = None
    received_from: Day | None = Field(default=None, description="First civil day (Asia/Shanghai) of receipt.")
    received_to: Day | None = Field(default=None, description="Last civil day (Asia/Shanghai) of receipt.")
    text: Sought | None = Field(default=None, description="Words in cause or request; all must occur.")
    limit: int = Field(default=20, ge=1, le=MOST)
    cursor: Annotated[str, Field(max_length=cursors.LONGEST, pattern=text_forms.CURSOR.pattern)] | None = None


PERSONAL = frozenset({"waybill", "phone", "identity_card", "text"})
"""Criteria that lead to a person: each search by one of them is audited."""
_PRECISE = frozenset({"number", "external_ref", "waybill", "phone", "identity_card"})
"""Criteria that leave a handful of cases, found by an index of their own."""


def criteria_of(form: Search) -> list[str]:
    """Return the names of the criteria that are given. Raises InvalidInputError where there is none."""
    names = sorted(form.model_dump(exclude={"limit", "cursor"}, exclude_none=True))
    if not names:
        fault = FieldError(
            "", "criterion-needed", "give at least one criterion, such as number, phone or waybill"
        )
        raise InvalidInputError("The search has no criterion.", [fault])
    return names


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a search asks of a case: when it came in, what it is, and whose it is."""

    days: Clauses
    case: Clauses
    person: Clauses


def conditions(form: Search, index: BlindIndex) -> Conditions:
    """Return the conditions of a search. Raises InvalidInputError for a value that cannot be what it is given as."""
    faults: list[FieldError] = []
    combined = Conditions(_days(form, faults), _case(form, faults), _persons(form, index, faults))
    if faults:
        raise InvalidInputError("The search cannot be made like this; see errors.", faults)
    return combined


def _case(form: Search, faults: list[FieldError]) -> Clauses:
    clauses = [
        column == value
        for column, value in (
            (_C.number, form.number),
            (_C.external_ref, form.external_ref),
            (_C.carrier_code, form.carrier_code),
            (_C.handling_bureau, form.bureau),
            (_C.status, form.status),
            (_C.level, form.level),
            (_C.channel, form.channel),
        )
        if value is not None
    ]
    if form.number is not None and not ids.is_complaint_number(form.number):
        faults.append(FieldError("/number", "invalid-number", "not a number of ours; check its 17 digits"))
    elif form.number is not None:
        clauses.append(_C.bucket == ids.bucket_of_number(form.number))
    return tuple(clauses)


def _days(form: Search, faults: list[FieldError]) -> Clauses:
    first, last = form.received_from, form.received_to
    for name, day in (("received_from", first), ("received_to", last)):
        if day is not None and not EARLIEST_YEAR <= day.year < LATEST_YEAR:
            faults.append(
                FieldError(
                    f"/{name}",
                    "no-such-day",
                    f"send a day from {EARLIEST_YEAR} to {LATEST_YEAR - 1}; correct the year",
                )
            )
    if first is not None and last is not None and first > last:
        faults.append(
            FieldError("/received_to", "ends-before-it-begins", "the last day lies before the first")
        )
    if faults:
        return ()
    begins = (_C.received_at >= clock.start_of_day(first),) if first is not None else ()
    ends = (_C.received_at < clock.start_of_day(last + ONE_DAY),) if last is not None else ()
    return (*begins, *ends)


def _persons(form: Search, index: BlindIndex, faults: list[FieldError]) -> Clauses:
    clauses: list[ColumnElement[bool]] = []
    for name, purpose, column, normal, code, advice in (
        (
            "waybill",
            "waybill",
            _P.waybill_index,
            identifiers.bare_waybill_of,
            "invalid-waybill",
            "not a waybill number: 5 to 40 letters, digits and hyphens",
        ),
        (
            "phone",
            "phone",
            _P.phone_index,
            identifiers.normal_phone,
            "invalid-phone",
            "not a telephone number: send a mobile or fixed number with area code, +country code, or a short number",
        ),
        (
            "identity_card",
            "identity",
            _P.identity_index,
            identifiers.normal_identity_card,
            "invalid-identity-card",
            "not a resident identity number: 18 characters with a check digit that fits",
        ),
    ):
        value = getattr(form, name)
        if value is None:
            continue
        form_of_it = normal(value)
        if form_of_it is None:
            faults.append(FieldError(f"/{name}", code, advice))
        else:
            clauses.append(column == index.of(purpose, form_of_it))
    return tuple(clauses)


def driving_range(
    form: Search, who: DeskSession | Caller, scope: Visibility, reference: ReferenceData
) -> Clauses | None:
    """Return the range of an index along which a search goes, newest case first; None where an index finds the cases.

    The narrowest that the criteria or the caller's own sight give; with neither, all cases by their receipt.
    """
    if any(getattr(form, name) is not None for name in _PRECISE):
        return None
    own = form.bureau
    if own is None and isinstance(who, DeskSession) and _is_lowest(who, reference):
        own = who.bureau.code
    if own is not None:
        return (_C.handling_bureau == own,)
    if isinstance(who, Caller) and scope:
        return tuple(scope)
    if form.status is not None and form.status is not Status.CLOSED:
        written = IS_OPEN if form.status in OPEN else IS_UNANSWERED
        return (_C.status == form.status, literal_column(written))
    return (_C.carrier_code == form.carrier_code,) if form.carrier_code is not None else ()


def _is_lowest(desk: DeskSession, reference: ReferenceData) -> bool:
    """Tell whether a bureau has none below it: then it supervises nothing, gets no copies, and sees what it handles."""
    return all(bureau.parent != desk.bureau.code for bureau in reference.jurisdictions.bureaus.values())
