"""Weighs the conditions anew after a supplement: what now passes every check is taken up; the rest waits for its officer.

The machine takes up, it never refuses; where it does not take up, the officer sees the eight checks as they now stand.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from services.cases import changing
from services.cases.changing import Change, Happening, Setting
from services.reference.book import Book
from services.routing import decision, gathering
from services.routing.gathering import Gathered
from services.rules import admission, workflow
from services.rules.workflow import Actor, Verb
from services.tasks import draining, queue
from services.tasks.queue import ADMIT, Lease, Task
from shared.database import Database
from shared.vocabulary import Status


async def admit_batch(db: Database, book: Book, *, size: int, lease: timedelta) -> int:
    """Weigh up to `size` supplemented cases; returns how many tasks were taken. Zero: nothing is due."""
    return await draining.drain(db, ADMIT, partial(_together, db, book), size=size, lease=lease)


async def _together(db: Database, book: Book, held: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, held.token, tasks)
        mine = [task for task in tasks if task.id in ours]
        gathered = [one for one in await gathering.gather(connection, mine, book, routed=True) if _waits(one)]
        changes = [_change(one, book) for one in gathered]
        accepted = [change.case for change in changes if change.move is not None]
        forwards = [queue.row(case.bucket, queue.FORWARD, case.id) for case in accepted]
        await changing.apply(connection, changes, Setting(book, None), also=[queue.additions(forwards)])


def _waits(one: Gathered) -> bool:
    return bool(one.row.status == Status.RECEIVED)


def _change(one: Gathered, book: Book) -> Change:
    weighed = admission.check(one.facts, book.admission)
    bureau = book.jurisdictions.bureaus.get(one.row.handling_bureau)
    admitted = weighed.passed and not one.row.triage and bureau is not None and bureau.auto_admit
    happening = Happening(
        "CONDITIONS_WEIGHED", decision.admission_record(weighed, book) | {"reference": book.version}
    )
    if not admitted:
        return Change(case=one.row, actor=Actor.WORKER, happenings=[happening])
    move = workflow.check(Verb.ACCEPT, Status.RECEIVED, Actor.WORKER)
    return Change(case=one.row, actor=Actor.WORKER, happenings=[happening, Happening("ACCEPTED")], move=move)
