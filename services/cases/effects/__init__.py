"""What follows from changes of cases: one module for each consequence, and the list of them all.

A consequence is one function: it takes the cases that a transaction writes and its context, adds to the cases what
follows in its subject, and returns the rows of other tables that are inserted together with the events. It reads no
database. A new subject is one more entry of `EFFECTS`.
"""

from collections.abc import Callable, Sequence

from services.cases.changes import WorkerContext
from services.cases.effects import (
    claims,
    columns,
    deadlines,
    dirty_days,
    history,
    messages,
    order_marks,
)
from services.cases.planned_case import PlannedCase
from shared import bulk

Effect = Callable[[Sequence[PlannedCase], WorkerContext], Sequence[bulk.Part]]

EFFECTS: tuple[Effect, ...] = (
    # starts and drops deadlines, and so stands before what shows their moments
    order_marks.follow,
    # what it shows of the deadlines goes into the messages
    deadlines.follow,
    claims.follow,
    # sets the moments by which days and messages go
    columns.follow,
    dirty_days.follow,
    messages.follow,
    # the last: by now all events are there
    history.follow,
)
