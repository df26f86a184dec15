"""Finding a case for somebody on the telephone: by what the caller knows, within what the agent's key may see.

A criterion that names a person, an item or a number finds its cases by an index. All others go along the newest cases of
a range, as far as `LOOK`: the work of one search is bounded, and its cursor goes on from there. Words are sealed, so they
are matched in memory, among at most `READ` cases at a time (docs/decisions/0014-search.md). Every search by a person or by
words is audited, without the value.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import Field
from sqlalchemy import (
    UUID,
    ColumnElement,
    FromClause,
    Select,
    SmallInteger,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from services import audit
from services.access.clients import Caller
from services.cases import lookup, parties
from services.cases.changes import KeyedContext
from services.cases.lookup import Visibility
from services.cases.parties import SealedRecord
from services.casework.session import DeskSession
from services.fields import CivilTime, View
from services.reference import labels
from services.reference.data import ReferenceData
from services.reference.labels import CodeName, IssueName
from services.requests import cursors
from services.views import search_criteria, status_facts
from services.views.client_case import bureau
from services.views.search_criteria import Clauses, Conditions, Search
from services.views.whole_case import StatusSentence
from shared import identifiers
from shared.database import Database
from shared.models.cases import complaint, complaint_party
from shared.privacy.keyring import KeyRing
from shared.vocabulary import Channel, Level, Status

LOOK = 10_000
"""So many cases of a range one search looks at; what they cost is within the time that a caller waits gladly."""
READ = 300
"""So many of them are unsealed to look for words."""
_C, _P = complaint.c, complaint_party.c
_ORDER = (_C.received_at, _C.id)


class FoundCase(View):
    """A case that fits a search, with a sentence to read out."""

    number: str
    external_ref: str | None
    status: Status
    status_name: str
    sentence: StatusSentence
    level: Level
    channel: Channel
    carrier: CodeName
    issue: IssueName
    handling_bureau: CodeName | None
    received_at: CivilTime
    next_due_at: CivilTime | None
    total_due_at: CivilTime


class SearchPage(View):
    """Cases that fit, newest receipt first; a page may be short, or empty, while there is a `next`."""

    items: list[FoundCase]
    next: str | None = Field(description="The cursor from which the search goes on; null at the end.")
    cases_read: int | None = Field(
        default=None, description="How many cases were read for words, in a search by words."
    )


class _Key(NamedTuple):
    """The key of a case that was looked at: whether it fits, and which of the look it is (0 where an index finds it)."""

    fits: bool
    looked: int
    bucket: int
    id: uuid.UUID
    received_at: datetime
    sealed: bytes | None
    """Its sealed record, in a search by words."""


@dataclass(frozen=True, slots=True)
class _CaseLine(status_facts.StatusRow):
    """The columns of a case that are shown."""

    external_ref: str | None
    channel: str
    level: str
    issue_code: str
    issue_detail_code: str | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Found:
    """Keys of cases that fit, newest first, one more than asked for; how many were read for words, and where to go on."""

    keys: Sequence[_Key]
    read: int | None
    goes_on_at: cursors.CursorPlace | None


async def search(
    db: Database, form: Search, *, who: DeskSession | Caller, context: KeyedContext
) -> SearchPage:
    """Return cases that fit: `items`, each with a sentence to read out, and `next`, where a further search goes on.

    A page may be short, or empty, while there is a `next`: so far was looked. `cases_read` is how many cases were
    read for words. Raises InvalidInputError for no criterion, or one that cannot be what it is given as.
    """
    ring, scope = context.ring, _scope(who)
    criteria, conditions = search_criteria.criteria_of(form), search_criteria.conditions(form, ring.index)
    along = search_criteria.driving_range(form, who, scope, context.reference)
    async with db.transaction() as connection:
        matches = await _find(connection, form, conditions, _Way(scope, along), ring)
        rows = await _shown(connection, matches.keys[: form.limit])
        follows = await status_facts.surviving_case(connection, rows)
        if search_criteria.PERSONAL.intersection(criteria):
            await _note(connection, who, criteria, rows)
    goes_on = _place(rows[-1]) if len(matches.keys) > form.limit else matches.goes_on_at
    items = [_item(row, follows.get(row.id), context.reference) for row in rows]
    page = SearchPage(items=items, next=cursors.write(*goes_on) if goes_on is not None else None)
    return page if matches.read is None else page.model_copy(update={"cases_read": matches.read})


def _scope(who: DeskSession | Caller) -> Visibility:
    return lookup.of_bureau(who.bureau) if isinstance(who, DeskSession) else lookup.of_client(who)


@dataclass(frozen=True, slots=True)
class _Way:
    """Within which sight, and along which range (None: an index finds the cases)."""

    scope: Visibility
    along: Clauses | None


async def _find(
    connection: AsyncConnection, form: Search, conditions: Conditions, way: _Way, ring: KeyRing
) -> _Found:
    after = () if form.cursor is None else (tuple_(*_ORDER) < cursors.read(form.cursor, pointer="/cursor"),)
    most = form.limit + 1 if form.text is None else READ
    sealed = form.text is not None
    if way.along is None:
        statement = _by_index(conditions, way.scope, after, sealed=sealed)
    else:
        statement = _along(conditions, way, after, sealed=sealed)
    keys = [_Key._make(row) for row in await connection.execute(statement.limit(most))]
    fitting = [key for key in keys if key.fits]
    # a look that ended at its bound gives its last case, whether it fits or not
    end = _place(keys[-1]) if keys and keys[-1].looked == LOOK else None
    if form.text is None:
        return _Found(fitting, None, end)
    said, read = _with_words(fitting, form.text, form.limit + 1, ring)
    return _Found(said, read, _place(keys[-1]) if len(keys) == most else end)


def _newest(source: FromClause) -> tuple[ColumnElement[object], ...]:
    return source.c.received_at.desc(), source.c.id.desc()


def _key(source: FromClause, *, sealed: bool) -> tuple[ColumnElement[object], ...]:
    c = source.c
    if not sealed:
        return c.bucket, c.id, c.received_at, literal_column("NULL").label("sealed")
    # looked up row by row: a join might be planned as a pass over every sealed record
    record = select(_P.sealed).where(_P.bucket == c.bucket, _P.complaint_id == c.id).correlate(source)
    return c.bucket, c.id, c.received_at, record.scalar_subquery().label("sealed")


def _by_index(
    conditions: Conditions, scope: Visibility, after: Clauses, *, sealed: bool
) -> Select[*tuple[object, ...]]:
    marks = (true().label("fits"), literal(0).label("looked"))
    statement = select(*marks, *_key(complaint, sealed=sealed)).where(
        *conditions.case, *conditions.days, *after, *scope
    )
    if conditions.person:
        here = (_P.bucket == _C.bucket) & (_P.complaint_id == _C.id)
        statement = statement.join_from(complaint, complaint_party, here).where(*conditions.person)
    return statement.order_by(*_newest(complaint))


def _along(conditions: Conditions, way: _Way, after: Clauses, *, sealed: bool) -> Select[*tuple[object, ...]]:
    looked = (
        select(
            _C.bucket,
            _C.id,
            _C.received_at,
            # what is asked for goes before the sight, which takes longer to tell
            and_(true(), *conditions.case, *way.scope).label("fits"),
            func.row_number().over(order_by=_newest(complaint)).label("looked"),
        )
        .where(*(way.along or ()), *conditions.days, *after)
        .order_by(*_newest(complaint))
        .limit(LOOK)
        .subquery("along")
    )
    # the order of the look is the order of the answer: the server knows it, and sorts nothing twice
    marks = (looked.c.fits, looked.c.looked)
    return (
        select(*marks, *_key(looked, sealed=sealed))
        .where(or_(looked.c.fits, looked.c.looked == LOOK))
        .order_by(*_newest(looked))
    )


async def _shown(connection: AsyncConnection, keys: Sequence[_Key]) -> list[_CaseLine]:
    """Fetch what is shown of some cases, in the order of their keys: a case has many columns, so of no others."""
    if not keys:
        return []
    arrays = (
        literal([key.bucket for key in keys], ARRAY(SmallInteger)),
        literal([key.id for key in keys], ARRAY(UUID)),
    )
    chosen = func.unnest(*arrays).table_valued("bucket", "id", name="chosen").render_derived()
    statement = select(*status_facts.columns(_CaseLine)).join_from(
        chosen, complaint, (_C.bucket == chosen.c.bucket) & (_C.id == chosen.c.id)
    )
    rows = await connection.execute(statement.order_by(*_newest(complaint)))
    return status_facts.build(_CaseLine, rows)


def _with_words(rows: Sequence[_Key], words: str, most: int, ring: KeyRing) -> tuple[list[_Key], int]:
    """Return up to `most` cases that say the words, and how many were read to find them."""
    # each word as it was typed, and in ordinary width; what the cases say is left as it is, for there is much of it
    word_forms = [{word, identifiers.plain(word)} for word in words.casefold().split()]
    fitting: list[_Key] = []
    for read, row in enumerate(rows, 1):
        if row.sealed is not None and _says(parties.open_record(row.sealed, ring, row.id), word_forms):
            fitting.append(row)
        if len(fitting) == most:
            return fitting, read
    return fitting, len(rows)


def _says(content: SealedRecord, word_forms: Sequence[set[str]]) -> bool:
    said = f"{content.get('cause') or ''}\n{content.get('request') or ''}".casefold()
    return all(any(form in said for form in forms) for forms in word_forms)


def _place(row: _Key | _CaseLine) -> cursors.CursorPlace:
    return row.received_at, row.id


async def _note(
    connection: AsyncConnection, who: DeskSession | Caller, criteria: Sequence[str], rows: Sequence[_CaseLine]
) -> None:
    """Write down who searched by what, and which cases were shown; the value that was searched for stays out."""
    actor, key = (who.by, who.caller.name) if isinstance(who, DeskSession) else (who.name, who.name)
    data = {"key": key, "by": list(criteria), "numbers": [row.number for row in rows]}
    await audit.record(connection, actor=actor, act="case.search", subject="complaint", data=data)


def _item(row: _CaseLine, goes_on: status_facts.StatusRow | None, reference: ReferenceData) -> FoundCase:
    return FoundCase(
        number=row.number,
        external_ref=row.external_ref,
        status=Status(row.status),
        status_name=labels.coded("status", row.status, reference),
        sentence=StatusSentence(**status_facts.sentence(row, goes_on, reference)),
        level=Level(row.level),
        channel=Channel(row.channel),
        carrier=labels.carrier(row.carrier_code, reference),
        issue=labels.issue(row.issue_code, row.issue_detail_code, reference),
        handling_bureau=bureau(row.handling_bureau, reference),
        received_at=row.received_at,
        next_due_at=row.next_due_at,
        total_due_at=row.total_due_at,
    )
